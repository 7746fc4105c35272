"""Figures of a period as tiles show them: beside the period compared with, bounded where cases are few, by day."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pandas as pd
from sqlalchemy import select

from database.reading import frame
from database.tables import MEASURES
from queries.answer_time import buckets, percentile
from queries.cut import cut
from queries.days import days
from queries.figures import FIGURES, NOW_ONLY, PERCENTILES, Answer
from queries.filters import Filters
from queries.live import live
from queries.sums import STATE, ended, sums

# Said with how many of the closed appeals were rated at all.
OF_THE_RATED = ("satisfaction", "rating_mean")
SHARES = {"answer_median": 0.5, "answer_p90": 0.9}


@live
def totals(filters: Filters) -> dict[str, int]:
    """The measures of the period and the state at its end."""
    row = frame(select(sums(cut(filters), filters.start, filters.end))).iloc[0]
    return {name: int(row[name]) for name in (*MEASURES, *STATE)}


def answers(filters: Filters, names: Iterable[str]) -> list[Answer]:
    """The named figures of the catalogue that sums or answer times give, in that order."""
    return [time(filters, name) if name in PERCENTILES else counted(filters, name) for name in names]


def counted(filters: Filters, name: str) -> Answer:
    """A figure that the measures and the state give."""
    figure, now, compared = FIGURES[name], SimpleNamespace(**totals(filters)), filters.compared()
    if name in NOW_ONLY and ended(cut(filters), filters.end):
        # How much of the time was used at an earlier moment is not counted by day.
        return Answer(figure, None)
    interval = figure.interval(now) or (None, None)
    before = SimpleNamespace(**totals(compared)) if compared and name not in NOW_ONLY else None
    return Answer(
        figure,
        value=figure.value(now),
        previous=figure.value(before) if before else None,
        numerator=float(figure.numerator(now)),
        denominator=float(figure.denominator(now)) if figure.denominator else None,
        low=interval[0],
        high=interval[1],
        coverage=FIGURES["coverage"].value(now) if name in OF_THE_RATED else None,
        series=[] if name in NOW_ONLY else series(name, days(filters)),
    )


def time(filters: Filters, name: str) -> Answer:
    """A percentile of the answer times."""
    compared = filters.compared()
    value = percentile(buckets(filters), SHARES[name])
    before = percentile(buckets(compared), SHARES[name]) if compared else None
    return Answer(PERCENTILES[name], value, before, value, float(totals(filters)["closed"]))


def series(name: str, by_day: pd.DataFrame) -> list[float | None]:
    """The figure day by day; a share runs from the period's start, so that its last value is the figure's."""
    figure = FIGURES[name]
    if figure.denominator is None:
        return [float(value) for value in figure.numerator(by_day)]
    running = by_day[list(MEASURES)].cumsum().assign(open=by_day["open"], overdue=by_day["overdue"])
    values: Any = figure.numerator(running) / figure.denominator(running).where(lambda cases: cases > 0)
    return [None if pd.isna(value) else float(value) for value in values]
