"""The design that all series of a history share: season, trend and holidays by week, counted back from the last one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WEEKS_A_YEAR = 365.25 / 7
LEVELS = 10
HALF_WINDOW = 3
"""So many weeks on either side of the same week of an earlier year are its level of the season."""
MAX_YEARS = 5
MIN_LEVEL_YEARS = 2
MIN_TREND_YEARS = 3
LEFT_OUT_WEEKS = 26
"""The last weeks before the current one are no history: an outbreak that goes on would become usual."""


@dataclass(frozen=True)
class SeasonDesign:
    """`ages` are those of the weeks of the history, in weeks before the last one, oldest first.

    `history` has a row for each of them, `current` one for the last week and one for the week before. The trend, where
    there is one, is the last column.
    """

    ages: IntArray
    history: FloatArray
    current: FloatArray
    has_trend: bool

    def without_trend(self) -> "SeasonDesign":
        """The same season and holidays alone."""
        return SeasonDesign(self.ages, self.history[:, :-1], self.current[:, :-1], has_trend=False)


def calendar_reference_weeks(week_count: int) -> list[int]:
    """How many weeks back the same week of each earlier year lies, as far as a history of so many weeks reaches."""
    weeks = [round(year * WEEKS_A_YEAR) for year in range(1, MAX_YEARS + 1)]
    return [week for week in weeks if week + HALF_WINDOW < week_count]


def level_design(reference_weeks: Sequence[int], holidays: FloatArray | None = None) -> SeasonDesign:
    """A design with ten levels of the season, and a trend over three years or more.

    The level of the last week has the weeks around the same one of each earlier year; those between are divided into
    nine (A. Noufaily and others, 2013, Statistics in Medicine 32, 1206-1222). `holidays` has the number of days off of
    each week by age, at least as far back as the history; weeks that are alike in it leave it out.
    """
    level_of_age = np.full(reference_weeks[-1] + HALF_WINDOW + 1, LEVELS - 1)
    for later, earlier in zip((0, *reference_weeks), reference_weeks, strict=False):
        between = np.arange(earlier - HALF_WINDOW - 1, later + HALF_WINDOW, -1)
        lengths = np.full(LEVELS - 1, len(between) // (LEVELS - 1))
        lengths[: len(between) % (LEVELS - 1)] += 1
        level_of_age[between] = np.repeat(np.arange(LEVELS - 1), lengths)
    ages = np.arange(len(level_of_age) - 1, LEFT_OUT_WEEKS, -1)
    levels = np.eye(LEVELS)[level_of_age]
    return _design(ages, levels, holidays, has_trend=len(reference_weeks) >= MIN_TREND_YEARS)


def fourier_design(week_count: int, left_out: int, holidays: FloatArray | None = None) -> SeasonDesign:
    """A design with one wave a year and no trend, for histories of less than two years: `week_count` with the last."""
    angles = 2 * np.pi * np.arange(week_count) / WEEKS_A_YEAR
    waves = np.column_stack([np.ones(week_count), np.cos(angles), np.sin(angles)])
    return _design(np.arange(week_count - 1, left_out, -1), waves, holidays, has_trend=False)


def constant_design(week_count: int, left_out: int) -> SeasonDesign:
    """A design without season, trend or holidays, for histories in which no season can be seen."""
    return _design(np.arange(week_count - 1, left_out, -1), np.ones((week_count, 1)), None, has_trend=False)


def _design(ages: IntArray, season: FloatArray, holidays: FloatArray | None, *, has_trend: bool) -> SeasonDesign:
    """`season` and `holidays` have a row per age, from 0 on."""
    columns = [season]
    if holidays is not None and np.ptp(holidays[ages]) > 0:
        columns.append(holidays[: len(season), None])
    if has_trend:
        columns.append(-np.arange(len(season), dtype=float)[:, None] / WEEKS_A_YEAR)
    rows = np.hstack(columns)
    return SeasonDesign(ages, rows[ages], rows[:2], has_trend)
