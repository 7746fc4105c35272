"""Polls of other territories aren't shown, and no ballot or answer is shown to anybody."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from otklik.database.access import scope
from otklik.database.access.scope import Scope
from otklik.database.cubes.rollups import fold_cubes
from otklik.database.functions.votes import Answer
from otklik.database.transactions import query_dataframe, write_transaction
from tests.support import factories
from tests.support.appeals.problems import person_scope
from tests.support.participation.polls import poll, question, vote

RELATIONS = (
    *("poll_release", "poll_release_figure", "poll", "poll_question", "poll_option"),
    *("poll_turnout", "poll_channel_votes", "poll_group_votes"),
    *("poll_vote_fresh", "poll_turnout_folded", "poll_channel_votes_folded", "poll_group_votes_folded"),
)
COUNTED_BY_OPTION = (
    *("poll_vote_fresh", "poll_channel_votes", "poll_channel_votes_folded", "poll_group_votes"),
    "poll_group_votes_folded",
)
VIEWS = ("poll_turnout", "poll_channel_votes", "poll_group_votes")


@pytest.fixture
def foreign(connection: Connection, url: str) -> int:
    """A poll of XA with two votes, one of them folded; XA-1 lies in XA, and XB beside it."""
    for code, level in (("XA", "region"), ("XB", "region"), ("XA-1", "municipality")):
        factories.territory(connection, code, level)
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes")
    for name in ("anna", "boris"):
        vote(connection, poll_id, name, [Answer(single.id, single.options[0])])
        if name == "anna":
            fold_cubes(url)
    release = "INSERT INTO poll_release SELECT id, territory_id, now(), 10, now(), 10 FROM poll"
    figure = "INSERT INTO poll_release_figure SELECT id, territory_id, 'all', 0, 0, 0, 10, 10, 10 FROM poll"
    for statement in (release, figure):
        connection.execute(text(statement))
    return poll_id


def counts(viewer: Scope | None) -> dict[str, int]:
    with scope.acting_as(viewer):
        return {name: len(query_dataframe(text(f"SELECT * FROM {name}"))) for name in RELATIONS}


@pytest.mark.usefixtures("foreign")
def test_a_poll_is_shown_to_those_who_see_its_whole_territory(connection: Connection) -> None:
    # Of what is counted by options, a row for the ballots and one for the answers.
    seen = {name: 2 if name in COUNTED_BY_OPTION else 1 for name in RELATIONS}
    unseen = dict.fromkeys(RELATIONS, 0)
    for places, expected in ((("XA",), seen), (("X",), seen), ((), seen), (("XB",), unseen), (("XA-1",), unseen)):
        assert counts(person_scope(connection, "manager", *places)) == expected, places
    assert counts(None) == unseen


@pytest.mark.usefixtures("foreign")
@pytest.mark.parametrize("role", ["staff", "manager", "official", "administrator"])
def test_nobody_reads_a_ballot_or_an_answer(connection: Connection, role: str) -> None:
    with scope.acting_as(person_scope(connection, role)):
        for relation in ("poll_ballot", "poll_answer", "poll_vote_truth", "poll_group_votes_truth"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                query_dataframe(text(f"SELECT count(*) FROM {relation}"))


@pytest.mark.parametrize("relation", [name for name in (*RELATIONS, "poll_ballot", "poll_answer") if name not in VIEWS])
def test_no_table_is_written_directly(connection: Connection, foreign: int, relation: str) -> None:
    assert foreign
    with scope.acting_as(person_scope(connection, "official", "XA")):
        for statement in (f"DELETE FROM {relation}", f"INSERT INTO {relation} DEFAULT VALUES"):
            with pytest.raises(ProgrammingError, match="permission denied"), write_transaction() as writer:
                writer.execute(text(statement))


def test_nobody_votes_through_the_screens(connection: Connection, foreign: int) -> None:
    with scope.acting_as(person_scope(connection, "official", "XA")):
        for call in (
            f"cast_vote({foreign}, sha256('x'), 'portal', NULL, 0, 0, '[]')",
            f"withdraw_vote({foreign}, sha256('x'))",
            "fold_polls()",
            f"must_take_votes(ARRAY[{foreign}])",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), write_transaction() as writer:
                writer.execute(text(f"SELECT {call}"))
