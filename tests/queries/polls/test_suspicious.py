"""Suspicious votes of a poll: found, shown to those who see the poll, and never left out of its result."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from otklik.database.access import scope
from queries.polls.results import results
from queries.polls.suspicious import suspicion
from tests.support.appeals.problems import person_scope
from tests.support.participation.poll_votes import CLEAN_A_DAY, CLEAN_DAYS, PLANTED, manipulated_poll
from tests.support.participation.polls import close, poll

CLEAN = CLEAN_DAYS * CLEAN_A_DAY
CLEAN_YES = 152


def test_flagged_votes_are_named_and_stay_in_the_result(connection: Connection) -> None:
    manipulated = manipulated_poll(connection)
    running = suspicion(manipulated, "running", "en")
    (finding,) = running.findings[running.findings["kind"] == "burst"].to_dict("records")
    assert finding["votes"] == PLANTED
    assert finding["expected"] < 3
    assert finding["last"] - finding["first"] <= timedelta(minutes=10)
    assert finding["probability"] < 0.002
    assert running.rows.empty
    with scope.acting_as(person_scope(connection, "manager", "XB")):
        assert suspicion(manipulated, "running", "en").votes == 0
    close(connection, manipulated)
    closed = suspicion(manipulated, "closed", "en")
    assert (closed.flagged, closed.votes) == (PLANTED, CLEAN + PLANTED)
    without = closed.rows.set_index("option")
    assert without.loc["Yes", "share"] == pytest.approx((CLEAN_YES + PLANTED) / (CLEAN + PLANTED))
    assert without.loc["Yes", "without"] == pytest.approx(CLEAN_YES / CLEAN, abs=closed.unit / 2)
    assert closed.unit * CLEAN >= 10
    assert results(manipulated)["ballots"].iloc[:2].tolist() == [CLEAN_YES + PLANTED, CLEAN - CLEAN_YES]


def test_a_poll_without_votes_has_nothing_suspicious(connection: Connection) -> None:
    assert suspicion(poll(connection), "running", "en").findings.empty
