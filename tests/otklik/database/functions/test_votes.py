"""Votes are cast, changed and withdrawn while their poll is open, one a person, and say nothing of who that is."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from otklik.database.functions import votes
from otklik.database.functions.votes import Answer
from otklik.errors import DatabaseRefusal
from tests.support import factories
from tests.support.participation.polls import DAY, close, poll, question, vote, voter_id

NOW = datetime.now(UTC)
OPEN_ONLY = "A vote is cast, changed and withdrawn while its poll is open, neither before nor after"


def total(connection: Connection, option_id: int | None = None) -> int:
    """Ballots of the turnout, or of an option."""
    if option_id is None:
        return connection.scalar(text("SELECT coalesce(sum(ballots), 0) FROM poll_turnout")) or 0
    query = text("SELECT sum(ballots) FROM poll_channel_votes WHERE question_id <> 0 AND option_id = :option")
    return connection.scalar(query, {"option": option_id}) or 0


def test_a_vote_counts_once_and_as_it_is_now(connection: Connection) -> None:
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes", "No")
    multiple = question(connection, poll_id, "multiple", "Trees", "Benches")
    words = question(connection, poll_id, "open")
    yes, no = single.options
    trees, benches = multiple.options
    ballot = vote(
        connection,
        poll_id,
        "anna",
        [
            Answer(single.id, yes),
            Answer(multiple.id, trees),
            Answer(multiple.id, benches),
            Answer(words.id, text="More"),
        ],
    )
    assert (total(connection), total(connection, yes), total(connection, trees)) == (1, 1, 1)
    assert total(connection, votes.UNKNOWN) == 1
    assert vote(connection, poll_id, "anna", [Answer(single.id, no)]) == ballot
    assert [total(connection, option) for option in (yes, no, trees, benches, votes.UNKNOWN)] == [0, 1, 0, 0, 0]
    assert total(connection) == 1
    assert votes.withdraw_vote(connection, poll_id, voter_id("anna"))
    assert not votes.withdraw_vote(connection, poll_id, voter_id("anna"))
    assert (total(connection), total(connection, no)) == (0, 0)
    assert vote(connection, poll_id, "anna", [Answer(single.id, yes)]) == ballot
    assert (total(connection), total(connection, yes)) == (1, 1)


@pytest.mark.parametrize("moment", ["draft", "before", "after"])
def test_a_poll_takes_votes_only_while_it_is_open(connection: Connection, moment: str) -> None:
    opens_at = NOW + DAY if moment == "before" else None
    poll_id = poll(connection, opens_at=opens_at, is_draft=moment == "draft")
    single = question(connection, poll_id, "single", "Yes", "No")
    if moment == "after":
        vote(connection, poll_id, "anna", [Answer(single.id, single.options[0])])
        close(connection, poll_id)
        with pytest.raises(DatabaseRefusal, match=OPEN_ONLY):
            vote(connection, poll_id, "anna", [Answer(single.id, single.options[1])])
        with pytest.raises(DatabaseRefusal, match=OPEN_ONLY):
            votes.withdraw_vote(connection, poll_id, voter_id("anna"))
        for statement in (
            "DELETE FROM poll_answer",
            "UPDATE poll_ballot SET changed_at = now()",
            """INSERT INTO poll_ballot (poll_id, voter, channel_id)
                SELECT poll_id, sha256('x'), channel_id FROM poll_ballot""",
        ):
            with pytest.raises(DBAPIError, match="while its poll is open"):
                connection.execute(text(statement))
        assert (total(connection), total(connection, single.options[0])) == (1, 1)
    with pytest.raises(DatabaseRefusal, match=OPEN_ONLY):
        vote(connection, poll_id, "boris", [Answer(single.id, single.options[0])])


def test_a_closed_poll_stays_closed(connection: Connection) -> None:
    poll_id = poll(connection, eligible=100, quorum_votes=20)
    close(connection, poll_id)
    for change in ("closes_at = now() + interval '1 day'", "quorum_votes = 1", "eligible = 30", "published_at = NULL"):
        with pytest.raises(DBAPIError, match="a poll that is closed stays closed"):
            connection.execute(text(f"UPDATE poll SET {change}"))
    connection.execute(text("UPDATE poll SET title = 'A park'"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE poll_ballot SET age_band = 18",
        "UPDATE poll_ballot SET cast_at = cast_at - interval '1 day'",
        "UPDATE poll_ballot SET voter = sha256('x')",
        "UPDATE poll_answer SET option_id = option_id + 1",
        "UPDATE poll SET territory_id = (SELECT id FROM territory WHERE code = 'X')",
    ],
)
def test_what_a_vote_is_counted_by_stays(connection: Connection, statement: str) -> None:
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes", "No")
    vote(connection, poll_id, "anna", [Answer(single.id, single.options[0])])
    with pytest.raises(DBAPIError, match="what a vote is counted by stays as it was when it was cast"):
        connection.execute(text(statement))


def test_a_withdrawn_vote_has_no_answers(connection: Connection) -> None:
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes", "No")
    vote(connection, poll_id, "anna", [Answer(single.id, single.options[0])])
    with pytest.raises(DBAPIError, match="a withdrawn vote has no answers"):
        connection.execute(text("UPDATE poll_ballot SET withdrawn_at = now()"))
    votes.withdraw_vote(connection, poll_id, voter_id("anna"))
    with pytest.raises(DBAPIError, match="a withdrawn vote has no answers"):
        connection.execute(
            text(
                "INSERT INTO poll_answer (ballot_id, poll_id, question_id, kind, option_id)"
                " SELECT b.id, b.poll_id, o.question_id, 'single', o.id FROM poll_ballot AS b, poll_option AS o LIMIT 1"
            )
        )


@pytest.mark.parametrize(
    "fault",
    ["two of one", "twice the same", "of another question", "of another poll", "words for an option", "neither"],
)
def test_answers_fit_their_question(connection: Connection, fault: str) -> None:
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes", "No")
    multiple = question(connection, poll_id, "multiple", "Trees", "Benches")
    foreign = question(connection, poll(connection, number="P-2"), "single", "Yes")
    answers = {
        "two of one": [Answer(single.id, option) for option in single.options],
        "twice the same": [Answer(multiple.id, multiple.options[0])] * 2,
        "of another question": [Answer(single.id, multiple.options[0])],
        "of another poll": [Answer(foreign.id, foreign.options[0])],
        "words for an option": [Answer(single.id, text="Yes")],
        "neither": [Answer(single.id)],
    }[fault]
    with pytest.raises(IntegrityError):
        vote(connection, poll_id, "anna", answers)
    assert total(connection) == 0


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"number": "a b"}, "poll_number"),
        ({"title": " "}, "poll_title"),
        ({"opens_at": NOW, "closes_at": NOW}, "poll_period"),
        ({"quorum_votes": 3, "quorum_share": 0.1, "eligible": 9}, "poll_quorum"),
        ({"quorum_share": 0.1}, "poll_quorum"),
        ({"eligible": 0}, "poll_eligible"),
    ],
)
def test_a_poll_is_complete(connection: Connection, columns: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        poll(connection, **columns)  # type: ignore[arg-type]


def test_the_hash_of_a_voter_differs_by_poll_and_key() -> None:
    hashes = {
        votes.voter_hash(key, number, person)
        for key in (b"one", b"two")
        for number in ("P-1", "P-2")
        for person in ("anna", "boris")
    }
    assert len(hashes) == 8
    assert {len(value) for value in hashes} == {32}


@pytest.mark.parametrize(
    ("age", "band"), [(13, 0), (14, 14), (17, 14), (18, 18), (24, 18), (25, 25), (64, 55), (99, 65)]
)
def test_ages_come_in_bands(age: int, band: int) -> None:
    assert votes.age_band(age) == band


def test_a_vote_counts_on_the_local_day_of_its_poll(connection: Connection) -> None:
    factories.territory(connection, "XT", timezone="Asia/Tokyo")
    poll_id = poll(connection, "XT")
    vote(connection, poll_id, "anna")
    expected = connection.scalar(text("SELECT (cast_at AT TIME ZONE 'Asia/Tokyo')::date FROM poll_ballot"))
    assert connection.scalar(text("SELECT day FROM poll_turnout")) == expected
