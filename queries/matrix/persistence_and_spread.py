"""What lasts and what spreads: the marks of cells by their last twelve weeks."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, gammainc

from queries.matrix.axes import Axes, column_of_territory
from queries.matrix.counts import WEEK_DAYS, WEEKS, WeeklyCounts
from queries.matrix.harm import Array, expected_bad_cases, expected_counts, share_ratios, volume_ratios
from queries.statistics.false_discovery import MAX_FALSE_DISCOVERIES, false_discovery_rates
from queries.summaries.place_topic_sums import cell_sums, with_level

BoolArray = NDArray[np.bool_]
MAX_CHANCE = 0.05
# Volume and late are tested apart, so each has half of that.
TESTS = 2
# With fewer places that turned or ceased to be elevated, not even all of them on one side would be beyond chance.
MIN_CHANGED_PLACES = 5


@dataclass(frozen=True)
class Persistence:
    """By row and column: in how many of `weeks` weeks the ratio of volume or of late, the higher number, was above 1.

    `is_persistent`: so often, and over all weeks so much, that chance doesn't explain it.
    """

    weeks: int
    weeks_above: Array
    is_persistent: BoolArray


@dataclass(frozen=True)
class Spread:
    """By row and column: in how many places below the territory the topic was elevated in the first and second half.

    `is_spreading`: surely in more than before. All NaN, and nothing spreads, where there are no places below.
    """

    places_before: Array
    places_now: Array
    is_spreading: BoolArray


def persistence(counts: WeeklyCounts) -> Persistence:
    """Weeks in which the whole matrix received nothing are left out."""
    has_any = counts.received.sum(axis=(1, 2)) > 0
    received, due, late = counts.received[has_any], counts.due[has_any], (counts.due - counts.met)[has_any]
    weeks = int(has_any.sum())
    volume_weeks = (received > expected_counts(received)).sum(axis=0)
    late_weeks = (late > expected_bad_cases(late, due)).sum(axis=0)
    threshold = persistent_weeks(weeks)
    is_persistent = (volume_weeks >= threshold) & (volume_ratios(received.sum(axis=0)).side > 0)
    is_persistent |= (late_weeks >= threshold) & (share_ratios(late.sum(axis=0), due.sum(axis=0)).side > 0)
    return Persistence(weeks, np.maximum(volume_weeks, late_weeks).astype(float), is_persistent)


def persistent_weeks(weeks: int) -> int:
    """In how many of so many weeks a ratio has to be above 1 for chance, one half each week, not to explain it.

    More than there are weeks where there are too few.
    """
    return next((count for count in range(weeks + 1) if bdtrc(count - 1, weeks, 0.5) <= MAX_CHANCE / TESTS), weeks + 1)


def spread(axes: Axes, counts: WeeklyCounts) -> Spread:
    """The halves are six weeks each; a place is elevated with surely more of the topic than its share everywhere."""
    level = axes.sub_level()
    nothing = np.full(axes.shape, np.nan)
    if level is None:
        return Spread(nothing, nothing, np.zeros(axes.shape, dtype=bool))
    middle = counts.start + timedelta(days=WEEK_DAYS * WEEKS // 2)
    end = counts.start + timedelta(days=WEEK_DAYS * WEEKS)
    column_of = column_of_territory(axes)
    levelled = with_level(axes.resolved, level)
    places = [place for place in levelled.children if place in column_of]
    place_of = {place: position for position, place in enumerate(places)}
    elevated = []
    for first, last in ((counts.start, middle), (middle, end)):
        rows = cell_sums(levelled, first, last, level, ("received",)).reset_index()
        rows = rows[rows["territory_id"].isin(place_of)]
        received = np.zeros((len(axes.topics), len(places)))
        positions = rows["topic_id"].map(axes.row_of_topic), rows["territory_id"].map(place_of)
        np.add.at(received, tuple(position.to_numpy(int) for position in positions), rows["received"].to_numpy(float))
        elevated.append(is_elevated(received))
    columns = np.array([column_of[place] for place in places], dtype=int)
    before, now, turned, ceased = (
        _by_column(flags, columns, len(axes.territories))
        for flags in (elevated[0], elevated[1], elevated[1] & ~elevated[0], elevated[0] & ~elevated[1])
    )
    return Spread(before, now, is_spreading(turned, ceased))


def is_elevated(received: Array) -> BoolArray:
    """Where a place has surely more of a topic than at the topic's share everywhere (one-sided, Poisson, 5 %)."""
    expected = expected_counts(received)
    by_chance = np.where(received > 0, gammainc(np.maximum(received, 1), expected), 1.0)
    elevated: BoolArray = (by_chance <= MAX_CHANCE) & (received > expected)
    return elevated


def is_spreading(turned: Array, ceased: Array) -> BoolArray:
    """Where surely more places turned elevated than ceased to be so; at most 5 % of these cells are chance.

    By the sign test over the places that changed (Q. McNemar, 1947, Psychometrika 12, 153-157).
    """
    changed = turned + ceased
    is_tested = changed >= MIN_CHANGED_PLACES
    spreading = np.zeros(turned.shape, dtype=bool)
    if is_tested.any():
        by_chance = bdtrc(turned[is_tested] - 1, changed[is_tested].astype(int), 0.5)
        spreading[is_tested] = false_discovery_rates(by_chance) <= MAX_FALSE_DISCOVERIES
    return spreading


def _by_column(flags: BoolArray, columns: NDArray[np.int64], column_count: int) -> Array:
    """In how many places of each column the flag of each row is set."""
    sums = np.zeros((column_count, flags.shape[0]))
    np.add.at(sums, columns, flags.T)
    return sums.T
