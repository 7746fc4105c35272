"""Problems of other territories are neither shown nor changed, whatever a page asks for."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from otklik.database.access import scope
from otklik.database.access.scope import Scope
from otklik.database.functions import problems
from otklik.database.functions.problems import NewRemedy
from otklik.database.transactions import query_dataframe, write_transaction
from otklik.errors import DatabaseRefusal
from tests.support import factories
from tests.support.appeals.problems import DAY, event, history, person, person_scope, problem, remedy, stored

TODAY = datetime.now(UTC).date()
RELATIONS = ("problem", "problem_remedy", "problem_event", "overdue_remedy")


@pytest.fixture
def foreign(connection: Connection) -> int:
    """A problem of XA with an overdue remedy and a comment; XA-1 lies in XA, and XB beside it."""
    for code, level in (("XA", "region"), ("XB", "region"), ("XA-1", "municipality")):
        factories.territory(connection, code, level)
    number = problem(connection, "XA", owner_id=person(connection, "staff", "XA", name="owner").id)
    remedy(connection, number, TODAY - 2 * DAY)
    event(connection, number, "comment", "Seen")
    return number


def counts(viewer: Scope | None) -> dict[str, int]:
    with scope.acting_as(viewer):
        return {name: len(query_dataframe(text(f"SELECT * FROM {name}"))) for name in RELATIONS}


@pytest.mark.usefixtures("foreign")
def test_a_problem_is_shown_to_those_who_see_its_whole_territory(connection: Connection) -> None:
    seen, unseen = dict.fromkeys(RELATIONS, 1), dict.fromkeys(RELATIONS, 0)
    for places, expected in ((("XA",), seen), (("X",), seen), ((), seen), (("XB",), unseen), (("XA-1",), unseen)):
        assert counts(person_scope(connection, "manager", *places)) == expected, places
    assert counts(None) == unseen


def test_nobody_changes_a_problem_that_they_are_not_shown(connection: Connection, foreign: int) -> None:
    remedy_id = connection.scalar(text("SELECT id FROM problem_remedy"))
    assert isinstance(remedy_id, int)
    for place in ("XB", "XA-1"):
        with scope.acting_as(person_scope(connection, "official", place)):
            for call in (
                lambda: problems.move_problem(foreign, 1, "confirmed", "Because"),
                lambda: problems.change_problem(foreign, 1, "Title", "More", None, "Because"),
                lambda: problems.comment_problem(foreign, "Seen"),
                lambda: problems.add_remedy(foreign, 1, NewRemedy("More", None, "Ivan", TODAY + DAY), "Because"),
                lambda: problems.change_remedy_due(remedy_id, 1, TODAY + DAY, "Because"),
                lambda: problems.finish_remedy(remedy_id, 1, "Because"),
            ):
                with pytest.raises(DatabaseRefusal, match="There is no such problem"):
                    call()
            assert problems.possible_owners("XA").empty
            assert query_dataframe(text("SELECT * FROM problem_owners()")).empty
    assert (stored(connection, foreign)["version"], history(connection, foreign)) == (1, [("Irina", "comment", "Seen")])
    with scope.acting_as(person_scope(connection, "official", "XA")):
        assert list(query_dataframe(text("SELECT name FROM problem_owners()"))["name"]) == ["Owner"]


@pytest.mark.parametrize("relation", ["problem", "problem_remedy", "problem_event", "remedy_read"])
def test_no_table_is_written_directly(connection: Connection, foreign: int, relation: str) -> None:
    assert foreign
    with scope.acting_as(person_scope(connection, "official", "XA")):
        for statement in (f"DELETE FROM {relation}", f"INSERT INTO {relation} DEFAULT VALUES", f"TRUNCATE {relation}"):
            with pytest.raises(ProgrammingError, match="permission denied"), write_transaction() as writer:
                writer.execute(text(statement))


@pytest.mark.usefixtures("foreign")
def test_what_the_functions_are_made_of_is_not_called_directly(connection: Connection) -> None:
    with scope.acting_as(person_scope(connection, "official", "XA")):
        for call in ("lock_problem(1, 1)", "record_problem(1, 'moved', 'x', 'x', NULL, NULL)", "remedy_fields(1)"):
            with pytest.raises(ProgrammingError, match="permission denied"), write_transaction() as writer:
                writer.execute(text(f"SELECT {call}"))
