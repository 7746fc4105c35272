"""What each cell is expected to have had in the last 7 and 14 days, and how probable what it had is by chance."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from otklik.deadlines.calendars import WorkingCalendar
from otklik.detection.cell_tree import CellTree, IntArray
from otklik.detection.count_model.farrington import Expectation, expected_counts
from otklik.detection.count_model.quasi_poisson import BoolArray, FloatArray
from otklik.detection.count_model.season_design import (
    LEFT_OUT_WEEKS,
    MIN_LEVEL_YEARS,
    calendar_reference_weeks,
    constant_design,
    fourier_design,
    level_design,
)
from otklik.detection.count_model.short_history import expected_by_wave, topic_waves
from otklik.detection.count_model.tail_probability import either_window_probability
from otklik.detection.weekly_series import WEEK_DAYS, WeeklySeries

MIN_KNOWN_WEEKS = 8
"""A country, place or topic that is known for less can't be judged."""
MIN_WAVE_WEEKS = 26
"""Half a year: in less, no wave of a year can be seen."""


class SurgeScores(NamedTuple):
    """One row per cell of the series, a column per window. A cell that can't be judged has a probability of 1."""

    observed: FloatArray
    expected: Expectation
    probability: FloatArray
    is_judged: BoolArray


def score_series(tree: CellTree, series: WeeklySeries, calendar: WorkingCalendar, day: date) -> SurgeScores:
    """Score the week and the fortnight that end with the day.

    From two years on each cell is expected to have what its own season and trend say. Before that: its level times the
    wave of its topic in the whole country, times how much more or less the topic has elsewhere now; so a whole country
    is judged from its third year on. In the first half year there is no wave: what the topic has elsewhere is all that
    is known of the season, and where there is no elsewhere, a season can't be told from a surge.
    """
    holidays = holidays_by_week(calendar, day, series.counts.shape[1])
    observed = np.column_stack([series.counts[:, 0], series.counts[:, :2].sum(axis=1)])
    cell_count = len(observed)
    expected = Expectation(np.zeros_like(observed), np.zeros_like(observed), np.ones(cell_count), np.zeros(cell_count))
    is_judged = np.zeros(cell_count, dtype=bool)
    years = np.array([len(calendar_reference_weeks(weeks)) for weeks in series.known_weeks.tolist()], dtype=np.int64)
    for year_count in np.unique(years[years >= MIN_LEVEL_YEARS]).tolist():
        positions = np.flatnonzero(years == year_count)
        design = level_design(calendar_reference_weeks(int(series.known_weeks[positions].min())), holidays)
        _assign(expected, positions, expected_counts(design, series.counts[positions][:, design.ages]))
        is_judged[positions] = True
    for country in {tree.country(territory) for territory in series.territory[years < MIN_LEVEL_YEARS].tolist()}:
        judged = _expect_by_waves(tree, series, observed, expected, years, country, holidays)
        is_judged[judged] = True
    probability = np.ones(cell_count)
    rows = np.flatnonzero(is_judged)
    probability[rows] = either_window_probability(observed[rows], expected.at(rows))
    return SurgeScores(observed, expected, probability, is_judged)


def holidays_by_week(calendar: WorkingCalendar, day: date, weeks: int) -> FloatArray:
    """The days off other than weekends in each of the weeks that end with the day, from the last one back."""
    days = [day - timedelta(days=age) for age in range(weeks * WEEK_DAYS)]
    is_off = np.array([not calendar.is_working_day(day) and not calendar.is_weekend(day) for day in days])
    by_week: FloatArray = is_off.reshape(weeks, WEEK_DAYS).sum(axis=1).astype(float)
    return by_week


def _assign(expected: Expectation, positions: IntArray, values: Expectation) -> None:
    for column, new_values in zip(expected, values, strict=True):
        column[positions] = new_values


def _expect_by_waves(  # noqa: PLR0913, PLR0917 -- what one country's cells are expected by
    tree: CellTree,
    series: WeeklySeries,
    observed: FloatArray,
    expected: Expectation,
    years: IntArray,
    country: int,
    holidays: FloatArray,
) -> IntArray:
    """Fill in the short cells of a country below its own level; their positions."""
    nothing = np.zeros(0, dtype=np.int64)
    country_cells = np.flatnonzero(series.territory == country)
    known_weeks = min(int(series.known_weeks[country_cells].max()), series.counts.shape[1])
    if known_weeks < MIN_KNOWN_WEEKS:
        return nothing
    left_out = min(LEFT_OUT_WEEKS, known_weeks // 4)
    if known_weeks < MIN_WAVE_WEEKS:
        design = constant_design(known_weeks, left_out)
    else:
        design = fourier_design(known_weeks, left_out, holidays[:known_weeks])
    waves = topic_waves(design, series.counts[country_cells][:, design.ages], observed[country_cells])
    wave_of_topic = {topic: n for n, topic in enumerate(series.topic[country_cells].tolist())}
    is_short = (years < MIN_LEVEL_YEARS) & (series.known_weeks >= MIN_KNOWN_WEEKS) & (series.territory != country)
    positions = np.array(
        [n for n in np.flatnonzero(is_short).tolist() if tree.country(int(series.territory[n])) == country],
        dtype=np.int64,
    )
    if not len(positions):
        return nothing
    wave = np.array([wave_of_topic[topic] for topic in series.topic[positions].tolist()], dtype=np.int64)
    is_known = design.ages < series.known_weeks[positions][:, None]
    history = np.where(is_known, series.counts[positions][:, design.ages], np.nan)
    _assign(expected, positions, expected_by_wave(waves, wave, history, observed[positions]))
    return positions
