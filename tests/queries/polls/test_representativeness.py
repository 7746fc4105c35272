"""Voters against who lives there, and weighted results, or the reason for there being none."""

import pytest
import streamlit
from sqlalchemy import Connection

from otklik.database.functions.votes import FEMALE, MALE, Answer
from queries.polls.representativeness import population_shares, weighting
from tests.support import factories
from tests.support.participation.poll_votes import LIVING_SQL, divided_poll, populate
from tests.support.participation.polls import close, poll, question, vote


@pytest.fixture
def towns(connection: Connection) -> list[int]:
    return [factories.territory(connection, f"XA-{number}", "municipality") for number in range(2)]


def test_each_town_counts_as_many_as_live_there(connection: Connection, towns: list[int]) -> None:
    populate(connection, towns)
    poll_id = divided_poll(connection, towns)
    assert population_shares(poll_id, "territory") == {towns[0]: 0.75, towns[1]: 0.25}
    assert population_shares(poll_id, "sex") == {MALE: 0.5, FEMALE: 0.5}
    assert population_shares(poll_id, "channel") == {}
    assert weighting(poll_id, "running", "en").reason == "running"
    close(connection, poll_id)
    streamlit.cache_data.clear()
    found = weighting(poll_id, "closed", "en")
    assert found.reason == ""
    assert list(found.rows["share"]) == [0.5, 0.5]
    assert list(found.rows["weighted"]) == pytest.approx([0.75, 0.25], abs=found.unit / 2)
    # 280 votes of weights 1.5 and 0.5.
    assert found.effective == 220
    assert found.unit * 280 >= 10
    assert found.missing == ()


def test_a_result_that_cannot_be_weighted_says_why(connection: Connection, towns: list[int]) -> None:
    poll_id = divided_poll(connection, towns)
    close(connection, poll_id)
    assert weighting(poll_id, "closed", "en").reason == "population"
    populate(connection, towns)
    third = factories.territory(connection, "XA-2", "municipality")
    connection.execute(LIVING_SQL, {"town": third, "band": 65, "sex": MALE, "n": 9000})
    streamlit.cache_data.clear()
    found = weighting(poll_id, "closed", "en")
    assert found.reason == "missing"
    assert [group[:2] for group in found.missing] == [("territory", third)]


def test_few_votes_carry_no_weights(connection: Connection, towns: list[int]) -> None:
    populate(connection, towns)
    poll_id = poll(connection)
    asked = question(connection, poll_id, "single", "Yes")
    for number in range(60):
        answer = Answer(asked.id, asked.options[0])
        vote(connection, poll_id, number, [answer], municipality_id=towns[number % 2])
    close(connection, poll_id)
    assert weighting(poll_id, "closed", "en").reason in ("missing", "few")
