"""Extensions, returns, topics, notes and duplicates: what is set and recorded, and what is refused."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from otklik.actions.bulk import ActionFailed, AppealVersion, execute, new_operation_key, preview, undo
from otklik.actions.operations import operation_parameters, run_operation
from otklik.database.access import scope
from tests.support import factories
from tests.support.appeals.appeal_versions import (
    DAY,
    NOW,
    create_appeal,
    create_person,
    current_version,
    event_rows,
    refusal_codes,
    stored_appeal,
)

REASON = "An inspection is awaited"


def extend(appeals: list[AppealVersion], days: int = 10) -> list[str | None]:
    return refusal_codes(execute(new_operation_key(), "extend", appeals, REASON, days=days, notice=True))


@pytest.mark.usefixtures("anna")
def test_an_extension_moves_the_deadline_once(connection: Connection) -> None:
    appeal = create_appeal(connection)
    assert extend([appeal]) == [None]
    stored = stored_appeal(connection, appeal)
    assert (stored.deadline_at, stored.status, stored.set_here) == (NOW + 15 * DAY, "extended", ["deadline"])
    ((kind, actor, reason, before, after),) = event_rows(connection, appeal)
    assert (kind, actor, reason) == ("extended", "Anna", REASON)
    assert datetime.fromisoformat(before["deadline"]) == NOW + 5 * DAY
    assert datetime.fromisoformat(after["deadline"]) == NOW + 15 * DAY
    assert (before["status"], after["status"], after["notice"]) == ("in_progress", "extended", True)
    assert extend([current_version(connection, appeal)]) == ["extended"]


def test_an_extension_ends_at_the_same_time_of_the_local_day(connection: Connection) -> None:
    zone = ZoneInfo("America/New_York")
    factories.territory(connection, "NYC", timezone=zone.key)
    due = datetime(2027, 11, 5, 23, 59, 59, tzinfo=zone)  # the clocks go back on the 7th
    appeal = create_appeal(connection, region="NYC", holder="city", deadline_at=due)
    with scope.acting_as(create_person(connection, "Boris").scope):
        (row,) = preview("extend", [appeal], days=3, notice=True)
        assert isinstance(row.new_value, datetime)
        assert row.new_value.isoformat() == "2027-11-08T23:59:59-05:00"
        assert extend([appeal], 3) == [None]
    assert stored_appeal(connection, appeal).deadline_at == datetime(2027, 11, 9, 4, 59, 59, tzinfo=UTC)


@pytest.fixture
def law59(connection: Connection) -> AppealVersion:
    """Registered on 4 June 2027 in Moscow: day 30 is Sunday 4 July, moved to Friday the 2nd."""
    factories.territory(connection, "RU", "country", timezone="Europe/Moscow")
    factories.territory(connection, "RU-MOW", "region", "RU", "Europe/Moscow")
    registered = datetime(2027, 6, 4, 9, tzinfo=UTC)
    return create_appeal(
        connection,
        region="RU-MOW",
        holder="city",
        regime="law59",
        received_at=registered,
        registered_at=registered,
        deadline_at=datetime(2027, 7, 2, 20, 59, 59, tzinfo=UTC),
    )


def test_an_extension_runs_from_the_day_before_it_was_moved(connection: Connection, law59: AppealVersion) -> None:
    key = new_operation_key()
    with scope.acting_as(create_person(connection, "Boris").scope):
        (row,) = preview("extend", [law59], days=28, notice=True)
        results = [execute(key, "extend", [law59], REASON, days=28, notice=True) for _ in range(2)]
    # Day 30 is Sunday 4 July, moved to Friday the 2nd: 28 days after the 4th is Sunday 1 August, so Friday 30 July.
    due = datetime(2027, 7, 30, 20, 59, 59, tzinfo=UTC)
    assert row.new_value == due
    assert results[0] == results[1]
    assert stored_appeal(connection, law59).deadline_at == due
    ((_, _, _, _, after),) = event_rows(connection, law59)
    assert (after["days"], datetime.fromisoformat(after["deadline"])) == (28, due)
    (audited,) = connection.scalars(text("SELECT after FROM audit WHERE action = 'deadlines extended'"))
    assert (audited["days"], "deadlines" in audited) == (28, False)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("proposed", ["2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z", None])
def test_a_proposed_deadline_that_no_calendar_can_lead_to_is_not_taken(
    connection: Connection, proposed: str | None
) -> None:
    appeal = create_appeal(connection)
    fields = {"days": 10, "notice": True, "deadlines": [proposed]}
    parameters = operation_parameters(new_operation_key(), "extend", [appeal], fields)
    run_operation({**parameters, "reason": REASON}, "en")
    assert stored_appeal(connection, appeal).deadline_at == NOW + 15 * DAY


@pytest.mark.usefixtures("anna")
def test_an_extension_is_refused_without_a_deadline_too_late_or_a_second_time(connection: Connection) -> None:
    without_deadline = create_appeal(connection, deadline_at=None)
    too_late, late = (create_appeal(connection, deadline_at=NOW - days * DAY) for days in (12, 8))
    extended_status, recorded_extension = create_appeal(connection, status="extended"), create_appeal(connection)
    factories.event(
        connection, factories.AppealKey(recorded_extension.region_id, recorded_extension.id), "extended", at=NOW - DAY
    )
    assert extend([without_deadline, too_late, late, extended_status, recorded_extension]) == [
        "no_deadline",
        "still_late",
        None,
        "extended",
        "extended",
    ]


@pytest.mark.usefixtures("anna")
def test_an_undone_extension_may_be_repeated(connection: Connection) -> None:
    appeal, key = create_appeal(connection), new_operation_key()
    execute(key, "extend", [appeal], REASON, days=10, notice=True)
    assert refusal_codes(undo(new_operation_key(), key)) == [None]
    stored = stored_appeal(connection, appeal)
    assert (stored.deadline_at, stored.status, stored.set_here) == (NOW + 5 * DAY, "in_progress", [])
    assert extend([current_version(connection, appeal)]) == [None]


@pytest.mark.usefixtures("anna")
def test_returning_sets_the_status_to_coordination(connection: Connection) -> None:
    appeal, returned = create_appeal(connection), create_appeal(connection, status="on_coordination")
    assert refusal_codes(execute(new_operation_key(), "return", [appeal, returned], REASON)) == [None, "not_handed_on"]
    stored = stored_appeal(connection, appeal)
    assert (stored.status, stored.holder, stored.set_here) == ("on_coordination", "office", ["status"])
    assert event_rows(connection, appeal) == [
        ("moved", "Anna", REASON, {"status": "in_progress"}, {"status": "on_coordination"}),
    ]


@pytest.mark.usefixtures("anna")
def test_a_topic_is_changed_to_one_of_the_lowest_level(connection: Connection) -> None:
    for code in ("roads.surface.pothole", "roads.winter.snow"):
        factories.topic(connection, code)
    appeal, same_topic = (
        create_appeal(connection, topic=code) for code in ("roads.surface.pothole", "roads.winter.snow")
    )
    with pytest.raises(ActionFailed) as failure:
        preview("topic", [appeal], topic="roads.winter")
    assert failure.value.code == "no_topic"
    assert refusal_codes(
        execute(new_operation_key(), "topic", [appeal, same_topic], REASON, topic="roads.winter.snow")
    ) == [
        None,
        "same_topic",
    ]
    stored = stored_appeal(connection, appeal)
    assert (stored.topic, stored.set_here) == ("roads.winter.snow", ["topic"])
    assert event_rows(connection, appeal) == [
        ("moved", "Anna", REASON, {"topic": "roads.surface.pothole"}, {"topic": "roads.winter.snow"}),
    ]


@pytest.mark.usefixtures("anna")
def test_a_note_is_recorded_on_an_appeal_of_any_state(connection: Connection) -> None:
    appeal, closed = create_appeal(connection), create_appeal(connection, closed_at=NOW)
    stale = AppealVersion(appeal.region_id, appeal.id, NOW - DAY)
    assert refusal_codes(execute(new_operation_key(), "note", [stale, closed], " Called the office. ")) == [None, None]
    assert stored_appeal(connection, appeal).updated_at == appeal.version
    assert event_rows(connection, appeal) == [("note", "Anna", "Called the office.", None, None)]


@pytest.mark.usefixtures("anna")
def test_a_duplicate_is_closed_with_the_number_of_the_other(connection: Connection) -> None:
    original, appeal = create_appeal(connection, number="FIRST"), create_appeal(connection)
    key = new_operation_key()
    results = execute(key, "duplicate", [original, appeal], REASON, region=original.region_id, appeal=original.id)
    assert refusal_codes(results) == ["itself", None]
    stored = stored_appeal(connection, appeal)
    assert (stored.status, stored.outcome, stored.set_here) == ("answered", "duplicate", ["status"])
    assert stored.closed_at >= NOW
    ((kind, *_, after),) = event_rows(connection, appeal)
    assert (kind, after["outcome"], after["duplicate_of"]) == ("answered", "duplicate", "FIRST")
    assert refusal_codes(undo(new_operation_key(), key)) == [None]
    reopened = stored_appeal(connection, appeal)
    assert (reopened.status, reopened.outcome, reopened.closed_at) == ("in_progress", None, None)


@pytest.mark.usefixtures("anna")
def test_each_action_marks_its_field_as_set_here(connection: Connection) -> None:
    """Fields that `otklik.intake.merge_sql` doesn't overwrite."""
    appeal = create_appeal(connection)
    factories.topic(connection, "parks")
    for action, fields in (
        ("reassign", {"holder": "roads"}),
        ("extend", {"days": 5, "notice": True}),
        ("return", {}),
        ("topic", {"topic": "parks"}),
    ):
        execute(new_operation_key(), action, [current_version(connection, appeal)], REASON, **fields)
    assert stored_appeal(connection, appeal).set_here == ["holder", "deadline", "status", "topic"]


