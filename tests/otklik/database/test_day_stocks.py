"""Open and overdue of past days stay as they stood, whatever is extended or re-opened since."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import streamlit
from sqlalchemy import Connection, text

from otklik.database.day_stocks import record_contradictions, record_day_stocks
from queries.filters import Filters
from queries.overview import flow_by_day
from queries.regions.backlog import open_by_day
from queries.summaries.breakdown import breakdown
from queries.summaries.day_record import member_stock_basis, stock_basis
from queries.summaries.totals import period_totals
from tests.support import factories
from tests.support.appeals.appeal_changes import Change, apply_change
from tests.support.figures.oracle import DAY, Oracle
from tests.support.figures.reference_data import appeal_rows, build_reference_data, draft_appeal, local_midnight

ZONE = "Asia/Yekaterinburg"
NOW = datetime.now(UTC)
LAST_DAY = (NOW - timedelta(hours=12)).astimezone(ZoneInfo(ZONE)).date() - DAY
"""The day that is recorded now: from noon of the next one on."""
MIDNIGHT = local_midnight(LAST_DAY + DAY, ZONE)
HOUR = timedelta(hours=1)
MARCH = Filters(LAST_DAY - 30 * DAY, LAST_DAY + DAY)


@pytest.fixture(autouse=True)
def appeals(connection: Connection) -> Connection:
    """At the end of the last day: one overdue, one open and one closed in XA-1; one open in XB."""
    for region in ("XA", "XB"):
        factories.territory(connection, region, timezone=ZONE)
    factories.territory(connection, "XA-1", "municipality", "XA", ZONE)
    there: dict[str, Any] = {"region": "XA", "municipality": "XA-1", "received_at": MIDNIGHT - 9 * DAY}
    factories.appeal(connection, number="LATE", deadline_at=MIDNIGHT - HOUR, **there)
    factories.appeal(connection, number="OPEN", deadline_at=NOW + DAY, **there)
    factories.appeal(connection, number="CLOSED", closed_at=MIDNIGHT - HOUR, deadline_at=MIDNIGHT + HOUR, **there)
    factories.appeal(connection, region="XB", received_at=MIDNIGHT - HOUR)
    # Closed since: open as the day ended, but not what came after it.
    factories.appeal(connection, region="XB", received_at=MIDNIGHT - HOUR, closed_at=MIDNIGHT)
    factories.appeal(connection, region="XB", received_at=MIDNIGHT)
    return connection


def extend_and_reopen(connection: Connection) -> None:
    """What April does to March: the late appeal gets another deadline, and the closed one comes back."""
    connection.execute(text("UPDATE appeal SET deadline_at = :later WHERE number = 'LATE'"), {"later": NOW + 9 * DAY})
    connection.execute(
        text(
            "UPDATE appeal SET closed_at = NULL, outcome_id = NULL, reopened = 1,"
            " status_id = (SELECT id FROM status WHERE code = 'received') WHERE number = 'CLOSED'"
        )
    )
    streamlit.cache_data.clear()


def stock(filters: Filters = MARCH) -> tuple[int, int]:
    """Open and overdue at the end of the period."""
    totals = period_totals(filters)
    return totals["open"], totals["overdue"]


def test_a_report_of_march_is_the_same_in_may(appeals: Connection, url: str) -> None:
    record_day_stocks(url)
    assert stock() == (4, 1)
    extend_and_reopen(appeals)
    assert stock() == (4, 1)
    by_day = flow_by_day(MARCH)
    assert by_day["backlog"].iloc[-1] == 4
    assert list(by_day["recorded"]) == [False] * 30 + [True]
    for dimension, expected in (("region", {"XA": (2, 1), "XB": (2, 0)}), ("territory", None)):
        rows = breakdown(MARCH, dimension)  # type: ignore[arg-type]
        if expected:
            assert dict(zip(rows["code"], zip(rows["open"], rows["overdue"], strict=True), strict=True)) == expected
        assert (rows["open"].sum(), rows["overdue"].sum()) == (4, 1)
    last_days = open_by_day(MARCH, "region").groupby("code")["open"].last()
    assert last_days.to_dict() == {"XA": 2, "XB": 2}


def test_without_a_record_march_changes_and_the_rows_say_so(appeals: Connection) -> None:
    assert stock() == (4, 1)
    extend_and_reopen(appeals)
    assert stock() == (5, 0)
    assert not flow_by_day(MARCH)["recorded"].any()


def test_a_municipality_has_its_own_record_and_a_topic_none(appeals: Connection, url: str) -> None:
    record_day_stocks(url)
    extend_and_reopen(appeals)
    for code, expected in (("XA", (2, 1)), ("XA-1", (2, 1)), ("XB", (2, 0))):
        assert stock(Filters(MARCH.start, MARCH.end, territory=code)) == expected
    rows = breakdown(Filters(MARCH.start, MARCH.end, territory="XA"), "territory").set_index("code")
    assert (rows.loc["XA-1", "open"], rows.loc["XA-1", "overdue"]) == (2, 1)
    by_topic = Filters(MARCH.start, MARCH.end, territory="XA", topic="roads")
    assert not flow_by_day(by_topic)["recorded"].any()


@pytest.mark.parametrize(
    ("filters", "basis"),
    [
        (MARCH, "recorded"),
        (Filters(MARCH.start, MARCH.end, territory="XA-1"), "recorded"),
        (Filters(MARCH.start, MARCH.end - DAY), "unrecorded"),
        (Filters(MARCH.start, MARCH.end, channel="portal"), "filtered"),
        (Filters(MARCH.start, MARCH.end + 9 * DAY), "now"),
    ],
)
def test_screens_know_what_open_and_overdue_of_a_day_are(url: str, filters: Filters, basis: str) -> None:
    record_day_stocks(url)
    assert stock_basis(filters) == basis
    assert member_stock_basis(filters) == ("now" if basis == "now" else "filtered")


def test_the_record_is_what_python_counts_whatever_is_done_since(connection: Connection, url: str) -> None:
    reference = build_reference_data(connection)
    random = Random(31)  # noqa: S311 -- data for tests
    with psycopg.connect(url, autocommit=True) as writer:
        for seed in range(0, 120, 40):
            apply_change(writer, reference, Change("insert", 0, tuple(map(draft_appeal, range(seed, seed + 40))), ()))
        record_day_stocks(url)
        oracle = Oracle(reference, appeal_rows(connection), datetime.now(UTC))
        recorded = connection.execute(text("SELECT code, day FROM recorded_day JOIN territory ON id = region_id")).all()
        expected = {
            code: tuple(
                map(
                    len, (oracle_of(code, oracle).open_rows(day + DAY), oracle_of(code, oracle).overdue_rows(day + DAY))
                )
            )
            for code, day in recorded
            if code in reference.ids["territory"]
        }
        assert len({stock for stock in expected.values() if sum(stock)}) > 1
        for kind in ("edit", "edit all", "close", "reopen", "edit"):
            drafts = tuple(draft_appeal(random.randrange(10**6)) for _ in range(6))
            apply_change(writer, reference, Change(kind, random.randrange(12), drafts, ("deadline_at",)))
    streamlit.cache_data.clear()
    for code, day in recorded:
        assert stock(Filters(day - 30 * DAY, day + DAY, territory=code)) == expected[code], code
    assert record_contradictions(url) == []


def oracle_of(code: str, oracle: Oracle) -> Oracle:
    """The appeals of a territory."""
    return oracle.filtered(Filters(LAST_DAY, LAST_DAY + DAY, territory=code))


@pytest.mark.parametrize(
    ("damage", "codes"),
    [
        (
            "UPDATE day_stock SET overdue = open + 1 WHERE territory_id = (SELECT id FROM territory WHERE code = 'XB')",
            ["XB"],
        ),
        ("UPDATE day_stock SET open = 1 WHERE territory_id = (SELECT id FROM territory WHERE code = 'XA')", ["XA"]),
        ("DELETE FROM recorded_day WHERE region_id = (SELECT id FROM territory WHERE code = 'XA')", ["XA", "XA-1"]),
    ],
)
def test_a_record_that_contradicts_itself_is_found(
    appeals: Connection, url: str, damage: str, codes: list[str]
) -> None:
    record_day_stocks(url)
    assert record_contradictions(url) == []
    appeals.execute(text(damage))
    assert [row.territory for row in record_contradictions(url)] == codes


def test_what_arrives_later_is_added(appeals: Connection, url: str) -> None:
    record_day_stocks(url)
    old = {"region": "XA", "municipality": "XA-1"}
    factories.appeal(appeals, received_at=MIDNIGHT - 2 * DAY, deadline_at=MIDNIGHT - HOUR, closed_at=NOW, **old)
    factories.appeal(appeals, received_at=MIDNIGHT - 2 * DAY, closed_at=MIDNIGHT - HOUR, **old)
    factories.appeal(appeals, received_at=MIDNIGHT, **old)
    assert stock() == (5, 2)
    assert stock(Filters(MARCH.start, MARCH.end, territory="XA-1")) == (3, 2)


def test_a_day_is_recorded_once_from_noon_on(appeals: Connection) -> None:
    noon = MIDNIGHT + timedelta(hours=12)
    record = text("SELECT record_day_stocks(:at)")
    regions = appeals.scalar(
        text("SELECT count(*) FROM territory WHERE level = 'region' AND timezone = :zone"), {"zone": ZONE}
    )
    recorded = text(
        "SELECT count(*) FROM recorded_day JOIN territory ON territory.id = region_id"
        " WHERE timezone = :zone AND day = :day"
    )
    values = {"zone": ZONE, "day": LAST_DAY}
    appeals.execute(record, {"at": noon - timedelta(seconds=1)})
    assert appeals.scalar(recorded, values) == 0
    appeals.execute(record, {"at": noon})
    assert appeals.scalar(recorded, values) == regions
    assert appeals.scalar(record, {"at": noon}) == 0


def test_removed_appeals_take_the_record_of_their_days_along(appeals: Connection, url: str) -> None:
    record_day_stocks(url)
    appeals.execute(text("DELETE FROM appeal WHERE number = 'OPEN'"))
    assert appeals.scalar(
        text("SELECT array_agg(DISTINCT code) FROM recorded_day JOIN territory ON territory.id = region_id")
    ) == ["XB"]
    assert stock() == (3, 1)
    appeals.execute(text("TRUNCATE appeal CASCADE"))
    assert appeals.scalar(text("SELECT count(*) FROM recorded_day")) == 0
    assert appeals.scalar(text("SELECT count(*) FROM day_stock")) == 0
