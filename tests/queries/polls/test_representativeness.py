"""Voters against who lives there, and weighted results, or the reason for there being none."""

from collections.abc import Iterator

import pytest
import streamlit
from sqlalchemy import Connection, text

from otklik.database.functions.votes import AGE_BANDS, FEMALE, MALE, Answer
from queries.polls.representativeness import population_shares, weighting
from tests.support import factories
from tests.support.polls import close, poll, question, vote

LIVING = (
    "INSERT INTO population_group (territory_id, age_band, sex, people, source) VALUES (:town, :band, :sex, :n, 'test')"
)


@pytest.fixture
def towns(connection: Connection) -> list[int]:
    return [factories.territory(connection, f"XA-{number}", "municipality") for number in range(2)]


def populate(connection: Connection, towns: list[int]) -> None:
    """Three in four live in the first town; as many of each age and sex."""
    for town, n in zip(towns, (3000, 1000), strict=True):
        for band in AGE_BANDS:
            for sex in (MALE, FEMALE):
                connection.execute(text(LIVING), {"town": town, "band": band, "sex": sex, "n": n})


def voters() -> Iterator[tuple[int, int, int]]:
    """Town, age band and sex of 280 people: as many of each town, age and sex."""
    for number in range(280):
        yield number % 2, AGE_BANDS[number // 2 % 7], MALE if number // 14 % 2 else FEMALE


def cast(connection: Connection, towns: list[int]) -> int:
    """In the first town all say yes, in the other one nobody."""
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes", "No")
    for number, (town, band, sex) in enumerate(voters()):
        answer = Answer(single.id, single.options[town])
        vote(connection, poll_id, number, [answer], municipality_id=towns[town], age_band=band, sex=sex)
    return poll_id


def test_each_town_counts_as_many_as_live_there(connection: Connection, towns: list[int]) -> None:
    populate(connection, towns)
    poll_id = cast(connection, towns)
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
    poll_id = cast(connection, towns)
    close(connection, poll_id)
    assert weighting(poll_id, "closed", "en").reason == "population"
    populate(connection, towns)
    third = factories.territory(connection, "XA-2", "municipality")
    connection.execute(text(LIVING), {"town": third, "band": 65, "sex": MALE, "n": 9000})
    streamlit.cache_data.clear()
    found = weighting(poll_id, "closed", "en")
    assert found.reason == "missing"
    assert [group[:2] for group in found.missing] == [("territory", third)]
    small = poll(connection, number="P-2")
    asked = question(connection, small, "single", "Yes")
    for number, (town, band, sex) in enumerate(voters()):
        if number < 12:
            vote(connection, small, number, [Answer(asked.id, asked.options[0])], age_band=band, sex=sex)
        assert town in (0, 1)
    close(connection, small)
    assert weighting(small, "closed", "en").reason in ("missing", "few")
