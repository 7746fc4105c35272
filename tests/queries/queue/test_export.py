"""Taking the list away: all of it, in its order, and on record."""

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, text

from otklik.reports import queue_export
from queries.filters import Filters
from queries.queue import export
from queries.queue import open_list as waiting
from queries.queue.list_filters import DEFAULT_CRITERIA, ListCriteria
from tests.support import factories

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
EVERYTHING = Filters(NOW.date() - 30 * DAY, NOW.date() + DAY)
FORMULA = '=HYPERLINK("http://example.org","x")'


@pytest.fixture
def appeals(connection: Connection) -> Connection:
    """Seven open, of which one has a number that a spreadsheet would run, and one that is closed."""
    for n in range(6):
        factories.appeal(connection, number=f"N{n}", received_at=NOW - n * DAY, deadline_at=NOW + n * DAY - DAY / 2)
    factories.appeal(connection, number=FORMULA, received_at=NOW, deadline_at=None)
    factories.appeal(connection, received_at=NOW - DAY, closed_at=NOW)
    return connection


def made(kind: str, wanted: ListCriteria = DEFAULT_CRITERIA) -> bytes:
    return queue_export.start_export(kind, EVERYTHING, wanted, "state=overdue").content(timeout=60)


@pytest.mark.usefixtures("appeals")
def test_pieces_are_the_whole_list_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH_ROWS", 3)
    pieces = list(export.row_batches(EVERYTHING, DEFAULT_CRITERIA))
    assert [len(one) for one in pieces] == [3, 3, 1]
    listed = pd.concat(pieces)["number"].tolist()
    assert listed == waiting.list_page(EVERYTHING)["number"].tolist() == [*(f"N{n}" for n in range(6)), FORMULA]
    monkeypatch.setattr(export, "MAX_ROWS", 4)
    assert sum(len(one) for one in export.row_batches(EVERYTHING, DEFAULT_CRITERIA)) == 4


@pytest.mark.usefixtures("appeals")
def test_a_csv_holds_what_the_screen_lists_and_no_formula() -> None:
    rows = list(csv.DictReader(StringIO(made("csv").decode("utf-8-sig"))))
    assert [row["Number"] for row in rows] == [*(f"N{n}" for n in range(6)), f"'{FORMULA}"]
    assert [row["State"] for row in rows][:3] == ["Overdue", "Within time", "Within time"]
    assert datetime.fromisoformat(rows[1]["Deadline (local time)"]) == (NOW + DAY / 2).replace(microsecond=0)


@pytest.mark.usefixtures("appeals")
def test_a_spreadsheet_is_typed_and_opened_again_equals_the_screen() -> None:
    sheet: Any = pd.read_excel(BytesIO(made("xlsx", ListCriteria(sort="newest"))), engine="calamine")
    assert sheet["Number"].tolist() == waiting.list_page(EVERYTHING, ListCriteria(sort="newest"))["number"].tolist()
    assert pd.api.types.is_datetime64_any_dtype(sheet["Received (local time)"])


def test_each_file_is_on_record_and_says_nothing_of_applicants(appeals: Connection) -> None:
    file = made("csv", ListCriteria(state="overdue"))
    record = appeals.execute(text("SELECT object, after FROM audit WHERE action = 'list exported'")).one()
    assert tuple(record) == ("csv", {"list": "state=overdue", "appeals": 1})
    assert b"Name" not in file.splitlines()[0]
