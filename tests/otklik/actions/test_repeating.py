"""Pressing twice, pressing at once, and taking it back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from otklik.actions.bulk import ActionFailed, ActionResult, execute, new_operation_key, undo
from otklik.database import people, scope
from otklik.database.people import Person
from otklik.errors import DatabaseRefusal
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

WHY = "Nobody answers there"


def not_done(key: UUID, of: UUID) -> str:
    with pytest.raises(ActionFailed) as refused:
        undo(key, of)
    return refused.value.code


@pytest.mark.usefixtures("anna")
def test_the_same_press_again_answers_the_same_and_does_nothing(connection: Connection) -> None:
    one, moved, key = create_appeal(connection), create_appeal(connection), new_operation_key()
    execute(new_operation_key(), "reassign", [moved], "First", holder="housing")
    first = execute(key, "reassign", [one, moved], WHY, holder="roads")
    assert refusal_codes(first) == [None, "changed"]
    execute(new_operation_key(), "reassign", [current_version(connection, one)], "Back", holder="office")
    assert execute(key, "reassign", [one, moved], WHY, holder="roads") == first
    assert stored_appeal(connection, one).holder == "office"
    assert [line[2] for line in event_rows(connection, one)] == [WHY, "Back"]
    assert connection.scalar(text("SELECT count(*) FROM audit WHERE action = 'appeals reassigned'")) == 3


def test_a_key_stands_for_one_question_of_one_person(connection: Connection, anna: Person) -> None:
    one, key = create_appeal(connection), new_operation_key()
    execute(key, "reassign", [one], WHY, holder="roads")
    for reason, holder in (("Another reason", "roads"), (WHY, "housing")):
        with pytest.raises(ActionFailed) as refused:
            execute(key, "reassign", [one], reason, holder=holder)
        assert refused.value.code == "key_used"
    with scope.acting_as(create_person(connection, "Boris").scope):
        with pytest.raises(ActionFailed) as refused:
            execute(key, "reassign", [one], WHY, holder="roads")
        assert refused.value.code == "key_used"
    assert anna.name == event_rows(connection, one)[0][1]


def test_presses_at_one_moment_do_it_once(connection: Connection, anna: Person) -> None:
    cases, key, start = [create_appeal(connection) for _ in range(20)], new_operation_key(), Barrier(6)

    def press(_: int) -> list[ActionResult]:
        with scope.acting_as(anna.scope):
            start.wait()
            return execute(key, "reassign", cases, WHY, holder="roads")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(press, range(6)))
    assert answers == [answers[0]] * 6
    assert refusal_codes(answers[0]) == [None] * 20
    assert all(len(event_rows(connection, one)) == 1 for one in cases)


def test_people_who_meet_take_turns_and_each_appeal_goes_to_one(connection: Connection, anna: Person) -> None:
    cases, start = [create_appeal(connection) for _ in range(30)], Barrier(4)
    takers = [("roads", anna), *((code, create_person(connection, code)) for code in ("housing", "agency", "ministry"))]

    def press(taker: tuple[str, Person]) -> list[ActionResult]:
        holder, who = taker
        with scope.acting_as(who.scope):
            start.wait()
            # Each in another order.
            return execute(
                new_operation_key(), "reassign", cases[len(holder) :] + cases[: len(holder)], WHY, holder=holder
            )

    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip((holder for holder, _ in takers), pool.map(press, takers), strict=True))
    for number, one in enumerate(cases):
        won = [holder for holder, rows in answers.items() if rows[number].refusal_code is None]
        assert won == [stored_appeal(connection, one).holder]
        assert {rows[number].refusal_code for holder, rows in answers.items() if holder not in won} == {"changed"}
        assert len(event_rows(connection, one)) == 1


@pytest.mark.usefixtures("anna")
def test_undoing_sets_back_what_nobody_changed_since(connection: Connection) -> None:
    one, other, refused, key, back = (
        create_appeal(connection),
        create_appeal(connection),
        create_appeal(connection),
        new_operation_key(),
        new_operation_key(),
    )
    connection.execute(text("UPDATE appeal SET set_here = '{topic}' WHERE id = :id"), {"id": one.id})
    one = current_version(connection, one)
    execute(new_operation_key(), "reassign", [refused], "First", holder="housing")
    execute(key, "reassign", [one, other, refused], WHY, holder="roads")
    with scope.acting_as(create_person(connection, "Boris").scope):
        execute(new_operation_key(), "reassign", [current_version(connection, other)], "Mine", holder="housing")
    rows = undo(back, key)
    assert refusal_codes(rows) == [None, "changed"]
    assert (rows[1].changed_by, rows[1].changed_at) == ("Boris", stored_appeal(connection, other).updated_at)
    now = stored_appeal(connection, one)
    assert (now.holder, now.set_here) == ("office", ["topic"])
    assert stored_appeal(connection, other).holder == "housing"
    assert event_rows(connection, one)[1:] == [("undone", "Anna", WHY, {"holder": "roads"}, {"holder": "office"})]
    assert undo(back, key) == rows
    assert not_done(new_operation_key(), key) == "undone"
    told = text("SELECT reason, after FROM audit WHERE action = 'undone'")
    (entry,) = connection.execute(told).all()
    assert (entry.reason, entry.after["operation"], entry.after["done"], entry.after["refused"]) == (
        WHY,
        str(key),
        1,
        1,
    )


def test_who_did_it_undoes_it_for_ten_minutes(connection: Connection, anna: Person) -> None:
    one, key = create_appeal(connection), new_operation_key()
    execute(key, "reassign", [one], WHY, holder="roads")
    with scope.acting_as(create_person(connection, "Boris").scope):
        assert not_done(new_operation_key(), key) == "not_undoable"
    with (
        scope.acting_as(create_person(connection, "Clara", "staff").scope),
        pytest.raises(DatabaseRefusal, match="reassign"),
    ):
        undo(new_operation_key(), key)
    with scope.acting_as(anna.scope):
        with pytest.raises(DatabaseRefusal, match="needs the right"):
            undo(new_operation_key(), new_operation_key())
        connection.execute(text("UPDATE operation SET at = at - interval '599 seconds'"))
        first = new_operation_key()
        assert refusal_codes(undo(first, key)) == [None]
        with pytest.raises(DatabaseRefusal, match="needs the right"):
            undo(new_operation_key(), first)
        later = new_operation_key()
        execute(later, "reassign", [current_version(connection, one)], WHY, holder="roads")
        connection.execute(text("UPDATE operation SET at = at - interval '601 seconds'"))
        assert not_done(new_operation_key(), later) == "too_late"
    assert stored_appeal(connection, one).holder == "roads"


@pytest.mark.usefixtures("anna")
def test_a_note_stays(connection: Connection) -> None:
    one, key = create_appeal(connection), new_operation_key()
    execute(key, "note", [one], "Called.")
    assert not_done(new_operation_key(), key) == "not_undoable"


def test_what_left_ones_territory_is_not_taken_back(connection: Connection, anna: Person) -> None:
    one, key = create_appeal(connection, municipality="XA-1"), new_operation_key()
    execute(key, "reassign", [one], WHY, holder="roads")
    people.save_person_as_owner(connection, anna.id, {"territories": ["XA-2"]})
    moved = people.person_of_sign_in("https://id.example.org", "Anna")
    assert moved
    with scope.acting_as(moved.scope):
        assert refusal_codes(undo(new_operation_key(), key)) == ["unseen"]
    assert stored_appeal(connection, one).holder == "roads"


@pytest.mark.usefixtures("anna")
def test_a_change_that_forgets_the_version_leaves_a_new_one(connection: Connection) -> None:
    one = create_appeal(connection)
    connection.execute(text("UPDATE appeal SET topic_id = :topic"), {"topic": factories.topic(connection, "parks")})
    assert stored_appeal(connection, one).updated_at > one.version
    assert refusal_codes(execute(new_operation_key(), "reassign", [one], WHY, holder="roads")) == ["changed"]
    assert stored_appeal(connection, one).updated_at > NOW - DAY
