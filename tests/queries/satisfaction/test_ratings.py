"""Ratings: exact results at the edges of days, classes and small numbers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection

from otklik.small_numbers import wilson_interval
from queries.filters import Filters
from queries.satisfaction import ratings as satisfaction
from queries.satisfaction.low_ratings import low_rated_appeals
from tests.support import factories

START, END = date(2024, 3, 1), date(2024, 3, 31)
MARCH = Filters(START, END)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def rated(connection: Connection, *ratings: int | None, closed_at: datetime = NOON, **columns: Any) -> None:  # noqa: ANN401 -- a row's columns have no common type
    columns.setdefault("received_at", closed_at - DAY)
    for rating in ratings:
        factories.appeal(connection, rating=rating, closed_at=closed_at, **columns)


def test_each_figure_with_its_coverage(connection: Connection) -> None:
    rated(connection, 5, 4, 3, 2, 1, None, None, None)
    returned = {"first_answered_at": NOON - DAY, "first_returned_at": NOON}
    rated(connection, None, reopened=1, closed_at=NOON + DAY, received_at=NOON - DAY, **returned)
    metric_values = {metric_value.metric.id: metric_value for metric_value in satisfaction.kpis(MARCH)}
    assert metric_values["satisfaction"].value == 0.4
    assert metric_values["satisfaction"].coverage == pytest.approx(5 / 9)
    assert metric_values["rating_mean"].value == 3.0
    assert metric_values["rating_mean"].coverage == pytest.approx(5 / 9)
    assert metric_values["rated"].value == 5
    assert metric_values["low_share"].value == 0.4
    assert metric_values["reopened_rate"].value == pytest.approx(1 / 9)


def test_the_distribution_has_every_rating(connection: Connection) -> None:
    rated(connection, 5, 5, 5, 1, None)
    rows = satisfaction.rating_distribution(MARCH)
    assert list(rows["appeals"]) == [1, 0, 0, 0, 3]
    assert list(rows["share"]) == [0.25, 0, 0, 0, 0.75]


@pytest.mark.usefixtures("connection")
def test_nothing_rated_is_nothing_to_divide_by() -> None:
    assert satisfaction.rating_distribution(MARCH)["share"].isna().all()
    assert satisfaction.satisfaction_by(MARCH, "topic").empty
    assert low_rated_appeals(MARCH).empty
    assert list(satisfaction.satisfaction_by_answer_time(MARCH)["rated"]) == [0] * 6


def test_the_trend_goes_by_the_day_and_over_many_days_by_the_week(connection: Connection) -> None:
    rated(connection, 5, 1)
    rated(connection, 5, closed_at=NOON + DAY)
    daily = satisfaction.satisfaction_trend(MARCH).set_index("day")
    assert len(daily) == 30
    assert daily["satisfaction"][NOON.date()] == 0.5
    assert daily["small"].all()
    weekly = satisfaction.satisfaction_trend(Filters(date(2024, 2, 1), END)).set_index("day")
    assert {day.weekday() for day in weekly.index} == {0}
    # 10 March is a Sunday: the next day begins another week.
    assert weekly["rated"][date(2024, 3, 4)] == 2
    assert weekly["rated"][date(2024, 3, 11)] == 1


def test_the_least_satisfied_come_first_and_those_of_few_ratings_last(connection: Connection) -> None:
    rated(connection, *[5] * 20, *[1] * 10, topic="good")
    rated(connection, *[5] * 10, *[1] * 20, topic="bad")
    rated(connection, *[1] * 29, topic="few")
    rated(connection, 1, topic="one")
    rated(connection, None, topic="unrated")
    rows = satisfaction.satisfaction_by(MARCH, "topic")
    assert list(rows["code"]) == ["bad", "good", "few", "one"]
    assert list(rows["small"]) == [False, False, True, True]
    assert (rows["low"][0], rows["high"][0]) == wilson_interval(10, 30)


def test_classes_of_answer_time_hold_their_upper_end(connection: Connection) -> None:
    for days, rating in ((1, 5), (3, 4), (8, 3), (15, 2), (30, 1)):
        rated(connection, rating, received_at=NOON - days * DAY)
        rated(connection, None, received_at=NOON - days * DAY - SECOND)
    rows = satisfaction.satisfaction_by_answer_time(MARCH)
    assert list(rows["upto"].dropna()) == [1, 3, 8, 15, 30]
    assert list(rows["rated"]) == [1, 1, 1, 1, 1, 0]
    assert list(rows["satisfaction"].fillna(-1)) == [1, 1, 0, 0, 0, -1]
    assert rows["coverage"].iloc[0] == 1.0
    assert rows["coverage"].iloc[1] == 0.5


def test_days_are_those_of_the_region(connection: Connection) -> None:
    factories.territory(connection, "KAM", timezone="Asia/Kamchatka")
    dawn = datetime(2024, 2, 29, 12, tzinfo=UTC)  # 1 March begins there
    rated(connection, 1, closed_at=dawn, region="KAM", number="first")
    rated(connection, 1, closed_at=dawn - SECOND, region="KAM", number="before")
    dusk = datetime(2024, 3, 30, 12, tzinfo=UTC)  # 31 March begins there
    rated(connection, 1, closed_at=dusk - SECOND, region="KAM", number="last")
    rated(connection, 1, closed_at=dusk, region="KAM", number="after")
    assert list(low_rated_appeals(MARCH)["number"]) == ["last", "first"]
    assert satisfaction.satisfaction_by_answer_time(MARCH)["rated"].sum() == 2


def test_low_ratings_say_what_became_of_them_last_closed_first(connection: Connection) -> None:
    rated(connection, 2, number="closed")
    rated(connection, 1, number="again", reopened=1, closed_at=NOON + 2 * DAY)
    factories.appeal(
        connection, number="open", rating=1, reopened=1, received_at=NOON - DAY, rated_at=NOON + DAY, deadline_at=None
    )
    rated(connection, 3, number="middling")
    factories.appeal(connection, number="unrated", received_at=NOON)
    rows = low_rated_appeals(MARCH)
    assert list(rows["number"]) == ["again", "open", "closed"]
    assert list(rows["fate"]) == ["again", "open", "closed"]
    assert pd.isna(rows["closed_at"][1])
    assert list(low_rated_appeals(MARCH, 1)["number"]) == ["again"]


def test_low_ratings_keep_to_the_filters(connection: Connection) -> None:
    rated(connection, 1, number="town", municipality="XA-1", topic="roads.holes", channel="app")
    rated(connection, 1, number="elsewhere", topic="housing")
    filter_choices: tuple[dict[str, Any], ...] = ({"territory": "XA-1"}, {"topic": "roads"}, {"channel": "app"})
    for filter_codes in filter_choices:
        assert list(low_rated_appeals(Filters(START, END, **filter_codes))["number"]) == ["town"]
