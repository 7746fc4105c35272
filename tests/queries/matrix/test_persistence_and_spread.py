"""What lasts and what spreads, and what is chance."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from scipy import stats
from sqlalchemy import Connection

from queries.filters import Filters
from queries.matrix.axes import matrix_axes
from queries.matrix.counts import WEEKS, WeeklyCounts, weekly_counts
from queries.matrix.persistence_and_spread import is_elevated, is_spreading, persistence, persistent_weeks, spread
from tests.support import factories

DAY = timedelta(days=1)
TODAY = datetime.now(UTC).date()
FILTERS = Filters(TODAY - 28 * DAY, TODAY, "none")


def weeks_of(received: np.ndarray, due: np.ndarray | None = None, met: np.ndarray | None = None) -> WeeklyCounts:
    """Counts by week, row and column; nothing due unless given."""
    nothing = np.zeros_like(received)
    return WeeklyCounts(date(2026, 1, 5), received, nothing if due is None else due, nothing if met is None else met)


def test_nine_of_twelve_weeks_are_chance_and_ten_are_not() -> None:
    assert stats.binom.sf(8, 12, 0.5) > 0.05
    assert persistent_weeks(12) == 10
    assert stats.binom.sf(persistent_weeks(12) - 1, 12, 0.5) <= 0.025
    # Six weeks are the first that can tell, and all of them have to be above.
    assert (persistent_weeks(6), persistent_weeks(5), persistent_weeks(0)) == (6, 6, 1)


@pytest.mark.parametrize(("excess_weeks", "lasts"), [(12, True), (10, True), (9, False), (2, False)])
def test_a_cell_persists_in_ten_of_twelve_weeks(excess_weeks: int, *, lasts: bool) -> None:
    received = np.full((WEEKS, 4, 6), 20.0)
    # The rest as little as makes up for nothing: over all weeks together the cell has more in each case.
    received[:excess_weeks, 1, 2] = 200 if excess_weeks < 10 else 60
    received[excess_weeks:, 1, 2] = 15
    marks = persistence(weeks_of(received))
    assert marks.weeks_above[1, 2] == excess_weeks
    assert bool(marks.is_persistent[1, 2]) is lasts
    assert marks.is_persistent.sum() == int(lasts)


def test_often_a_little_more_is_not_yet_beyond_chance() -> None:
    received = np.full((WEEKS, 3, 5), 20.0)
    received[:, 1, 2] = 21
    marks = persistence(weeks_of(received))
    assert marks.weeks_above[1, 2] == WEEKS
    assert not marks.is_persistent.any()


def test_what_is_late_week_after_week_persists_too() -> None:
    received, due = np.full((WEEKS, 3, 5), 20.0), np.full((WEEKS, 3, 5), 20.0)
    met = np.full((WEEKS, 3, 5), 18.0)
    met[:, 2, 4] = 6
    marks = persistence(weeks_of(received, due, met))
    assert np.argwhere(marks.is_persistent).tolist() == [[2, 4]]


def test_quiet_cells_are_hardly_ever_marked() -> None:
    rng = np.random.default_rng(3)
    means = np.outer(rng.uniform(2, 30, 20), rng.uniform(0.3, 2, 40))
    marks = [persistence(weeks_of(rng.poisson(means, (WEEKS, 20, 40)).astype(float))) for _run in range(5)]
    assert np.mean([mark.is_persistent.mean() for mark in marks]) < 0.002


def test_weeks_before_the_data_begin_count_for_nothing() -> None:
    received = np.full((WEEKS, 3, 4), 30.0)
    received[:, 0, 0] = 90
    received[:5] = 0
    marks = persistence(weeks_of(received))
    assert marks.weeks == 7
    assert marks.is_persistent[0, 0]


def test_more_of_a_topic_than_its_share_everywhere_is_elevated() -> None:
    received = np.full((5, 30), 10.0)
    received[0, 3] = 30
    received[4, 7] = 0
    assert np.argwhere(is_elevated(received)).tolist() == [[0, 3]]


@pytest.mark.parametrize(("turned", "ceased", "spreads"), [(5, 0, True), (4, 0, False), (7, 4, False), (9, 1, True)])
def test_places_have_to_turn_surely_oftener_than_they_cease(turned: int, ceased: int, *, spreads: bool) -> None:
    (flag,) = is_spreading(np.array([float(turned)]), np.array([float(ceased)]))
    assert bool(flag) is spreads


def appeals_of_towns(connection: Connection, counts: dict[str, tuple[int, int]], topic: str) -> None:
    """So many appeals of a topic in each town: in the first six weeks, and in the last six."""
    for town, halves in counts.items():
        for count, days_ago in zip(halves, (60, 20), strict=True):
            for n in range(count):
                noon = datetime.combine(TODAY - (days_ago + n % 15) * DAY, time(12), UTC)
                factories.appeal(connection, region=town[:2], municipality=town, topic=topic, received_at=noon)


def test_a_topic_that_grows_in_town_after_town_spreads(connection: Connection) -> None:
    towns = [f"XA-{n}" for n in range(8)]
    appeals_of_towns(connection, dict.fromkeys(towns, (1, 16)), "heat")
    appeals_of_towns(connection, dict.fromkeys(towns, (40, 40)), "roads")
    others = [f"XB-{n}" for n in range(8)]
    appeals_of_towns(connection, dict.fromkeys(others, (1, 1)), "heat")
    appeals_of_towns(connection, dict.fromkeys(others, (40, 40)), "roads")
    axes = matrix_axes(FILTERS)
    marks = spread(axes, weekly_counts(axes, FILTERS))
    heat, roads = (axes.row_of_topic[factories.topic(connection, code)] for code in ("heat", "roads"))
    first, second = (axes.territories.index(factories.territory(connection, code)) for code in ("XA", "XB"))
    assert (marks.places_before[heat, first], marks.places_now[heat, first]) == (0, 8)
    assert np.argwhere(marks.is_spreading).tolist() == [[heat, first]]
    assert marks.places_now[roads].tolist() == [0, 0]
    assert marks.places_now[heat, second] == 0


def test_below_municipalities_there_are_no_places_to_spread_to(connection: Connection) -> None:
    appeals_of_towns(connection, {"XA-1": (3, 3), "XA-2": (3, 3)}, "heat")
    filters = replace(FILTERS, territory="XA")
    axes = matrix_axes(filters)
    marks = spread(axes, weekly_counts(axes, filters))
    assert np.isnan(marks.places_now).all()
    assert not marks.is_spreading.any()
