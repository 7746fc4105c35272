"""Remedies of problems: added, put off, done; overdue by the territory's own day, and told of until read."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, text

from otklik.database.access import scope
from otklik.database.access.people import Person
from otklik.database.access.scope import Scope
from otklik.database.functions import problems
from otklik.database.functions.problems import STEPS, NewRemedy
from otklik.database.transactions import query_dataframe, write_transaction
from otklik.errors import DatabaseRefusal
from tests.support import factories
from tests.support.appeals.problems import DAY, history, person, person_scope, problem, remedy, stored

TODAY = datetime.now(UTC).date()
RESURFACE = NewRemedy("Resurface", "office", "", TODAY + DAY)


def quiet_hours(connection: Connection, start: str, end: str) -> None:
    """Let no notice be shown between these times of the day."""
    connection.execute(
        text(
            "INSERT INTO setting VALUES ('escalation_quiet_hours', jsonb_build_object("
            "'from', CAST(:start AS text), 'until', CAST(:end AS text)))"
            " ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value"
        ),
        {"start": start, "end": end},
    )


@pytest.fixture
def manager(connection: Connection) -> Scope:
    """A manager of the region XA, which has an office; nobody has quiet hours."""
    factories.organisation(connection, "office")
    quiet_hours(connection, "00:00", "00:00")
    return person_scope(connection, "manager", "XA")


def row_of(connection: Connection, remedy_id: int) -> dict[str, object]:
    statement = text("SELECT * FROM problem_remedy WHERE id = :id")
    return dict(connection.execute(statement, {"id": remedy_id}).mappings().one())


def ids(relation: str) -> list[int]:
    return [int(number) for number in query_dataframe(text(f"SELECT id FROM {relation} ORDER BY id"))["id"]]


def read(*remedies: int) -> int:
    with write_transaction() as connection:
        return int(connection.execute(text("SELECT read_remedies(:those)"), {"those": list(remedies)}).scalar_one())


def test_a_remedy_is_added_put_off_done_and_not_done_after_all(connection: Connection, manager: Scope) -> None:
    number = problem(connection, status="decided", owner_id=manager.person_id)
    with scope.acting_as(manager):
        assert problems.add_remedy(number, 1, RESURFACE, "It pays") == 2
        ((remedy_id,),) = connection.execute(text("SELECT id FROM problem_remedy")).all()
        assert problems.change_remedy_due(remedy_id, 2, TODAY + 9 * DAY, "Rain") == 3
        assert problems.finish_remedy(remedy_id, 3, "Two layers") == 4
        row = row_of(connection, remedy_id)
        assert (row["due"], row["done_by"], row["note"]) == (TODAY + 9 * DAY, manager.person_id, "Two layers")
        assert row["done_at"]
        assert problems.finish_remedy(remedy_id, 4, "Only one", is_done=False) == 5
    row = row_of(connection, remedy_id)
    assert (row["done_at"], row["done_by"], row["note"]) == (None, None, None)
    kinds = ["remedy_added", "remedy_due_changed", "remedy_done", "remedy_undone"]
    reasons = ["It pays", "Rain", "Two layers", "Only one"]
    assert [(kind, reason) for _who, kind, reason in history(connection, number)] == list(
        zip(kinds, reasons, strict=True)
    )
    audited = connection.execute(
        text("SELECT action, after->>'due' FROM audit WHERE object LIKE 'problem %' ORDER BY id")
    )
    later = (TODAY + 9 * DAY).isoformat()
    assert audited.all() == [
        ("remedy added", RESURFACE.due.isoformat()),
        ("remedy rescheduled", later),
        ("remedy done", later),
        ("remedy not done after all", later),
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": " "}, "A remedy needs a title of at most 200 characters."),
        ({"organisation": None}, "A remedy is done either by an organisation or by somebody who is named."),
        ({"organisation": "nobody"}, "A remedy is done either by an organisation or by somebody who is named."),
        ({"responsible": "Ivan"}, "A remedy is done either by an organisation or by somebody who is named."),
        ({"organisation": None, "responsible": "x" * 201}, "A name has at most 200 characters."),
        ({"due": TODAY - 2 * DAY}, "A remedy is due today or later."),
    ],
)
def test_what_can_be_no_remedy_is_refused(
    connection: Connection, manager: Scope, fields: dict[str, Any], message: str
) -> None:
    number = problem(connection)
    with scope.acting_as(manager), pytest.raises(DatabaseRefusal) as refusal:
        problems.add_remedy(number, 1, RESURFACE._replace(**fields), "Because")
    assert str(refusal.value) == message
    assert (stored(connection, number)["version"], history(connection, number)) == (1, [])


Change = Callable[[int, int, str], object]
CHANGES: dict[str, Change] = {
    "due": lambda remedy_id, version, why: problems.change_remedy_due(remedy_id, version, TODAY + 5 * DAY, why),
    "done": problems.finish_remedy,
    "undone": lambda remedy_id, version, why: problems.finish_remedy(remedy_id, version, why, is_done=False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_needs_a_reason_the_version_and_a_remedy_that_is_open_to_it(
    connection: Connection, manager: Scope, name: str
) -> None:
    change, number = CHANGES[name], problem(connection)
    suited = remedy(connection, number, TODAY, is_done=name == "undone")
    unsuited = remedy(connection, number, TODAY, is_done=name != "undone")
    with scope.acting_as(manager):
        for remedy_id, version, why, message in (
            (suited, 1, "", "A reason is needed"),
            (suited, 2, "Because", "Somebody has changed the problem meanwhile"),
            (10**6, 1, "Because", "There is no such problem"),
            (unsuited, 1, "Because", "This remedy isn't done" if name == "undone" else "This remedy is done"),
        ):
            with pytest.raises(DatabaseRefusal, match=message):
                change(remedy_id, version, why)
    assert (stored(connection, number)["version"], history(connection, number)) == (1, [])
    with scope.acting_as(manager):
        change(suited, 1, "Because")
    assert stored(connection, number)["version"] == 2


def test_a_due_day_is_never_put_before_today(connection: Connection, manager: Scope) -> None:
    number = remedy(connection, problem(connection), TODAY + DAY)
    with scope.acting_as(manager), pytest.raises(DatabaseRefusal, match="A remedy is due today or later"):
        problems.change_remedy_due(number, 1, TODAY - 2 * DAY, "Because")


@pytest.mark.parametrize("status", ["closed", "rejected"])
def test_nothing_is_to_be_done_about_a_problem_that_has_ended(
    connection: Connection, manager: Scope, status: str
) -> None:
    number = problem(connection, status=status)
    remedy_id = remedy(connection, number, TODAY)
    with scope.acting_as(manager):
        calls: list[Callable[[], object]] = [partial(problems.add_remedy, number, 1, RESURFACE, "Because")]
        calls += [partial(change, remedy_id, 1, "Because") for change in CHANGES.values()]
        for call in calls:
            with pytest.raises(DatabaseRefusal, match="closed or rejected has nothing more to be done"):
                call()


def test_the_owner_says_that_a_remedy_is_done_and_decides_nothing(connection: Connection) -> None:
    owner, colleague = person(connection, "staff", "XA"), person(connection, "staff", "XA", name="colleague")
    number = problem(connection, owner_id=owner.id)
    remedy_id = remedy(connection, number, TODAY)
    refused: list[tuple[Person, list[Callable[[], object]]]] = [
        (colleague, [partial(problems.finish_remedy, remedy_id, 1, "Done")]),
        (
            owner,
            [
                partial(problems.change_remedy_due, remedy_id, 1, TODAY + DAY, "Later"),
                partial(problems.add_remedy, number, 1, RESURFACE, "More"),
            ],
        ),
    ]
    for viewer, calls in refused:
        with scope.acting_as(viewer.scope):
            for call in calls:
                with pytest.raises(DatabaseRefusal, match='This needs the right "decide"'):
                    call()
    with scope.acting_as(owner.scope):
        problems.finish_remedy(remedy_id, 1, "Done")
    assert row_of(connection, remedy_id)["done_by"] == owner.id


def test_overdue_is_what_is_not_done_when_the_territorys_last_day_is_over(connection: Connection) -> None:
    for code, zone in (("XE", "Pacific/Kiritimati"), ("XW", "Etc/GMT+12")):
        factories.territory(connection, code, timezone=zone)
        today: date = connection.scalar(text("SELECT (now() AT TIME ZONE :zone)::date"), {"zone": zone})
        expected = []
        for status in (*STEPS, "rejected"):
            number = problem(connection, code, status=status)
            late = remedy(connection, number, today - DAY)
            remedy(connection, number, today)
            remedy(connection, number, today - DAY, is_done=True)
            expected += [late] if status not in ("closed", "rejected") else []
        with scope.acting_as(person_scope(connection, "staff", code)):
            assert ids("overdue_remedy") == expected


def test_the_owner_and_those_who_decide_are_told_until_they_have_read_it(
    connection: Connection, manager: Scope
) -> None:
    owner, colleague = person(connection, "staff", "XA"), person(connection, "staff", "XA", name="colleague")
    elsewhere = person(connection, "official", "XB" if factories.territory(connection, "XB") else "")
    late = remedy(connection, problem(connection, owner_id=owner.id), TODAY - 2 * DAY)
    for viewer, notices in ((owner.scope, [late]), (manager, [late]), (colleague.scope, []), (elsewhere.scope, [])):
        with scope.acting_as(viewer):
            assert ids("remedy_notice") == notices
    with scope.acting_as(elsewhere.scope):
        assert read(late) == 0
    with scope.acting_as(manager):
        assert (read(late), read(late), ids("remedy_notice")) == (1, 0, [])
    with scope.acting_as(owner.scope):
        assert ids("remedy_notice") == [late]
    # Put off and overdue again, it is told again.
    connection.execute(text("UPDATE problem_remedy SET due = due - 1"))
    with scope.acting_as(manager):
        assert ids("remedy_notice") == [late]


def test_a_notice_waits_for_the_end_of_quiet_hours(connection: Connection, manager: Scope) -> None:
    remedy(connection, problem(connection), TODAY - 2 * DAY)
    quiet_hours(connection, "00:00", "23:59:59.999999")
    # Overdue since yesterday began, and shown when it ended.
    with scope.acting_as(manager):
        assert len(ids("remedy_notice")) == 1
    connection.execute(text("UPDATE problem_remedy SET due = CURRENT_DATE - 1"))
    with scope.acting_as(manager):
        assert ids("remedy_notice") == []
