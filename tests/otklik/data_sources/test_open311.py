"""An Open311 server as a data source: all its requests once, whatever it does meanwhile."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection
from urllib3.util.retry import Retry

from otklik.data_sources import source_run
from otklik.data_sources.kinds import open311, open311_api
from otklik.data_sources.source_run import SourceRun
from otklik.intake.mapping.model import MAPPINGS_FOLDER
from tests.support import factories
from tests.support.imports.data_sources import run_source
from tests.support.imports.export_files import query_rows, run_import
from tests.support.imports.open311_server import Open311Server, running_open311_server
from tests.support.imports.service_requests import appeal_rows, service_request, service_requests, write_requests

BOSTON = ZoneInfo("America/New_York")
COLUMNS = {
    "case_enquiry_id": "service_request_id", "open_dt": "requested_datetime", "target_dt": "expected_datetime",
    "closed_dt": "closed_datetime", "reason": "topic", "type": "subtopic", "department": "agency_responsible",
    "neighborhood": "attributes.neighborhood", "case_title": "description", "longitude": "long", "latitude": "lat",
    "case_status": "status", "source": "extended_attributes.source", "closure_reason": "status_notes",
}  # fmt: skip
RATE_LIMITED = "The server takes no more requests for now (429 Too Many Requests)."
COUNT = "SELECT count(*), count(DISTINCT number) FROM appeal"


def published(row: dict[str, str]) -> dict[str, Any]:
    """A city's request as its Open311 server publishes it."""

    def moment(cell: str) -> str | None:
        return datetime.fromisoformat(cell).replace(tzinfo=BOSTON).isoformat() if cell else None

    return {
        "service_request_id": int(row["case_enquiry_id"]),
        "status": row["case_status"].lower(),
        "status_notes": row["closure_reason"] or None,
        "service_code": row["type"],
        "service_name": row["type"],
        "description": row["case_title"],
        "agency_responsible": row["department"],
        "requested_datetime": moment(row["open_dt"]),
        "updated_datetime": moment(row["closed_dt"] or row["open_dt"]),
        "expected_datetime": moment(row["target_dt"]),
        "lat": float(row["latitude"]),
        "long": float(row["longitude"]),
        "attributes": [{"label": "neighborhood", "value": row["neighborhood"]}],
        "extended_attributes": {"source": row["source"]},
    }


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open311Server]:
    monkeypatch.setattr(
        open311_api,
        "RETRIES",
        Retry(total=3, status_forcelist=(429, 500, 503), retry_after_max=0, raise_on_status=False),
    )
    rows = service_requests(450)
    services = {row["type"]: {"service_code": row["type"], "group": row["reason"]} for row in rows}
    with running_open311_server([published(row) for row in rows], list(services.values())) as running:
        running.page_limit = 40
        yield running


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """Boston's mapping with the columns of its server."""
    text = (MAPPINGS_FOLDER / "boston311.toml").read_text(encoding="utf-8")
    for column, name in COLUMNS.items():
        text = re.sub(rf'= "{column}"', f'= "{name}"', text)
    text = text.replace("Open = ", "open = ").replace("Closed = ", "closed = ")
    path = tmp_path / "server.toml"
    path.write_text(text, encoding="utf-8")
    return path


def add(url: str, tmp_path: Path, server: Open311Server, mapping: Path | str, *words: str) -> None:
    since = ("--since", "2025-02-01", "--look-back-days", "3650", "--window-days", "20")
    result = run_source(url, tmp_path, "add", "open311", "city", server.url, "--mapping", str(mapping), *since, *words)
    assert result.exit_code == 0, result.output


def test_all_requests_come_in_as_a_plain_import_brings_them(
    url: str, tmp_path: Path, server: Open311Server, mapping: Path
) -> None:
    add(url, tmp_path, server, mapping, "--jurisdiction", "boston.gov")
    assert run_source(url, tmp_path, "test", "city").stdout.startswith("The server can be read: 20 services")
    # Pages shift while they are read, and the server is busy now and then.
    server.inserted = [published(service_request(number)) for number in (451, 452)]
    server.failures = [429, 500, 503]
    result = run_source(url, tmp_path, "run", "city")
    assert result.exit_code == 0, result.output
    assert server.asked[-1]["jurisdiction_id"] == "boston.gov"
    server.inserted = []
    assert run_source(url, tmp_path, "run", "city", "--from-start").exit_code == 0
    assert query_rows(url, COUNT) == [(452, 452)]
    came_in = appeal_rows(url)
    csv_file = write_requests(tmp_path / "all.csv", service_requests(452))
    assert "0 new, 0 changed, 452 unchanged" in run_import(url, csv_file, "boston311").stdout
    assert appeal_rows(url) == came_in


