"""Suspicious votes of a poll: found, shown to those who see the poll, and never left out of its result."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Connection, text

from otklik.database.access import scope
from queries.polls.results import results
from queries.polls.suspicious import suspicion
from tests.support.polls import DAY, Question, close, poll, question
from tests.support.problems import person_scope

NOW = datetime.now(UTC)
BALLOTS_SQL = text(
    "INSERT INTO poll_ballot (poll_id, voter, cast_at, channel_id) SELECT :poll, sha256(CAST(:name AS bytea)), :at,"
    " (SELECT min(id) FROM channel) RETURNING id"
)
ANSWER_SQL = text(
    "INSERT INTO poll_answer (ballot_id, poll_id, question_id, kind, option_id) VALUES (:b, :p, :q, :k, :o)"
)


@pytest.fixture
def manipulated(connection: Connection) -> int:
    """Twenty days with 15 votes from nine to five, of six patterns; and forty votes in ten minutes of an evening."""
    poll_id = poll(connection, opens_at=NOW - 21 * DAY)
    single = question(connection, poll_id, "single", "Yes", "No")
    scale = question(connection, poll_id, "scale", "1", "2", "3")
    first_day = datetime.combine((NOW - 20 * DAY).date(), time(9), UTC)
    for day in range(19):
        for number in range(15):
            at = first_day + day * DAY + timedelta(minutes=32 * number + 7 * (day % 4))
            cast(connection, poll_id, at, (single, number % 2), (scale, (number + day) % 3))
    for number in range(40):
        at = first_day + 8 * DAY + timedelta(hours=10, seconds=15 * number)
        cast(connection, poll_id, at, (single, 0), (scale, number % 3))
    return poll_id


def cast(connection: Connection, poll_id: int, at: datetime, *answers: tuple[Question, int]) -> None:
    ballot = connection.execute(BALLOTS_SQL, {"poll": poll_id, "name": f"{at}".encode(), "at": at}).scalar_one()
    for asked, option in answers:
        kind = "single" if len(asked.options) == 2 else "scale"
        values = {"b": ballot, "p": poll_id, "q": asked.id, "k": kind, "o": asked.options[option]}
        connection.execute(ANSWER_SQL, values)


def test_flagged_votes_are_named_and_stay_in_the_result(connection: Connection, manipulated: int) -> None:
    running = suspicion(manipulated, "running", "en")
    (finding,) = running.findings[running.findings["kind"] == "burst"].to_dict("records")
    assert finding["votes"] == 40
    assert finding["expected"] < 3
    assert finding["last"] - finding["first"] <= timedelta(minutes=20)
    assert finding["probability"] < 0.002
    assert running.rows.empty
    close(connection, manipulated)
    closed = suspicion(manipulated, "closed", "en")
    assert (closed.flagged, closed.votes) == (40, 19 * 15 + 40)
    without = closed.rows.set_index("option")
    # Of 285 votes, 152 said yes; with the others 192 of 325.
    assert without.loc["Yes", "share"] == pytest.approx(192 / 325)
    assert without.loc["Yes", "without"] == pytest.approx(152 / 285, abs=closed.unit / 2)
    assert closed.unit * 285 >= 10
    assert results(manipulated)["ballots"].iloc[:2].tolist() == [192, 133]


def test_nobody_else_searches_the_votes(connection: Connection, manipulated: int) -> None:
    with scope.acting_as(person_scope(connection, "manager", "XB")):
        assert suspicion(manipulated, "running", "en").votes == 0


def test_a_poll_without_votes_has_nothing_suspicious(connection: Connection) -> None:
    assert suspicion(poll(connection), "running", "en").findings.empty
