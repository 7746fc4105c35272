"""Asking an Open311 server (GeoReport v2) for its services and requests, patiently and in bounded memory.

The published API: https://wiki.open311.org/GeoReport_v2/. Servers answer with at most 1,000 requests or 90 days; many
know pages, some don't and answer with the same page again.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from otklik.data_sources.model import DataSourceError

MAX_WINDOW = timedelta(days=89)
"""The longest span that is asked for: servers answer at most 90 days."""
MARGIN = timedelta(seconds=1)
"""A span is asked for with so much more at both ends, whether or not a server counts its ends in."""
MIN_WINDOW = timedelta(minutes=1)
"""A shorter span isn't halved any more: so many requests at one moment are more than a server without pages gives."""
PAGE_SIZE = 200
USUAL_LIMITS = (50, 100, 200, 250, 500, 1000)
"""The numbers at which servers cut an answer."""
TIMEOUT_SECONDS = (10, 60)
MAX_ANSWER_BYTES = 64 << 20
MAX_PAGES = 10_000
RETRIES = Retry(
    total=5,
    backoff_factor=0.5,
    backoff_jitter=0.5,
    backoff_max=20,
    status_forcelist=(429, 500, 502, 503, 504),
    respect_retry_after_header=True,
    retry_after_max=30,
    raise_on_status=False,
)
"""Up to five retries with exponential backoff; a Retry-After of up to 30 seconds is kept to."""

Request = dict[str, Any]
MAX_RETRY_AFTER = timedelta(days=1)


class Open311Api:
    """The server at an address such as `https://example.org/open311/v2`."""

    def __init__(self, base_url: str, params: Mapping[str, str], page_size: int = PAGE_SIZE) -> None:
        """`params` go with each question: jurisdiction_id, api_key."""
        self._base_url = base_url.rstrip("/")
        self._params = dict(params)
        self._page_size = page_size
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "Otklik"
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=RETRIES))

    def services(self) -> dict[str, str]:
        """The group of each service by its code; empty for one without a group. Raises DataSourceError."""
        return {
            str(service.get("service_code")): str(service.get("group") or "")
            for service in self._get("services", {})[0]
            if isinstance(service, dict)
        }

    def requests(self, start: datetime, end: datetime, field: str = "") -> list[Request]:
        """The requests of a span, each once in its newest state, by their dates of receipt or `field` (`updated`).

        A server's links to the next page are followed; where it has none, pages are asked for by number. Where it knows
        no pages and cuts its answer, the span is halved. Raises DataSourceError.
        """
        names = (f"{field}_after", f"{field}_before") if field else ("start_date", "end_date")
        by_id: dict[str, Request] = {}
        first_count, is_linked = 0, False
        span = dict(zip(names, (_iso(start - MARGIN), _iso(end + MARGIN)), strict=True))
        params = {**span, "page": "1", "page_size": str(self._page_size)}
        for page in range(1, MAX_PAGES):
            rows, next_params = self._get("requests", params)
            known_count = len(by_id)
            for row in rows:
                if isinstance(row, dict) and row.get("service_request_id") not in (None, ""):
                    _keep_newest(by_id, row)
            if page == 1:
                first_count, is_linked = len(rows), bool(next_params)
            if not rows or len(by_id) == known_count or (is_linked and not next_params):
                is_cut = page == 2 and bool(rows) and first_count in {*USUAL_LIMITS, self._page_size}  # noqa: PLR2004
                break
            params = next_params or {**params, "page": str(page + 1)}
        else:
            raise DataSourceError(f"The server has more than {MAX_PAGES:,} pages for {start:%Y-%m-%d}.")
        if is_cut and not is_linked and end - start > MIN_WINDOW:
            middle = start + (end - start) / 2
            for row in [*self.requests(start, middle, field), *self.requests(middle, end, field)]:
                _keep_newest(by_id, row)
        return list(by_id.values())

    def _get(self, resource: str, params: Mapping[str, str]) -> tuple[list[Any], dict[str, str]]:
        """The rows of an answer, and the parameters of the next page where the header Link has its address."""
        url = f"{self._base_url}/{resource}.json"
        try:
            with self._session.get(
                url, params={**self._params, **params}, timeout=TIMEOUT_SECONDS, stream=True
            ) as response:
                _check_status(response)
                content = bytearray()
                for chunk in response.iter_content(1 << 16):
                    content += chunk
                    if len(content) > MAX_ANSWER_BYTES:
                        raise DataSourceError(f"The server's answer has more than {MAX_ANSWER_BYTES >> 20} MB.")
                # Its parameters alone: a link leads to no other server.
                next_params = dict(parse_qsl(urlsplit(response.links.get("next", {}).get("url", "")).query))
        except requests.RequestException as error:
            host = urlsplit(url).hostname
            raise DataSourceError(f"The server {host} can't be reached ({type(error).__name__}).") from error
        try:
            answer = json.loads(content)
        except ValueError as error:
            raise DataSourceError(f"The server's answer to {resource} is no JSON.") from error
        if isinstance(answer, dict):
            answer = answer.get(resource, answer.get("service_requests"))
        if not isinstance(answer, list):
            raise DataSourceError(f"The server's answer to {resource} is no list.")
        return answer, next_params


def _check_status(response: requests.Response) -> None:
    if response.status_code == requests.codes.too_many_requests:
        raise DataSourceError(
            "The server takes no more requests for now (429 Too Many Requests).", _retry_after(response)
        )
    if not response.ok:
        raise DataSourceError(f"The server answers with an error ({response.status_code} {response.reason}).")


def _retry_after(response: requests.Response) -> timedelta:
    """How long a server asks to be left alone, in seconds or until a date; nothing where it says neither."""
    text = response.headers.get("Retry-After", "")
    if text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), MAX_RETRY_AFTER)
    try:
        return min(max(parsedate_to_datetime(text) - datetime.now(UTC), timedelta()), MAX_RETRY_AFTER)
    except (TypeError, ValueError):
        return timedelta()


def _keep_newest(by_id: dict[str, Request], row: Request) -> None:
    request_id = str(row["service_request_id"])
    known = by_id.get(request_id)
    if known is None or str(row.get("updated_datetime") or "") >= str(known.get("updated_datetime") or ""):
        by_id[request_id] = row


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
