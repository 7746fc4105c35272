"""Opening problems, deciding on them and commenting on them: each step, each refusal, and what is written about it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from otklik.database.access import scope
from otklik.database.access.scope import Scope
from otklik.database.functions import problems
from otklik.database.functions.problems import ENDED_STATUSES, REJECTED, STEPS, NewProblem
from otklik.errors import DatabaseRefusal
from tests.support import factories
from tests.support.appeals.problems import DAY, history, person, person_scope, problem, stored
from tests.support.appeals.surges import alarm

TODAY = datetime.now(UTC).date()
STATUSES = (*STEPS, REJECTED)
POTHOLES = NewProblem("XA", "roads.surface", "Potholes come back", "The third spring", None, TODAY - DAY)


@pytest.fixture
def manager(connection: Connection) -> Scope:
    """A manager of the region XA, where roads are a topic."""
    factories.territory(connection, "XA")
    factories.territory(connection, "XB")
    factories.topic(connection, "roads.surface")
    return person_scope(connection, "manager", "XA")


def audit_entries(connection: Connection) -> list[tuple[str, str, str]]:
    rows = connection.execute(text("SELECT action, object, reason FROM audit ORDER BY id"))
    return [(row.action, row.object, row.reason) for row in rows if row.action.startswith(("problem", "remedy"))]


def test_an_opened_problem_is_found_and_says_who_opened_it_and_why(connection: Connection, manager: Scope) -> None:
    owner = person(connection, "staff", "XA")
    with scope.acting_as(manager):
        number = problems.open_problem(POTHOLES._replace(owner_id=owner.id, title="  Potholes come back "))
    row = stored(connection, number)
    assert (row["title"], row["status"], row["version"], row["owner_id"]) == (
        "Potholes come back",
        "found",
        1,
        owner.id,
    )
    assert (row["since"], row["surge_starts"], row["opened_by"]) == (TODAY - DAY, None, manager.person_id)
    assert history(connection, number) == [("Manager-xa", "opened", "The third spring")]
    assert audit_entries(connection) == [("problem opened", f"problem {number}", "The third spring")]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"territory": "XB"}, 'There is no territory "XB".'),
        ({"territory": "nowhere"}, 'There is no territory "nowhere".'),
        ({"topic": "nothing"}, "A problem needs a topic."),
        ({"title": "  "}, "A problem needs a title of at most 200 characters."),
        ({"title": "x" * 201}, "A problem needs a title of at most 200 characters."),
        ({"description": " "}, "A reason is needed."),
        ({"description": "x" * 1001}, "A reason has at most 1000 characters."),
        ({"since": TODAY + 2 * DAY}, "A problem begins today or before."),
        ({"surge_starts": TODAY}, "There is no such surge."),
        ({"cluster_id": 10**12}, "There is no such cluster."),
        ({"owner_id": 10**6}, "This person doesn't see problems of this territory."),
    ],
)
def test_what_can_not_be_opened_is_refused_in_one_sentence(
    connection: Connection, manager: Scope, fields: dict[str, Any], message: str
) -> None:
    with scope.acting_as(manager), pytest.raises(DatabaseRefusal) as refusal:
        problems.open_problem(POTHOLES._replace(**fields))
    assert str(refusal.value) == message
    assert connection.scalar(text("SELECT count(*) FROM problem")) == 0
    assert audit_entries(connection) == []


def test_a_problem_of_today_is_opened_and_the_day_is_the_territorys(connection: Connection) -> None:
    # Between them these two are on different days at any hour.
    factories.topic(connection, "roads.surface")
    for code, zone in (("XE", "Pacific/Kiritimati"), ("XW", "Etc/GMT+12")):
        factories.territory(connection, code, timezone=zone)
        with scope.acting_as(person_scope(connection, "official", code)):
            today: date = connection.scalar(text("SELECT (now() AT TIME ZONE :zone)::date"), {"zone": zone})
            assert problems.open_problem(POTHOLES._replace(territory=code, since=today))
            with pytest.raises(DatabaseRefusal, match="begins today or before"):
                problems.open_problem(POTHOLES._replace(territory=code, since=today + DAY))


def test_a_problem_remembers_the_surge_that_it_was_opened_from(connection: Connection, manager: Scope) -> None:
    alarm(connection, TODAY - DAY, "XA")
    starts = TODAY - 7 * DAY
    with scope.acting_as(manager):
        number = problems.open_problem(POTHOLES._replace(since=starts, surge_starts=starts))
    assert stored(connection, number)["surge_starts"] == starts


@pytest.mark.parametrize(
    ("role", "may_open", "may_decide"),
    [
        ("staff", False, False),
        ("manager", True, True),
        ("official", True, True),
        ("administrator", True, False),
        ("screen", False, False),
    ],
)
def test_each_role_does_what_it_may_and_nothing_else(
    connection: Connection, role: str, *, may_open: bool, may_decide: bool
) -> None:
    number = problem(connection)
    with scope.acting_as(person_scope(connection, role, "XA")):
        for is_allowed, call in (
            (may_open, lambda: problems.open_problem(POTHOLES)),
            (may_open, lambda: problems.comment_problem(number, "Seen")),
            (may_decide, lambda: problems.move_problem(number, 1, "confirmed", "Seen")),
            (may_decide, lambda: problems.change_problem(number, 2, "Title", "More", None, "Seen")),
        ):
            if is_allowed:
                call()
            else:
                with pytest.raises(DatabaseRefusal, match="This needs the right"):
                    call()
        assert problems.possible_owners("XA").empty is not may_open
    assert stored(connection, number)["status"] == ("confirmed" if may_decide else "found")


@pytest.mark.parametrize(
    ("old", "neighbours"),
    [
        ("found", {"confirmed", "rejected"}),
        ("confirmed", {"found", "decided", "rejected"}),
        ("decided", {"confirmed", "in_progress", "rejected"}),
        ("in_progress", {"decided", "checked", "rejected"}),
        ("checked", {"in_progress", "closed", "rejected"}),
        ("closed", {"checked"}),
        ("rejected", {"found"}),
    ],
)
def test_a_step_leads_to_the_next_status_or_the_one_before_or_to_rejected(
    connection: Connection, manager: Scope, old: str, neighbours: set[str]
) -> None:
    assert set(problems.next_statuses(old)) == neighbours
    for new in (*STATUSES, "nonsense", ""):
        number = problem(connection, owner_id=manager.person_id, status=old)
        with scope.acting_as(manager):
            if new in neighbours:
                assert problems.move_problem(number, 1, new, "Because") == 2
                assert (stored(connection, number)["status"], stored(connection, number)["version"]) == (new, 2)
                assert history(connection, number) == [("Manager-xa", "moved", "Because")]
                assert audit_entries(connection)[-1] == ("problem moved", f"problem {number}", "Because")
            else:
                with pytest.raises(DatabaseRefusal, match="This step doesn't follow from where the problem is now"):
                    problems.move_problem(number, 1, new, "Because")
                assert (stored(connection, number)["status"], history(connection, number)) == (old, [])
    assert len(audit_entries(connection)) == len(neighbours)


def test_no_step_without_a_reason_and_no_decision_without_an_owner(connection: Connection, manager: Scope) -> None:
    number = problem(connection, status="confirmed")
    with scope.acting_as(manager):
        with pytest.raises(DatabaseRefusal, match="A reason is needed"):
            problems.move_problem(number, 1, "found", " \u200b ")
        with pytest.raises(DatabaseRefusal, match="A problem needs an owner before it is decided"):
            problems.move_problem(number, 1, "decided", "Because")
        problems.change_problem(number, 1, "Title", "More", manager.person_id, "Named")
        problems.move_problem(number, 2, "decided", "Because")
        with pytest.raises(DatabaseRefusal, match="A problem that is decided needs an owner"):
            problems.change_problem(number, 3, "Title", "More", None, "Left")
    assert stored(connection, number)["owner_id"] == manager.person_id


def test_a_change_names_the_fields_before_and_after(connection: Connection, manager: Scope) -> None:
    number = problem(connection)
    with scope.acting_as(manager):
        assert problems.change_problem(number, 1, " Ruts ", "Deep", manager.person_id, "Seen") == 2
        for title, description in (("", "Deep"), ("Ruts", " "), ("Ruts", "x" * 1001)):
            with pytest.raises(DatabaseRefusal, match=r"A problem needs a (title|description) of"):
                problems.change_problem(number, 2, title, description, None, "Seen")
    ((before, after),) = connection.execute(text("SELECT before, after FROM problem_event")).all()
    assert before == {"title": "Potholes come back", "description": "Seen by many", "owner": None}
    assert after == {"title": "Ruts", "description": "Deep", "owner": "Manager-xa"}
    assert audit_entries(connection) == [("problem changed", f"problem {number}", "Seen")]


def test_an_owner_sees_the_territory_and_works(connection: Connection, manager: Scope) -> None:
    number = problem(connection)
    elsewhere, screen = person(connection, "staff", "XB"), person(connection, "screen", "XA")
    town = factories.territory(connection, "XA-1", "municipality")
    assert town
    too_low, above = person(connection, "official", "XA-1"), person(connection, "official", "X")
    left = person(connection, "official", "XA", name="left")
    connection.execute(text("UPDATE person SET is_active = false WHERE id = :id"), {"id": left.id})
    with scope.acting_as(manager):
        for nobody in (elsewhere, screen, too_low, left):
            with pytest.raises(DatabaseRefusal, match="This person doesn't see problems of this territory"):
                problems.change_problem(number, 1, "Title", "More", nobody.id, "Named")
        names = set(problems.possible_owners("XA")["name"])
        assert {"Manager-xa", "Official-x"} <= names
        assert not names & {"Staff-xb", "Screen-xa", "Official-xa-1", "Left"}
        problems.change_problem(number, 1, "Title", "More", above.id, "Named")
        assert problems.possible_owners("XB").empty


def test_a_comment_is_no_change_and_needs_words(connection: Connection, manager: Scope) -> None:
    number = problem(connection, status="closed")
    with scope.acting_as(manager):
        problems.comment_problem(number, " Still quiet ")
        for comment in ("", " ", "x" * 1001):
            with pytest.raises(DatabaseRefusal, match="A comment has 1 to 1000 characters"):
                problems.comment_problem(number, comment)
    assert history(connection, number) == [("Manager-xa", "comment", "Still quiet")]
    assert stored(connection, number)["version"] == 1


def test_what_was_changed_meanwhile_is_refused(connection: Connection, manager: Scope) -> None:
    number = problem(connection, owner_id=manager.person_id)
    with scope.acting_as(manager):
        problems.move_problem(number, 1, "confirmed", "First")
        with pytest.raises(DatabaseRefusal, match="Somebody has changed the problem meanwhile"):
            problems.move_problem(number, 1, "rejected", "Second")
        with pytest.raises(DatabaseRefusal, match="Somebody has changed the problem meanwhile"):
            problems.change_problem(number, 1, "Title", "More", None, "Second")
    assert history(connection, number) == [("Manager-xa", "moved", "First")]


def test_of_two_at_once_one_is_refused(connection: Connection, manager: Scope) -> None:
    number = problem(connection)

    def step(status: str) -> int | str:
        with scope.acting_as(manager):
            try:
                return problems.move_problem(number, 1, status, status)
            except DatabaseRefusal as refusal:
                return str(refusal)

    with ThreadPoolExecutor() as pool:
        results = list(pool.map(step, ("confirmed", "rejected")))
    assert sorted(map(str, results)) == ["2", "Somebody has changed the problem meanwhile."]
    assert len(history(connection, number)) == len(audit_entries(connection)) == 1


def test_the_history_is_append_only_and_a_change_is_announced(connection: Connection, manager: Scope, url: str) -> None:
    number = problem(connection)
    with psycopg.connect(url, autocommit=True) as listener:
        listener.execute("LISTEN otklik_announcements")
        with scope.acting_as(manager):
            problems.comment_problem(number, "Seen")
        payloads = {notification.payload for notification in listener.notifies(timeout=5, stop_after=2)}
    assert "problems" in payloads
    for statement in ("UPDATE problem_event SET reason = 'x'", "DELETE FROM problem_event"):
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))


def test_every_status_is_a_step_or_an_end() -> None:
    assert set(ENDED_STATUSES) < set(STATUSES)
    assert all(problems.next_statuses(status) for status in STATUSES)
