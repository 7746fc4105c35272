"""An Open311 server (GeoReport v2) as a data source: its requests by their dates, and those that changed late.

The past is read in spans of at most 90 days, each in one step with the cursor. Later runs read from some days before
the end of the last one, since pages shift while they are read and requests are published late; and, where the server
has no filter by change, once an hour all of the last weeks, since a request that was closed keeps its date.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from otklik.data_sources.cells import cells_of
from otklik.data_sources.kinds.open311_api import MAX_WINDOW, Open311Api, Request
from otklik.data_sources.secrets import SecretValues
from otklik.data_sources.source_run import Row, SourceRun, check_header
from otklik.intake.mapping.model import ImportMapping

OVERLAP = timedelta(days=2)
LOOK_BACK_EVERY = timedelta(hours=1)
FIELDS = (
    "service_request_id", "status", "status_notes", "detailed_status", "service_code", "service_name", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
)  # fmt: skip
MADE_FIELDS = ("topic", "subtopic", "closed_datetime", "region")
"""Columns that are made: the service's group and the service below it (the service alone without a group), the moment
of the last change of a closed request, and the region that the data source was added with."""


class Open311Reader:
    """Reads the requests of a server.

    `options`: url, since, region, agency, jurisdiction, api_key, look_back_days, has_updated_filter, window_days,
    page_size (docs/sources.md).
    """

    def __init__(self, options: Mapping[str, Any], mapping: ImportMapping, secrets: SecretValues) -> None:
        """Raises DataSourceError for a secret that isn't there."""
        self._options = options
        extra = [column for column in mapping.all_columns() if column not in (*FIELDS, *MADE_FIELDS)]
        self._header = [*FIELDS, *MADE_FIELDS, *extra]
        self._mapping = mapping
        params = {"jurisdiction_id": options.get("jurisdiction", ""), "extensions": "true"}
        params["api_key"] = secrets.fill(options.get("api_key", ""))
        given = {name: value for name, value in params.items() if value}
        self._api = Open311Api(options["url"], given, int(options.get("page_size", 200)))
        self._groups: dict[str, str] = {}
        self._yielded = 0

    def test(self) -> str:
        """Ask for the services and for the requests of the last day. Raises DataSourceError, BadFile."""
        check_header(self._header, self._mapping, "server")
        services = self._api.services()
        now = datetime.now(UTC)
        count = len(self._api.requests(now - timedelta(days=1), now))
        return f"The server can be read: {len(services):,} services, {count:,} requests in the last day."

    def read(self, run: SourceRun) -> None:
        """Merge the requests since the cursor, and those that changed late. Raises DataSourceError, BadFile."""
        self._groups = self._api.services()
        now = datetime.now(UTC)
        cursor = dict(run.source.cursor or {})
        since = datetime.fromisoformat(self._options["since"]).replace(tzinfo=UTC)
        read_until = datetime.fromisoformat(cursor["until"]) if "until" in cursor else None
        is_first = not cursor.get("is_complete")
        start = max((read_until or since) - (timedelta() if is_first else OVERLAP), since)
        for window_start, window_end in self._windows(start, now):
            rows = self._api.requests(window_start, window_end)
            cursor["until"] = window_end.isoformat()
            self._merge(run, rows, cursor)
            if run.stopped.is_set():
                return
        if not is_first:
            self._read_changes(run, cursor, now, since)
        if run.stopped.is_set():
            return
        marks = {"is_complete": True, **({"changes_until": now.isoformat()} if is_first else {})}
        run.save_cursor({**cursor, **marks})

    def _read_changes(self, run: SourceRun, cursor: dict[str, Any], now: datetime, since: datetime) -> None:
        changes_until = datetime.fromisoformat(cursor["changes_until"])
        if self._options.get("has_updated_filter"):
            spans, field = self._windows(changes_until - timedelta(hours=1), now), "updated"
        elif now - changes_until >= LOOK_BACK_EVERY:
            days = timedelta(days=int(self._options.get("look_back_days", 30)))
            spans, field = self._windows(max(now - days, since), now - OVERLAP), ""
        else:
            return
        for start, end in spans:
            self._merge(run, self._api.requests(start, end, field), cursor)
            if run.stopped.is_set():
                return
        cursor["changes_until"] = now.isoformat()

    def _merge(self, run: SourceRun, rows: list[Request], cursor: Mapping[str, Any]) -> None:
        if not rows:
            run.save_cursor(cursor)
            return
        # With the last of its batches: before, the span isn't merged yet.
        run.merge(self._header, self._rows(rows), lambda: cursor if self._yielded == len(rows) else None)

    def _rows(self, rows: list[Request]) -> Iterator[Row]:
        self._yielded = 0
        for row in rows:
            self._yielded += 1
            values = dict(row)
            service, group = str(row.get("service_name") or ""), self._groups.get(str(row.get("service_code")), "")
            values["topic"], values["subtopic"] = (group, service) if group else (service, "")
            is_closed = str(row.get("status") or "").casefold() == "closed"
            values["closed_datetime"] = (
                (row.get("updated_datetime") or row.get("requested_datetime")) if is_closed else ""
            )
            values["region"] = self._options.get("region", "")
            if not row.get("agency_responsible"):
                values["agency_responsible"] = self._options.get("agency") or urlsplit(self._options["url"]).hostname
            yield cells_of(_value_at(values, name) for name in self._header)

    def _windows(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        length = min(timedelta(days=int(self._options.get("window_days", 90))), MAX_WINDOW)
        while start < end:
            yield start, min(start + length, end)
            start += length


def _value_at(row: Mapping[str, Any], path: str) -> object:
    """The value of a field, or of one inside of it: `extended_attributes.ward`; the labels of `attributes` too."""
    if path in row:
        return row[path]
    name, _dot, rest = path.partition(".")
    inner = row.get(name)
    if rest and isinstance(inner, dict):
        return _value_at(inner, rest)
    if rest and isinstance(inner, list):
        for item in inner:
            if isinstance(item, dict) and rest in (item.get("label"), item.get("code"), item.get("name")):
                return item.get("value")
    return None
