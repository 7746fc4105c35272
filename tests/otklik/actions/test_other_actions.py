"""Extending, returning, topics, notes, duplicates: what is done and told, and what is refused."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from otklik.actions.bulk import ActionFailed, AppealVersion, execute, new_operation_key, preview, undo
from otklik.database import scope
from tests.support import factories
from tests.support.appeal_versions import (
    DAY,
    NOW,
    create_appeal,
    create_person,
    current_version,
    event_rows,
    refusal_codes,
    stored_appeal,
)

WHY = "An inspection is awaited"


def extend(cases: list[AppealVersion], days: int = 10) -> list[str | None]:
    return refusal_codes(execute(new_operation_key(), "extend", cases, WHY, days=days, notice=True))


@pytest.mark.usefixtures("anna")
def test_an_extension_moves_the_deadline_once(connection: Connection) -> None:
    one = create_appeal(connection)
    assert extend([one]) == [None]
    now = stored_appeal(connection, one)
    assert (now.deadline_at, now.status, now.set_here) == (NOW + 15 * DAY, "extended", ["deadline"])
    ((kind, actor, reason, before, after),) = event_rows(connection, one)
    assert (kind, actor, reason) == ("extended", "Anna", WHY)
    assert datetime.fromisoformat(before["deadline"]) == NOW + 5 * DAY
    assert datetime.fromisoformat(after["deadline"]) == NOW + 15 * DAY
    assert (before["status"], after["status"], after["notice"]) == ("in_progress", "extended", True)
    assert extend([current_version(connection, one)]) == ["extended"]


def test_an_extension_ends_at_the_same_time_of_the_local_day(connection: Connection) -> None:
    zone = ZoneInfo("America/New_York")
    factories.territory(connection, "NYC", timezone=zone.key)
    due = datetime(2027, 11, 5, 23, 59, 59, tzinfo=zone)  # the clocks go back on the 7th
    one = create_appeal(connection, region="NYC", holder="city", deadline_at=due)
    with scope.acting_as(create_person(connection, "Boris").scope):
        (row,) = preview("extend", [one], days=3, notice=True)
        assert isinstance(row.new_value, datetime)
        assert row.new_value.isoformat() == "2027-11-08T23:59:59-05:00"
        assert extend([one], 3) == [None]
    assert stored_appeal(connection, one).deadline_at == datetime(2027, 11, 9, 4, 59, 59, tzinfo=UTC)


@pytest.mark.usefixtures("anna")
def test_an_extension_is_refused_where_it_would_change_nothing_or_was_had(connection: Connection) -> None:
    endless = create_appeal(connection, deadline_at=None)
    late, less_late = (create_appeal(connection, deadline_at=NOW - days * DAY) for days in (12, 8))
    had, told = create_appeal(connection, status="extended"), create_appeal(connection)
    factories.event(connection, factories.AppealKey(told.region_id, told.id), "extended", at=NOW - DAY)
    assert extend([endless, late, less_late, had, told]) == ["no_deadline", "still_late", None, "extended", "extended"]


@pytest.mark.usefixtures("anna")
def test_what_was_undone_was_no_extension(connection: Connection) -> None:
    one, key = create_appeal(connection), new_operation_key()
    execute(key, "extend", [one], WHY, days=10, notice=True)
    assert refusal_codes(undo(new_operation_key(), key)) == [None]
    now = stored_appeal(connection, one)
    assert (now.deadline_at, now.status, now.set_here) == (NOW + 5 * DAY, "in_progress", [])
    assert extend([current_version(connection, one)]) == [None]


@pytest.mark.usefixtures("anna")
def test_returning_puts_the_appeal_before_the_coordinator(connection: Connection) -> None:
    one, there = create_appeal(connection), create_appeal(connection, status="on_coordination")
    assert refusal_codes(execute(new_operation_key(), "return", [one, there], WHY)) == [None, "not_handed_on"]
    now = stored_appeal(connection, one)
    assert (now.status, now.holder, now.set_here) == ("on_coordination", "office", ["status"])
    assert event_rows(connection, one) == [
        ("moved", "Anna", WHY, {"status": "in_progress"}, {"status": "on_coordination"}),
    ]


@pytest.mark.usefixtures("anna")
def test_a_topic_is_changed_to_one_of_the_lowest_level(connection: Connection) -> None:
    for code in ("roads.surface.pothole", "roads.winter.snow"):
        factories.topic(connection, code)
    one, same = (create_appeal(connection, topic=code) for code in ("roads.surface.pothole", "roads.winter.snow"))
    with pytest.raises(ActionFailed) as not_done:
        preview("topic", [one], topic="roads.winter")
    assert not_done.value.code == "no_topic"
    assert refusal_codes(execute(new_operation_key(), "topic", [one, same], WHY, topic="roads.winter.snow")) == [
        None,
        "same_topic",
    ]
    now = stored_appeal(connection, one)
    assert (now.topic, now.set_here) == ("roads.winter.snow", ["topic"])
    assert event_rows(connection, one) == [
        ("moved", "Anna", WHY, {"topic": "roads.surface.pothole"}, {"topic": "roads.winter.snow"}),
    ]


@pytest.mark.usefixtures("anna")
def test_a_note_is_history_alone_and_fits_any_state(connection: Connection) -> None:
    one, closed = create_appeal(connection), create_appeal(connection, closed_at=NOW)
    stale = AppealVersion(one.region_id, one.id, NOW - DAY)
    assert refusal_codes(execute(new_operation_key(), "note", [stale, closed], " Called the office. ")) == [None, None]
    assert stored_appeal(connection, one).updated_at == one.version
    assert event_rows(connection, one) == [("note", "Anna", "Called the office.", None, None)]


@pytest.mark.usefixtures("anna")
def test_a_duplicate_is_closed_with_the_number_of_the_other(connection: Connection) -> None:
    first, one = create_appeal(connection, number="FIRST"), create_appeal(connection)
    key = new_operation_key()
    done = execute(key, "duplicate", [first, one], WHY, region=first.region_id, appeal=first.id)
    assert refusal_codes(done) == ["itself", None]
    now = stored_appeal(connection, one)
    assert (now.status, now.outcome, now.set_here) == ("answered", "duplicate", ["status"])
    assert now.closed_at >= NOW
    ((kind, *_, after),) = event_rows(connection, one)
    assert (kind, after["outcome"], after["duplicate_of"]) == ("answered", "duplicate", "FIRST")
    assert refusal_codes(undo(new_operation_key(), key)) == [None]
    again_open = stored_appeal(connection, one)
    assert (again_open.status, again_open.outcome, again_open.closed_at) == ("in_progress", None, None)


@pytest.mark.usefixtures("anna")
def test_an_import_leaves_alone_what_was_set_here(connection: Connection) -> None:
    """The words that `otklik.intake.merge_sql` looks for."""
    one = create_appeal(connection)
    factories.topic(connection, "parks")
    for action, fields in (
        ("reassign", {"holder": "roads"}),
        ("extend", {"days": 5, "notice": True}),
        ("return", {}),
        ("topic", {"topic": "parks"}),
    ):
        execute(new_operation_key(), action, [current_version(connection, one)], WHY, **fields)
    assert stored_appeal(connection, one).set_here == ["holder", "deadline", "status", "topic"]


@pytest.mark.usefixtures("anna")
def test_nothing_is_done_without_what_it_needs(connection: Connection) -> None:
    one, there = create_appeal(connection), create_appeal(connection, region="XB", holder="elsewhere")

    def refused(action: str, reason: str = WHY, cases: list[AppealVersion] | None = None, **fields: Any) -> str:
        with pytest.raises(ActionFailed) as not_done:
            execute(new_operation_key(), action, [one] if cases is None else cases, reason, **fields)
        return not_done.value.code

    assert refused("reassign", " ", holder="roads") == "no_reason"
    assert refused("reassign", holder="nobody") == "no_holder"
    assert refused("return", cases=[]) == "how_many"
    assert refused("return", cases=[AppealVersion(1, number, NOW) for number in range(1001)]) == "how_many"
    assert refused("extend", days=31, notice=True) == "days"
    assert refused("extend", days=0, notice=True) == "days"
    assert refused("extend", days=30, notice=False) == "no_notice"
    assert refused("extend", days=30) == "no_notice"
    assert refused("duplicate", region=there.region_id, appeal=there.id) == "no_original"
    assert refused("topic", topic="nothing") == "no_topic"
    assert event_rows(connection, one) == []
    assert connection.scalar(text("SELECT count(*) FROM operation")) == 0
