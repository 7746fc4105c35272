"""The export of the list: all rows in order, recorded in the audit."""

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, text

from otklik.reports import queue_export
from queries.filters import Filters
from queries.queue import export, open_list
from queries.queue.list_filters import DEFAULT_CRITERIA, ListCriteria
from tests.support import factories

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
EVERYTHING = Filters(NOW.date() - 30 * DAY, NOW.date() + DAY)
FORMULA = '=HYPERLINK("http://example.org","x")'


@pytest.fixture
def appeals(connection: Connection) -> Connection:
    """Seven open appeals, one with a formula as its number, and a closed one."""
    for n in range(6):
        factories.appeal(connection, number=f"N{n}", received_at=NOW - n * DAY, deadline_at=NOW + n * DAY - DAY / 2)
    factories.appeal(connection, number=FORMULA, received_at=NOW, deadline_at=None)
    factories.appeal(connection, received_at=NOW - DAY, closed_at=NOW)
    return connection


def exported(kind: str, criteria: ListCriteria = DEFAULT_CRITERIA) -> bytes:
    return queue_export.start_export(kind, EVERYTHING, criteria, "state=overdue").content(timeout=60)


@pytest.mark.usefixtures("appeals")
def test_batches_are_the_whole_list_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH_ROWS", 3)
    batches = list(export.row_batches(EVERYTHING, DEFAULT_CRITERIA))
    assert [len(batch) for batch in batches] == [3, 3, 1]
    numbers = pd.concat(batches)["number"].tolist()
    assert numbers == open_list.list_page(EVERYTHING)["number"].tolist() == [*(f"N{n}" for n in range(6)), FORMULA]
    monkeypatch.setattr(export, "MAX_ROWS", 4)
    assert sum(len(batch) for batch in export.row_batches(EVERYTHING, DEFAULT_CRITERIA)) == 4


@pytest.mark.usefixtures("appeals")
def test_a_csv_holds_the_list_and_no_formula() -> None:
    rows = list(csv.DictReader(StringIO(exported("csv").decode("utf-8-sig"))))
    assert [row["Number"] for row in rows] == [*(f"N{n}" for n in range(6)), f"'{FORMULA}"]
    assert [row["State"] for row in rows][:3] == ["Overdue", "On track", "On track"]
    assert datetime.fromisoformat(rows[1]["Deadline (local time)"]) == (NOW + DAY / 2).replace(microsecond=0)


@pytest.mark.usefixtures("appeals")
def test_a_spreadsheet_is_typed_and_equals_the_screen() -> None:
    sheet: Any = pd.read_excel(BytesIO(exported("xlsx", ListCriteria(sort="newest"))), engine="calamine")
    assert sheet["Number"].tolist() == open_list.list_page(EVERYTHING, ListCriteria(sort="newest"))["number"].tolist()
    assert pd.api.types.is_datetime64_any_dtype(sheet["Received (local time)"])


def test_each_export_is_recorded_and_holds_no_applicant(appeals: Connection) -> None:
    file = exported("csv", ListCriteria(state="overdue"))
    record = appeals.execute(text("SELECT object, after FROM audit WHERE action = 'list exported'")).one()
    assert tuple(record) == ("csv", {"list": "state=overdue", "appeals": 1})
    assert b"Name" not in file.splitlines()[0]
