"""Pressing twice, pressing at once, and taking it back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from otklik.actions.bulk import NotDone, Row, do, new_key, undo
from otklik.database import people, scope
from otklik.database.people import Person
from otklik.database.refusal import Refused
from tests.support import factories
from tests.support.cases import DAY, NOW, again, codes, given, held, history, person

WHY = "Nobody answers there"


def not_done(key: UUID, of: UUID) -> str:
    with pytest.raises(NotDone) as refused:
        undo(key, of)
    return refused.value.code


@pytest.mark.usefixtures("anna")
def test_the_same_press_again_answers_the_same_and_does_nothing(connection: Connection) -> None:
    one, moved, key = given(connection), given(connection), new_key()
    do(new_key(), "reassign", [moved], "First", holder="housing")
    first = do(key, "reassign", [one, moved], WHY, holder="roads")
    assert codes(first) == [None, "changed"]
    do(new_key(), "reassign", [again(connection, one)], "Back", holder="office")
    assert do(key, "reassign", [one, moved], WHY, holder="roads") == first
    assert held(connection, one).holder == "office"
    assert [line[2] for line in history(connection, one)] == [WHY, "Back"]
    assert connection.scalar(text("SELECT count(*) FROM audit WHERE action = 'appeals reassigned'")) == 3


def test_a_key_stands_for_one_question_of_one_person(connection: Connection, anna: Person) -> None:
    one, key = given(connection), new_key()
    do(key, "reassign", [one], WHY, holder="roads")
    for reason, holder in (("Another reason", "roads"), (WHY, "housing")):
        with pytest.raises(NotDone) as refused:
            do(key, "reassign", [one], reason, holder=holder)
        assert refused.value.code == "key_used"
    with scope.acting(person(connection, "Boris").scope):
        with pytest.raises(NotDone) as refused:
            do(key, "reassign", [one], WHY, holder="roads")
        assert refused.value.code == "key_used"
    assert anna.name == history(connection, one)[0][1]


def test_presses_at_one_moment_do_it_once(connection: Connection, anna: Person) -> None:
    cases, key, start = [given(connection) for _ in range(20)], new_key(), Barrier(6)

    def press(_: int) -> list[Row]:
        with scope.acting(anna.scope):
            start.wait()
            return do(key, "reassign", cases, WHY, holder="roads")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(press, range(6)))
    assert answers == [answers[0]] * 6
    assert codes(answers[0]) == [None] * 20
    assert all(len(history(connection, one)) == 1 for one in cases)


def test_people_who_meet_take_turns_and_each_appeal_goes_to_one(connection: Connection, anna: Person) -> None:
    cases, start = [given(connection) for _ in range(30)], Barrier(4)
    takers = [("roads", anna), *((code, person(connection, code)) for code in ("housing", "agency", "ministry"))]

    def press(taker: tuple[str, Person]) -> list[Row]:
        holder, who = taker
        with scope.acting(who.scope):
            start.wait()
            # Each in another order.
            return do(new_key(), "reassign", cases[len(holder) :] + cases[: len(holder)], WHY, holder=holder)

    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip((holder for holder, _ in takers), pool.map(press, takers), strict=True))
    for number, one in enumerate(cases):
        won = [holder for holder, rows in answers.items() if rows[number].refused is None]
        assert won == [held(connection, one).holder]
        assert {rows[number].refused for holder, rows in answers.items() if holder not in won} == {"changed"}
        assert len(history(connection, one)) == 1


@pytest.mark.usefixtures("anna")
def test_undoing_sets_back_what_nobody_changed_since(connection: Connection) -> None:
    one, other, refused, key, back = given(connection), given(connection), given(connection), new_key(), new_key()
    connection.execute(text("UPDATE appeal SET set_here = '{topic}' WHERE id = :id"), {"id": one.id})
    one = again(connection, one)
    do(new_key(), "reassign", [refused], "First", holder="housing")
    do(key, "reassign", [one, other, refused], WHY, holder="roads")
    with scope.acting(person(connection, "Boris").scope):
        do(new_key(), "reassign", [again(connection, other)], "Mine", holder="housing")
    rows = undo(back, key)
    assert codes(rows) == [None, "changed"]
    assert (rows[1].by, rows[1].at) == ("Boris", held(connection, other).updated_at)
    now = held(connection, one)
    assert (now.holder, now.set_here) == ("office", ["topic"])
    assert held(connection, other).holder == "housing"
    assert history(connection, one)[1:] == [("undone", "Anna", WHY, {"holder": "roads"}, {"holder": "office"})]
    assert undo(back, key) == rows
    assert not_done(new_key(), key) == "undone"
    told = text("SELECT reason, after FROM audit WHERE action = 'undone'")
    (entry,) = connection.execute(told).all()
    assert (entry.reason, entry.after["operation"], entry.after["done"], entry.after["refused"]) == (
        WHY,
        str(key),
        1,
        1,
    )


def test_who_did_it_undoes_it_for_ten_minutes(connection: Connection, anna: Person) -> None:
    one, key = given(connection), new_key()
    do(key, "reassign", [one], WHY, holder="roads")
    with scope.acting(person(connection, "Boris").scope):
        assert not_done(new_key(), key) == "not_undoable"
    with scope.acting(person(connection, "Clara", "staff").scope), pytest.raises(Refused, match="reassign"):
        undo(new_key(), key)
    with scope.acting(anna.scope):
        with pytest.raises(Refused, match="needs the right"):
            undo(new_key(), new_key())
        connection.execute(text("UPDATE operation SET at = at - interval '599 seconds'"))
        first = new_key()
        assert codes(undo(first, key)) == [None]
        with pytest.raises(Refused, match="needs the right"):
            undo(new_key(), first)
        later = new_key()
        do(later, "reassign", [again(connection, one)], WHY, holder="roads")
        connection.execute(text("UPDATE operation SET at = at - interval '601 seconds'"))
        assert not_done(new_key(), later) == "too_late"
    assert held(connection, one).holder == "roads"


@pytest.mark.usefixtures("anna")
def test_a_note_stays(connection: Connection) -> None:
    one, key = given(connection), new_key()
    do(key, "note", [one], "Called.")
    assert not_done(new_key(), key) == "not_undoable"


def test_what_left_ones_territory_is_not_taken_back(connection: Connection, anna: Person) -> None:
    one, key = given(connection, municipality="XA-1"), new_key()
    do(key, "reassign", [one], WHY, holder="roads")
    people.save(connection, anna.id, {"territories": ["XA-2"]})
    moved = people.signed_in("https://id.example.org", "Anna")
    assert moved
    with scope.acting(moved.scope):
        assert codes(undo(new_key(), key)) == ["unseen"]
    assert held(connection, one).holder == "roads"


@pytest.mark.usefixtures("anna")
def test_a_change_that_forgets_the_version_leaves_a_new_one(connection: Connection) -> None:
    one = given(connection)
    connection.execute(text("UPDATE appeal SET topic_id = :topic"), {"topic": factories.topic(connection, "parks")})
    assert held(connection, one).updated_at > one.version
    assert codes(do(new_key(), "reassign", [one], WHY, holder="roads")) == ["changed"]
    assert held(connection, one).updated_at > NOW - DAY
