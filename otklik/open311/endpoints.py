"""The endpoints of the public API: each makes the response of an address, in a thread, since it asks the database."""

from datetime import UTC, datetime
from functools import cache
from typing import Any, NoReturn
from urllib.parse import urlencode

from sqlalchemy import Row
from starlette.requests import Request
from starlette.responses import Response

from otklik.database.access.public_appeals import (
    AppealKey,
    Selection,
    is_jurisdiction,
    public_appeals,
    public_appeals_by_key,
    public_id_key,
    public_services,
)
from otklik.i18n import _
from otklik.open311.parameters import SECOND, BadParameter, Cursor, RequestQuery, Span, next_page_params, request_query
from otklik.open311.public_id import PublicIds
from otklik.open311.responses import NOT_FOUND, Refusal, document_response
from otklik.open311.service_requests import service, service_request
from otklik.settings import read_settings

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-12-01T00:00:00Z"
"""When what these addresses answer changed last."""


def discovery(request: Request) -> Response:
    """Where the API is, and whom to ask."""
    settings = read_settings()
    endpoint = {
        "specification": SPECIFICATION,
        "url": settings.open311_url,
        "changeset": CHANGESET,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    content = {
        "changeset": CHANGESET,
        "contact": settings.contact,
        "key_service": _("No key is needed."),
        "endpoints": [endpoint],
    }
    return document_response(request, "discovery", content)


def services(request: Request) -> Response:
    """The topics whose appeals are public."""
    return document_response(request, "services", [service(row) for row in public_services()])


def service_definition(request: Request) -> Response:
    """A service without attributes: whoever sends a request isn't asked for more. Raises Refusal."""
    code = request.path_params["service_code"]
    if all(row.code != code for row in public_services()):
        raise _not_found(_("There is no such service."))
    return document_response(request, "service_definition", {"service_code": code, "attributes": []})


def requests(request: Request) -> Response:
    """A page of requests, with the address of the next one. Raises BadParameter, Refusal."""
    params = dict(request.query_params)
    query = request_query(params, datetime.now(UTC).replace(microsecond=0))
    if query.public_ids:
        keys = [key for public_id in query.public_ids if (key := _ids().appeal_key(public_id))]
        return _requests_response(request, public_appeals_by_key(keys))
    rows = public_appeals(_selection(query))
    if not rows and query.jurisdiction and not is_jurisdiction(query.jurisdiction):
        raise _not_found(_("There is no such jurisdiction."))
    link = ""
    if len(rows) > query.page_size:
        rows = rows[: query.page_size]
        last = Cursor(rows[-1].updated_at if query.updated else rows[-1].received_at, _public_id(rows[-1]))
        # Relative to the address that was asked for: whatever stands in between may call this server otherwise.
        link = f"{request.url.path.rpartition('/')[2]}?{urlencode(next_page_params(params, query, last))}"
    return _requests_response(request, rows, link)


def request(request: Request) -> Response:
    """One request, in a list as the standard has it. Raises Refusal."""
    key = _ids().appeal_key(request.path_params["service_request_id"])
    rows = public_appeals_by_key([key]) if key else []
    if not rows:
        raise _not_found(_("There is no such request, or it isn't public."))
    return _requests_response(request, rows)


def nothing(_request: Request) -> NoReturn:
    """Raise Refusal."""
    raise _not_found(_("There is nothing at this address."))


def _requests_response(request: Request, rows: list[Row[Any]], link: str = "") -> Response:
    content = [service_request(row, _ids()) for row in rows]
    changed_at = max((row.updated_at for row in rows), default=None)
    return document_response(request, "service_requests", content, changed_at, link)


def _selection(query: RequestQuery) -> Selection:
    """What to select for a page, and one more by which it is known whether there is a next one. Raises BadParameter."""
    after = None
    if query.after:
        key = _ids().appeal_key(query.after.public_id)
        if key is None:
            raise BadParameter(_("“after” isn't from the header Link of an answer."))
        after = (query.after.moment, key)
    return Selection(
        limit=query.page_size + 1,
        received=_half_open(query.received),
        changed=_half_open(query.updated),
        service_codes=query.service_codes,
        is_open=("open" in query.statuses) if query.statuses else None,
        region_code=query.jurisdiction,
        after=after,
        skipped=(query.page - 1) * query.page_size,
    )


def _half_open(span: Span | None) -> tuple[datetime, datetime] | None:
    return (span.start, span.end + SECOND) if span else None


def _public_id(row: Row[Any]) -> str:
    return _ids().public_id(AppealKey(row.region_id, row.id))


@cache
def _ids_of(key: bytes) -> PublicIds:
    return PublicIds(key)


def _ids() -> PublicIds:
    return _ids_of(public_id_key())


def _not_found(sentence: str) -> Refusal:
    return Refusal(NOT_FOUND, sentence)
