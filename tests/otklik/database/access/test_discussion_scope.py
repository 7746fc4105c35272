"""Discussions of other territories aren't shown, what isn't published is for moderators, and nobody's name is shown."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from otklik.database.access import scope
from otklik.database.access.scope import Scope
from otklik.database.transactions import query_dataframe, write_transaction
from tests.support import factories
from tests.support.appeals.problems import person_scope
from tests.support.participation.discussions import comment, discussion, react

COMMENT_COLUMNS = "id, discussion_id, parent_id, text, written_at, state, published_at, answer_due, answered_at, answer"
CUBES = ("discussion_activity", "discussion_reactions")


@pytest.fixture
def foreign(connection: Connection) -> int:
    """A discussion of XA with a published comment that three like and a pending one; XA-1 lies in XA, XB beside it."""
    for code, level in (("XA", "region"), ("XB", "region"), ("XA-1", "municipality")):
        factories.territory(connection, code, level)
    discussion_id = discussion(connection)
    comment_id = comment(connection, discussion_id)
    comment(connection, discussion_id, state="pending")
    for name in ("boris", "vera", "gleb"):
        react(connection, comment_id, name)
    connection.execute(
        text("INSERT INTO discussion_event (discussion_id, person, kind, reason) VALUES (:id, 'Irina', 'decided', '')"),
        {"id": discussion_id},
    )
    return discussion_id


def count(query: str) -> int:
    return len(query_dataframe(text(query)))


def shown(viewer: Scope | None, discussion_id: int) -> tuple[int, ...]:
    """How many discussions, comments, events and rows of cubes, and reactions by participant."""
    with scope.acting_as(viewer):
        return (
            count("SELECT * FROM discussion"),
            count(f"SELECT {COMMENT_COLUMNS} FROM discussion_comment"),
            count("SELECT * FROM discussion_event"),
            sum(count(f"SELECT * FROM {name} LIMIT 1") for name in CUBES),
            count(f"SELECT * FROM reaction_matrix({discussion_id})"),
        )


def test_what_is_shown_to_whom(connection: Connection, foreign: int) -> None:
    for role, places, expected in (
        ("manager", ("XA",), (1, 2, 1, 2, 3)),
        ("official", ("X",), (1, 2, 1, 2, 3)),
        ("staff", ("XA",), (1, 1, 0, 2, 3)),
        ("administrator", (), (1, 1, 0, 2, 3)),
        ("screen", (), (1, 1, 0, 2, 0)),
        ("manager", ("XB",), (0, 0, 0, 0, 0)),
        ("manager", ("XA-1",), (0, 0, 0, 0, 0)),
    ):
        assert shown(person_scope(connection, role, *places), foreign) == expected, (role, places)
    assert shown(None, foreign) == (0, 0, 0, 0, 0)


@pytest.mark.usefixtures("foreign")
def test_nobody_reads_who_wrote_or_reacted(connection: Connection) -> None:
    with scope.acting_as(person_scope(connection, "manager", "XA")):
        for query in (
            "SELECT * FROM discussion_participant",
            "SELECT * FROM comment_reaction",
            "SELECT participant_id FROM discussion_comment",
            "SELECT municipality_id FROM discussion_comment",
            "SELECT * FROM discussion_activity_truth",
            "SELECT * FROM discussion_reactions_truth",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"):
                query_dataframe(text(query))
        for table in ("discussion", "discussion_comment", "discussion_event", "comment_reaction"):
            with pytest.raises(ProgrammingError, match="permission denied"), write_transaction() as writer:
                writer.execute(text(f"DELETE FROM {table}"))
