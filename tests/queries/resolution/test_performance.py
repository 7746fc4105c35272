"""Performance: exact results for given rows, small members last, and cubes against appeals."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
import streamlit
from sqlalchemy import Connection

from otklik.small_numbers import MIN_CASES
from queries.cache.statements import bypass_cubes
from queries.filters import Filters
from queries.resolution import performance, recurring
from queries.resolution.fast_track import fast_track_share
from tests.support import factories

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NOW = datetime.now(UTC)
TODAY = NOW.date()
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
THEN = NOON - 10 * DAY
MONTH = Filters(TODAY - 29 * DAY, TODAY + DAY)


def closed(connection: Connection, after: timedelta = DAY, **columns: object) -> None:
    """An appeal of ten days ago, due after two days and answered after the given time."""
    row = {"received_at": THEN, "deadline_at": THEN + 2 * DAY, "closed_at": THEN + after}
    factories.appeal(connection, **(row | columns))  # type: ignore[arg-type]


@pytest.fixture
def answered(connection: Connection) -> None:
    """One appeal answered at its deadline, one a second later, one open and overdue, one open on the fast track."""
    closed(connection, 2 * DAY, rating=5)
    returned = {"reopened": 1, "first_answered_at": THEN + DAY, "first_returned_at": THEN + 2 * DAY}
    closed(connection, 2 * DAY + SECOND, outcome="explained", **returned)
    factories.appeal(connection, received_at=THEN, deadline_at=NOON - DAY, holder="city", first_holder="office")
    factories.appeal(connection, received_at=THEN, deadline_at=NOW + DAY, regime="fast")
    # In the comparison period.
    closed(connection, received_at=NOON - 40 * DAY, closed_at=NOON - 35 * DAY, deadline_at=NOON - 39 * DAY)


@pytest.mark.usefixtures("answered")
def test_every_tile_is_exact() -> None:
    values = {metric_value.metric.id: metric_value.value for metric_value in performance.kpis(MONTH)}
    assert values == {
        "received": 4,
        "closed": 2,
        "resolved": 1,
        "resolved_share": pytest.approx(0.25),
        "flow_ratio": 0.5,
        "on_time_rate": pytest.approx(1 / 3),
        "closed_on_time_rate": 0.5,
        # One of the comparison period was answered in it, and its week for a return ended in this one.
        "reopened_rate": pytest.approx(1 / 3),
        "redirect_rate": 0.25,
        "answer_mean": pytest.approx(2 + 0.5 / 86400),
        "answer_median": pytest.approx(2, rel=0.05),
        "answer_p90": pytest.approx(2, rel=0.05),
        "fast_share": 0.25,
    }
    assert {metric_value.metric.id: metric_value.previous for metric_value in performance.kpis(MONTH)}["received"] == 1
    fast = fast_track_share(MONTH)
    assert (fast.numerator, fast.denominator, fast.previous) == (1, 4, 0)
    assert fast.low is not None


@pytest.mark.usefixtures("answered")
def test_days_tell_what_was_closed_by_the_deadline() -> None:
    by_day = performance.flow_by_day(MONTH).set_index("day")
    assert by_day[["received", "closed", "on_time"]].sum().tolist() == [4, 2, 1]
    assert list(by_day.loc[(THEN + 2 * DAY).date()]) == [0, 2, 1]


def test_the_distribution_holds_every_answer_and_ends_with_the_slowest(connection: Connection) -> None:
    for after in (timedelta(0), timedelta(hours=12), 5 * DAY + timedelta(hours=12), 9 * DAY):
        closed(connection, after)
    closed(connection, received_at=THEN - 60 * DAY, deadline_at=None)
    rows = performance.answer_time_histogram(MONTH)["appeals"]
    assert rows.sum() == pytest.approx(5)
    assert rows[0] == pytest.approx(2)
    assert rows[5] == pytest.approx(1)
    assert rows[8] + rows[9] == pytest.approx(1)
    assert rows.iloc[-1] == pytest.approx(1)


@pytest.mark.usefixtures("connection")
def test_nothing_closed_is_no_distribution() -> None:
    assert performance.answer_time_histogram(MONTH)["appeals"].sum() == 0
    assert performance.answer_time_percentiles(MONTH) == (None, None)
    assert performance.by_organisation(MONTH).empty
    assert performance.by_topic(MONTH).empty
    assert performance.workload_by_organisation(MONTH).empty
    assert recurring.recurring_problems(MONTH).empty


def test_few_cases_are_left_out_of_a_comparison_and_stand_after_the_others(connection: Connection) -> None:
    for _ in range(MIN_CASES):
        closed(connection, holder="large")
    for _ in range(MIN_CASES - 1):
        closed(connection, holder="small")
    rows = performance.by_organisation(MONTH)
    assert rows["code"].tolist() == ["large", "small"]
    assert rows["small"].tolist() == [False, True]
    assert rows["resolved_share"].isna().tolist() == [False, True]
    assert rows["on_time_rate"].fillna(-1).tolist() == [1.0, -1]
    assert rows["received"].tolist() == [MIN_CASES, MIN_CASES - 1]
    # Without ratings, there is no value even for a large member.
    assert rows["satisfaction"].isna().all()
    assert rows["coverage"].fillna(-1).tolist() == [0, -1]


@pytest.mark.usefixtures("answered")
def test_topics_know_the_time_allowed_and_the_oldest(connection: Connection) -> None:
    factories.appeal(connection, topic="lifts.old", received_at=THEN - 3 * DAY, deadline_at=THEN + DAY)
    factories.appeal(connection, topic="lifts.new", received_at=THEN)
    rows = performance.by_topic(MONTH).set_index("code")
    assert list(rows.loc["lifts", ["received", "open", "time_allowed", "oldest_open"]]) == [2, 2, 4, 13]
    assert rows.loc["roads", "oldest_open"] == 10
    below = performance.by_topic(Filters(MONTH.start, MONTH.end, topic="lifts")).set_index("code")
    assert below["oldest_open"].to_dict() == {"lifts.old": 13, "lifts.new": 10}


@pytest.mark.usefixtures("answered")
def test_the_load_of_each_organisation() -> None:
    rows = performance.workload_by_organisation(MONTH).set_index("code")
    assert list(rows.loc["city", ["open", "overdue", "overdue_share", "small"]]) == [1, 1, 1.0, True]
    assert list(rows.loc["office", ["open", "overdue"]]) == [1, 0]


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(
    "filters",
    [
        MONTH,
        Filters(MONTH.start, MONTH.end, territory="XA"),
        Filters(MONTH.start, MONTH.end, topic="roads", regime="fast"),
    ],
)
def test_cubes_say_what_the_appeals_say(filters: Filters) -> None:
    def answered() -> list[pd.DataFrame]:
        streamlit.cache_data.clear()
        panels = (
            performance.by_organisation,
            performance.by_topic,
            performance.by_channel,
            performance.answer_time_histogram,
        )
        return [
            *(ask(filters) for ask in panels),
            performance.flow_by_day(filters),
            recurring.recurring_problems(filters),
        ]

    cubes = answered()
    token = bypass_cubes.set(True)
    try:
        appeals = answered()
    finally:
        bypass_cubes.reset(token)
        streamlit.cache_data.clear()
    for metric_value, other in zip(cubes, appeals, strict=True):
        pd.testing.assert_frame_equal(metric_value, other)
