"""The effect of a remedy: the weeks after it against those expected without it, and why that isn't always known."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from queries.cache.background import background_timed
from queries.core.local_days import running_day
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.problems.details import Problem
from queries.problems.remedy_weeks import MIN_WEEKS_BEFORE, RemedyDays, weekly_counts, weeks_around
from queries.problems.similar_places import similar_places
from queries.statistics.interrupted_series import InterruptedSeries, LevelChange, level_change

MIN_WEEKS_AFTER, MIN_WEEKLY_MEAN = 4, 5
MIN_PLACES = 3
"""Of fewer similar places, what happens in any of them would be taken for the course of things."""
Obstacle = Literal["few_after", "few_before", "few_appeals"]


@dataclass(frozen=True)
class RemedyEffect:
    """How a remedy changed what is received, or the `obstacle` for which that isn't known.

    `weeks` has a row per week of 7 days around the day of the remedy, which belongs to none: day (the first), last,
    received, and span: `before` the problem, `raised` by the problem before the remedy, `left_out` (those for which the
    problem was opened, or too few to tell a level), or `after`; with an effect also expected, low and high, what would
    be received without the remedy, missing for weeks left out.
    `change` is that of the level. `places`: how many similar places it is compared with, 0 for none. `harmonics`: waves
    of the season in the model. `others`: days within these weeks on which other remedies of the problem were done.
    """

    done: date
    weeks: pd.DataFrame
    obstacle: Obstacle | None
    change: LevelChange | None
    places: int
    harmonics: int
    others: tuple[date, ...]

    @property
    def is_of_problem(self) -> bool:
        """Whether the level of the problem is expected without the remedy; otherwise it is that before the problem."""
        return self.week_count("raised") > 0

    @property
    def needed(self) -> int:
        """How many whole weeks, or appeals a week, it takes where the obstacle is that there are fewer."""
        limits = {"few_after": MIN_WEEKS_AFTER, "few_before": MIN_WEEKS_BEFORE, "few_appeals": MIN_WEEKLY_MEAN}
        return limits[self.obstacle] if self.obstacle else 0

    def week_count(self, span: str) -> int:
        """How many weeks have this span."""
        return int((self.weeks["span"] == span).sum())


def remedy_effect(filters: Filters, problem: Problem, remedies: pd.DataFrame, remedy_id: int) -> RemedyEffect:
    """The effect of a remedy that is done. `remedies`: queries.problems.details.remedies of the problem.

    `filters`: queries.problems.problem_filters.problem_filters of it. Raises Counting on a page while it is computed.
    """
    done = {int(row["id"]): row["done_at"].date() for row in remedies.to_dict("records") if row["done_at"]}
    others = tuple(sorted(day for other_id, day in done.items() if other_id != remedy_id))
    days = RemedyDays(done[remedy_id], others, problem.since, problem.opened_at.date(), problem.surge_starts)
    return estimate_effect(filters, days)


@background_timed
def estimate_effect(filters: Filters, days: RemedyDays) -> RemedyEffect:
    """The effect of a remedy with these days on the appeals within the filters; raises Counting on a page."""
    resolved = resolve(filters)
    similar = similar_places(filters)
    today = min(running_day(where)[0] for where in (resolved, similar) if where)
    weeks = weeks_around(filters, resolved, days, today)
    counted = weeks["span"].ne("left_out").to_numpy()
    others = tuple(day for day in days.others if len(weeks) and weeks["day"].iloc[0] <= day <= weeks["last"].iloc[-1])
    if obstacle := _obstacle(weeks):
        return RemedyEffect(days.done, weeks, obstacle, None, 0, 0, others)
    control, places = _control(similar, weeks, days)
    span = weeks["span"].to_numpy()[counted]
    series = InterruptedSeries(
        weeks["week"].to_numpy()[counted],
        weeks["received"].to_numpy()[counted],
        span == "after",
        # A level of its own, if there is another one before.
        (span == "raised") & (span == "before").any(),
        None if control is None else control[counted],
    )
    change = level_change(series)
    for name in ("expected", "expected_low", "expected_high"):
        column = np.full(len(weeks), np.nan)
        column[counted] = getattr(change, name)
        weeks[name.removeprefix("expected_")] = column
    return RemedyEffect(days.done, weeks, None, change, places, series.harmonics, others)


def _obstacle(weeks: pd.DataFrame) -> Obstacle | None:
    """Why nothing can be told of the effect, if so."""
    span, received = weeks["span"], weeks["received"]
    if (span == "after").sum() < MIN_WEEKS_AFTER:
        return "few_after"
    if span.isin(["before", "raised"]).sum() < MIN_WEEKS_BEFORE:
        return "few_before"
    expected_span = "raised" if (span == "raised").any() else "before"
    return "few_appeals" if received[span == expected_span].mean() < MIN_WEEKLY_MEAN else None


def _control(
    similar: ResolvedFilters | None, weeks: pd.DataFrame, days: RemedyDays
) -> tuple[NDArray[np.int64] | None, int]:
    """The counts of all similar places together, and how many they are; None and 0 where they are too few."""
    if similar is None:
        return None, 0
    counts = weekly_counts(similar, weeks, days.done, "territory_id")
    together: NDArray[np.int64] = counts.sum(axis=1).to_numpy(np.int64)
    if counts.shape[1] < MIN_PLACES or together.min() == 0 or together.mean() < weeks["received"].mean():
        return None, 0
    return together, counts.shape[1]
