"""Repeated and simultaneous operations, and undoing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from otklik.actions.bulk import ActionFailed, ActionResult, execute, new_operation_key, undo
from otklik.database.access import people, scope
from otklik.database.access.people import Person
from otklik.errors import DatabaseRefusal
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

REASON = "Nobody answers there"


def undo_failure(key: UUID, operation: UUID) -> str:
    with pytest.raises(ActionFailed) as refused:
        undo(key, operation)
    return refused.value.code


@pytest.mark.usefixtures("anna")
def test_a_repeated_key_returns_the_first_result_and_changes_nothing(connection: Connection) -> None:
    appeal, moved, key = create_appeal(connection), create_appeal(connection), new_operation_key()
    execute(new_operation_key(), "reassign", [moved], "First", holder="housing")
    first = execute(key, "reassign", [appeal, moved], REASON, holder="roads")
    assert refusal_codes(first) == [None, "changed"]
    execute(new_operation_key(), "reassign", [current_version(connection, appeal)], "Back", holder="office")
    assert execute(key, "reassign", [appeal, moved], REASON, holder="roads") == first
    assert stored_appeal(connection, appeal).holder == "office"
    assert [line[2] for line in event_rows(connection, appeal)] == [REASON, "Back"]
    assert connection.scalar(text("SELECT count(*) FROM audit WHERE action = 'appeals reassigned'")) == 3


def test_a_key_with_other_contents_or_from_another_person_is_refused(connection: Connection, anna: Person) -> None:
    appeal, key = create_appeal(connection), new_operation_key()
    execute(key, "reassign", [appeal], REASON, holder="roads")
    for reason, holder in (("Another reason", "roads"), (REASON, "housing")):
        with pytest.raises(ActionFailed) as refused:
            execute(key, "reassign", [appeal], reason, holder=holder)
        assert refused.value.code == "key_used"
    with scope.acting_as(create_person(connection, "Boris").scope):
        with pytest.raises(ActionFailed) as refused:
            execute(key, "reassign", [appeal], REASON, holder="roads")
        assert refused.value.code == "key_used"
    assert anna.name == event_rows(connection, appeal)[0][1]


def test_simultaneous_calls_with_one_key_execute_once(connection: Connection, anna: Person) -> None:
    appeals, key, start = [create_appeal(connection) for _ in range(20)], new_operation_key(), Barrier(6)

    def press(_: int) -> list[ActionResult]:
        with scope.acting_as(anna.scope):
            start.wait()
            return execute(key, "reassign", appeals, REASON, holder="roads")

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(press, range(6)))
    assert results == [results[0]] * 6
    assert refusal_codes(results[0]) == [None] * 20
    assert all(len(event_rows(connection, appeal)) == 1 for appeal in appeals)


def test_simultaneous_operations_take_turns_and_each_appeal_is_changed_once(
    connection: Connection, anna: Person
) -> None:
    appeals, start = [create_appeal(connection) for _ in range(30)], Barrier(4)
    takers = [("roads", anna), *((code, create_person(connection, code)) for code in ("housing", "agency", "ministry"))]

    def press(taker: tuple[str, Person]) -> list[ActionResult]:
        holder, who = taker
        with scope.acting_as(who.scope):
            start.wait()
            # Each operation has the appeals in another order.
            return execute(
                new_operation_key(), "reassign", appeals[len(holder) :] + appeals[: len(holder)], REASON, holder=holder
            )

    with ThreadPoolExecutor(4) as pool:
        results = dict(zip((holder for holder, _ in takers), pool.map(press, takers), strict=True))
    for number, appeal in enumerate(appeals):
        takers_done = [holder for holder, rows in results.items() if rows[number].refusal_code is None]
        assert takers_done == [stored_appeal(connection, appeal).holder]
        assert {rows[number].refusal_code for holder, rows in results.items() if holder not in takers_done} == {
            "changed"
        }
        assert len(event_rows(connection, appeal)) == 1


@pytest.mark.usefixtures("anna")
def test_undoing_sets_back_appeals_that_nobody_has_changed_since(connection: Connection) -> None:
    appeal, changed_appeal, refused, key, undo_key = (
        create_appeal(connection),
        create_appeal(connection),
        create_appeal(connection),
        new_operation_key(),
        new_operation_key(),
    )
    connection.execute(text("UPDATE appeal SET set_here = '{topic}' WHERE id = :id"), {"id": appeal.id})
    appeal = current_version(connection, appeal)
    execute(new_operation_key(), "reassign", [refused], "First", holder="housing")
    execute(key, "reassign", [appeal, changed_appeal, refused], REASON, holder="roads")
    with scope.acting_as(create_person(connection, "Boris").scope):
        execute(
            new_operation_key(), "reassign", [current_version(connection, changed_appeal)], "Mine", holder="housing"
        )
    rows = undo(undo_key, key)
    assert refusal_codes(rows) == [None, "changed"]
    assert (rows[1].changed_by, rows[1].changed_at) == ("Boris", stored_appeal(connection, changed_appeal).updated_at)
    stored = stored_appeal(connection, appeal)
    assert (stored.holder, stored.set_here) == ("office", ["topic"])
    assert stored_appeal(connection, changed_appeal).holder == "housing"
    assert event_rows(connection, appeal)[1:] == [("undone", "Anna", REASON, {"holder": "roads"}, {"holder": "office"})]
    assert undo(undo_key, key) == rows
    assert undo_failure(new_operation_key(), key) == "undone"
    undone_entries = text("SELECT reason, after FROM audit WHERE action = 'undone'")
    (entry,) = connection.execute(undone_entries).all()
    assert (entry.reason, entry.after["operation"], entry.after["done"], entry.after["refused"]) == (
        REASON,
        str(key),
        1,
        1,
    )


def test_only_the_person_who_acted_may_undo_for_ten_minutes(connection: Connection, anna: Person) -> None:
    appeal, key = create_appeal(connection), new_operation_key()
    execute(key, "reassign", [appeal], REASON, holder="roads")
    with scope.acting_as(create_person(connection, "Boris").scope):
        assert undo_failure(new_operation_key(), key) == "not_undoable"
    with (
        scope.acting_as(create_person(connection, "Clara", "staff").scope),
        pytest.raises(DatabaseRefusal, match="reassign"),
    ):
        undo(new_operation_key(), key)
    with scope.acting_as(anna.scope):
        with pytest.raises(DatabaseRefusal, match="needs the right"):
            undo(new_operation_key(), new_operation_key())
        connection.execute(text("UPDATE operation SET at = at - interval '540 seconds'"))
        first = new_operation_key()
        assert refusal_codes(undo(first, key)) == [None]
        with pytest.raises(DatabaseRefusal, match="needs the right"):
            undo(new_operation_key(), first)
        later = new_operation_key()
        execute(later, "reassign", [current_version(connection, appeal)], REASON, holder="roads")
        connection.execute(text("UPDATE operation SET at = at - interval '601 seconds'"))
        assert undo_failure(new_operation_key(), later) == "too_late"
    assert stored_appeal(connection, appeal).holder == "roads"


@pytest.mark.usefixtures("anna")
def test_a_note_cannot_be_undone(connection: Connection) -> None:
    appeal, key = create_appeal(connection), new_operation_key()
    execute(key, "note", [appeal], "Called.")
    assert undo_failure(new_operation_key(), key) == "not_undoable"


def test_an_appeal_that_left_the_territory_is_not_undone(connection: Connection, anna: Person) -> None:
    appeal, key = create_appeal(connection, municipality="XA-1"), new_operation_key()
    execute(key, "reassign", [appeal], REASON, holder="roads")
    people.save_person_as_owner(connection, anna.id, {"territories": ["XA-2"]})
    moved = people.person_of_sign_in("https://id.example.org", "Anna")
    assert moved
    with scope.acting_as(moved.scope):
        assert refusal_codes(undo(new_operation_key(), key)) == ["unseen"]
    assert stored_appeal(connection, appeal).holder == "roads"


@pytest.mark.usefixtures("anna")
def test_a_change_outside_of_actions_makes_a_new_version(connection: Connection) -> None:
    appeal = create_appeal(connection)
    connection.execute(text("UPDATE appeal SET topic_id = :topic"), {"topic": factories.topic(connection, "parks")})
    assert stored_appeal(connection, appeal).updated_at > appeal.version
    assert refusal_codes(execute(new_operation_key(), "reassign", [appeal], REASON, holder="roads")) == ["changed"]
    assert stored_appeal(connection, appeal).updated_at > NOW - DAY