@pytest.mark.parametrize("words", [(), ("--updated-filter",)])
def test_a_request_that_is_closed_late_is_closed_here(
    url: str,
    tmp_path: Path,
    server: Open311Server,
    mapping: Path,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(open311, "LOOK_BACK_EVERY", timedelta())
    add(url, tmp_path, server, mapping, *words)
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("450 rows read; 450 new")
    server.asked.clear()
    now = datetime.now(UTC).replace(microsecond=0)
    closed = next(row for row in server.requests if row["status"] == "open")
    closed.update(status="closed", updated_datetime=now.isoformat(), status_notes="Case Closed Case Resolved")
    result = run_source(url, tmp_path, "run", "city").stdout
    assert "; 0 new, 1 changed," in result
    assert result.startswith("1 row read" if words else "450 rows read")
    assert query_rows(url, f"SELECT closed_at FROM appeal WHERE number = '{closed['service_request_id']}'") == [(now,)]


def test_an_answer_that_is_cut_where_there_are_no_pages_is_read_in_halves(
    url: str, tmp_path: Path, server: Open311Server, mapping: Path
) -> None:
    server.has_pages, server.page_limit = False, 50
    add(url, tmp_path, server, mapping)
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("450 rows read; 450 new")


def test_a_killed_run_goes_on_and_nothing_is_lost_or_doubled(
    url: str, tmp_path: Path, server: Open311Server, mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Fewer rows than a span has, so that the kill comes within one.
    monkeypatch.setattr(source_run, "BATCH_ROWS", 100)
    add(url, tmp_path, server, mapping)
    merge_batch, batches = SourceRun._merge_batch, iter(range(9))  # noqa: SLF001 - a kill between two batches

    def kill_second(*arguments: object) -> None:
        if next(batches) == 1:
            raise KeyboardInterrupt
        merge_batch(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(SourceRun, "_merge_batch", kill_second)
        assert run_source(url, tmp_path, "run", "city").exit_code == 1
    assert query_rows(url, COUNT) == [(100, 100)]
    assert "; 350 new, 0 changed, 100 unchanged" in run_source(url, tmp_path, "run", "city").stdout
    assert query_rows(url, COUNT) == [(450, 450)]


def test_a_server_that_asks_to_be_left_alone_is_left_alone(
    url: str, tmp_path: Path, server: Open311Server, mapping: Path
) -> None:
    add(url, tmp_path, server, mapping)
    server.failures, server.retry_after = [429] * 9, "7200"
    result = run_source(url, tmp_path, "run", "city")
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {RATE_LIMITED}\n",
    )
    assert query_rows(url, "SELECT next_run_at > now() + interval '119 minutes' FROM data_source") == [(True,)]
    server.failures = [404]
    assert "404" in run_source(url, tmp_path, "test", "city").stderr


def test_the_shipped_mapping_reads_extended_statuses(
    url: str, connection: Connection, tmp_path: Path, server: Open311Server
) -> None:
    factories.territory(connection, "XA")
    first, second, third = server.requests[:3]
    first.update(detailed_status="RECEIVED", status="open", agency_responsible=None)
    second.update(detailed_status="REJECTED", status="closed")
    third.update(detailed_status="", status="open", service_code="unlisted")
    server.requests[:] = [first, second, third]
    add(url, tmp_path, server, "open311", "--region", "XA", "--agency", "City hall")
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("3 rows read; 3 new")
    statuses = (
        "SELECT status.code, topic.level FROM appeal"
        " JOIN status ON status.id = status_id JOIN topic ON topic.id = topic_id"
    )
    # A service without a group is a topic of the first level.
    assert query_rows(url, f"{statuses} ORDER BY number") == [("received", 2), ("rejected", 2), ("in_progress", 1)]
    assert query_rows(url, "SELECT count(*) FROM organisation WHERE name = 'City hall'") == [(1,)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ftp://city.example.org/v2",), "The URL should look like"),
        (("https://user:secret@city.example.org/v2",), "The URL should look like"),
        (("https://city.example.org/v2", "--api-key", "abc"), "Name the variable that holds the key"),
    ],
)
def test_a_wrong_address_is_refused_in_a_sentence(
    url: str, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    common = ("--since", "2025-01-01", "--mapping", "open311")
    result = run_source(url, tmp_path, "add", "open311", "city", *words, *common)
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
