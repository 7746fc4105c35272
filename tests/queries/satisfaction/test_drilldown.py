"""The appeals behind a bar are those that it counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.satisfaction import drilldown, low_rating_outcomes, ratings
from queries.satisfaction.drilldown import BAR_VALUES, BarKind
from tests.support import factories

MARCH = Filters(date(2024, 3, 1), date(2024, 4, 1))
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def answers(connection: Connection) -> None:
    """Appeals of each rating, on both sides of the first class of answer times, and of each outcome."""
    for n, rating in enumerate((1, 2, 3, 4, 5, 5, None)):
        factories.appeal(connection, number=f"R/{n}", received_at=NOON, closed_at=NOON + DAY, rating=rating)
    factories.appeal(connection, number="SLOW", received_at=NOON, closed_at=NOON + DAY + SECOND, rating=4)
    again: dict[str, Any] = {"received_at": NOON, "closed_at": NOON + 9 * DAY, "reopened": 1}
    for number, rating, later in (("BEFORE", 5, -SECOND), ("LOW", 1, SECOND), ("SO", 3, SECOND), ("MENDED", 4, SECOND)):
        factories.appeal(connection, number=number, rating=rating, rated_at=NOON + 9 * DAY + later, **again)
    factories.appeal(connection, number="OPEN", received_at=NOON, rating=1, rated_at=NOON + DAY, reopened=1)
    factories.appeal(connection, number="APRIL", received_at=NOON, closed_at=NOON + 30 * DAY, rating=1)


def numbers(bar: BarKind, bar_value: str, filters: Filters = MARCH) -> list[str]:
    return drilldown.appeals_behind_bar(filters, bar, bar_value)["number"].tolist()


@pytest.mark.usefixtures("answers")
def test_each_list_is_as_long_as_its_bar() -> None:
    spread = ratings.rating_distribution(MARCH)["appeals"].tolist()
    assert [len(numbers("rating", bar_value)) for bar_value in BAR_VALUES["rating"]] == spread == [3, 1, 2, 3, 3]
    delay = ratings.satisfaction_by_answer_time(MARCH)["rated"].tolist()
    assert [len(numbers("delay", bar_value)) for bar_value in BAR_VALUES["delay"]] == delay == [6, 1, 0, 3, 0, 0]
    fate = low_rating_outcomes.outcome_counts(MARCH).set_index("fate")["appeals"].to_dict()
    assert {bar_value: len(numbers("fate", bar_value)) for bar_value in BAR_VALUES["fate"]} == fate
    assert sum(fate.values()) == 7


@pytest.mark.usefixtures("answers")
def test_each_list_begins_with_the_last() -> None:
    assert numbers("delay", "1") == ["SLOW"]
    assert numbers("fate", "open") == ["OPEN"]
    assert numbers("fate", "good") == ["MENDED"]
    assert numbers("rating", "4")[0] == "MENDED"


@pytest.mark.usefixtures("answers")
def test_the_filters_hold(connection: Connection) -> None:
    factories.appeal(connection, number="APP", received_at=NOON, closed_at=NOON + DAY, rating=3, channel="app")
    assert numbers("rating", "3", replace(MARCH, channel="app")) == ["APP"]


@pytest.mark.usefixtures("connection")
def test_behind_nothing_is_nothing() -> None:
    assert all(
        drilldown.appeals_behind_bar(MARCH, bar, bar_value).empty
        for bar, each in BAR_VALUES.items()
        for bar_value in each
    )