@pytest.mark.usefixtures("anna")
def test_an_incomplete_action_changes_nothing(connection: Connection) -> None:
    appeal, unseen = create_appeal(connection), create_appeal(connection, region="XB", holder="elsewhere")

    def failure_code(
        action: str,
        reason: str = REASON,
        appeals: list[AppealVersion] | None = None,
        **fields: Any,  # noqa: ANN401 -- a row's columns have no common type
    ) -> str:
        with pytest.raises(ActionFailed) as failure:
            execute(new_operation_key(), action, [appeal] if appeals is None else appeals, reason, **fields)
        return failure.value.code

    assert failure_code("reassign", " ", holder="roads") == "no_reason"
    assert failure_code("reassign", holder="nobody") == "no_holder"
    assert failure_code("return", appeals=[]) == "how_many"
    assert failure_code("return", appeals=[AppealVersion(1, number, NOW) for number in range(1001)]) == "how_many"
    assert failure_code("extend", days=31, notice=True) == "days"
    assert failure_code("extend", days=0, notice=True) == "days"
    assert failure_code("extend", days=30, notice=False) == "no_notice"
    assert failure_code("extend", days=30) == "no_notice"
    assert failure_code("duplicate", region=unseen.region_id, appeal=unseen.id) == "no_original"
    assert failure_code("topic", topic="nothing") == "no_topic"
    assert event_rows(connection, appeal) == []
    assert connection.scalar(text("SELECT count(*) FROM operation")) == 0
