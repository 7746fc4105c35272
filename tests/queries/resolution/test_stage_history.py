"""The history of appeals: time in each stage, redirects, extensions."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.resolution import stage_history
from tests.support import factories
from tests.support.factories import AppealKey

DAY = timedelta(days=1)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
MARCH = Filters(date(2024, 3, 1), date(2024, 4, 1))


def course(connection: Connection, *days: float, **columns: str) -> AppealKey:
    """An appeal that was registered, sent to execution and answered the given days after its receipt."""
    key = factories.appeal(connection, received_at=NOON, closed_at=NOON + days[-1] * DAY, **columns)
    factories.event(connection, key, "received", at=NOON, after={"holder": "office"})
    for kind, status, at in zip(
        ("registered", "moved", "answered"), ("on_coordination", "in_progress", "answered"), days, strict=True
    ):
        factories.event(connection, key, kind, at=NOON + at * DAY, after={"status": status})
    return key


def test_the_time_in_each_stage(connection: Connection) -> None:
    course(connection, 1, 3, 7)
    course(connection, 2, 3, 13)
    factories.event(connection, factories.appeal(connection, received_at=NOON, closed_at=NOON + DAY), "imported")
    rows = stage_history.stage_durations(MARCH)
    assert rows["name"].tolist() == ["Moderation", "Coordination", "Execution", "Approval"]
    assert rows["appeals"].tolist() == [2, 2, 2, 0]
    assert rows["median"].tolist()[:3] == [1.5, 1.5, 7]
    assert rows["p90"][2] == pytest.approx(9.4)


def test_what_changes_no_status_stays_in_its_stage_and_a_return_adds_up(connection: Connection) -> None:
    key = course(connection, 1, 2, 4)
    factories.event(connection, key, "extended", at=NOON + 3 * DAY, after={"deadline": "2024-04-01T00:00:00Z"})
    other = factories.appeal(connection, received_at=NOON, closed_at=NOON + 9 * DAY, reopened=1)
    factories.event(connection, other, "received", at=NOON)
    for kind, status, at in (
        ("moved", "in_progress", 1),
        ("answered", "answered", 2),
        ("reopened", "reconsideration", 5),
        ("answered", "answered", 9),
    ):
        factories.event(connection, other, kind, at=NOON + at * DAY, after={"status": status})
    rows = stage_history.stage_durations(MARCH).set_index("name")
    assert rows["median"]["Execution"] == (2 + (1 + 4)) / 2
    assert stage_history.movement_counts(MARCH) == {"known": 2, "redirected": 0, "twice": 0, "back": 0, "extended": 1}


def test_handed_on_and_back_again(connection: Connection) -> None:
    for code in ("office", "city", "region"):
        factories.organisation(connection, code, name=code.title())
    ways = ("office", "city"), ("office", "city", "office"), ("office", "city", "region"), ("office",)
    for way in ways:
        key = course(connection, 1, 2, 9, number="-".join(way))
        for n, (was, holder) in enumerate(pairwise(way)):
            factories.event(
                connection, key, "redirected", at=NOON + (3 + n) * DAY, before={"holder": was}, after={"holder": holder}
            )
    assert stage_history.movement_counts(MARCH) == {"known": 4, "redirected": 3, "twice": 2, "back": 1, "extended": 0}
    rows = stage_history.circular_redirects(MARCH)
    assert rows[["number", "way"]].to_numpy().tolist() == [["office-city-office", "Office → City → Office"]]


def test_an_import_that_tells_of_the_receipt_alone_is_no_history(connection: Connection) -> None:
    key = factories.appeal(connection, received_at=NOON, closed_at=NOON + DAY)
    factories.event(connection, key, "received", at=NOON, after={"holder": "office"})
    assert stage_history.movement_counts(MARCH)["known"] == 0
    assert stage_history.stage_durations(MARCH)["appeals"].sum() == 0


@pytest.mark.usefixtures("connection")
def test_without_a_history_nothing_is_known() -> None:
    assert stage_history.stage_durations(MARCH)["appeals"].tolist() == [0] * 4
    assert stage_history.movement_counts(MARCH)["known"] == 0
    assert stage_history.circular_redirects(MARCH).empty
