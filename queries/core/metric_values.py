"""Figures of a period as tiles show them: beside the period compared with, bounded where cases are few, by day."""

from collections.abc import Iterable
from math import isnan
from types import SimpleNamespace

import pandas as pd

from otklik.database.tables import MEASURES
from queries.core.aggregates import ended
from queries.core.answer_time import buckets, percentile
from queries.core.daily import days
from queries.core.resolved_filters import cut
from queries.core.totals import totals
from queries.filters import Filters
from queries.metrics.catalogue import FIGURES, NOW_ONLY, PERCENTILES
from queries.metrics.metric import Answer, Figure

__all__ = ["Asked", "answers", "totals"]

# Said with how many of the closed appeals were rated at all.
OF_THE_RATED = ("satisfaction", "rating_mean")
SHARES = {"answer_median": 0.5, "answer_p90": 0.9}


def answers(filters: Filters, names: Iterable[str]) -> list[Answer]:
    """The named figures of the catalogue that sums or answer times give, in that order."""
    names = list(names)
    asked = Asked(filters, timed=bool(set(names) & set(PERCENTILES)), counted=bool(set(names) - set(PERCENTILES)))
    return [asked.time(name) if name in PERCENTILES else asked.figure(name) for name in names]


class Asked:
    """What several figures of a period are made of, asked once."""

    def __init__(self, filters: Filters, *, timed: bool, counted: bool) -> None:
        """Ask for the answer times if any figure is made of them, and for sums and days if any is of those."""
        compared = filters.compared()
        self.now = totals(filters)
        self.before = totals(compared) if compared and counted else None
        none = SimpleNamespace()
        self.by_day, self.running = _by_day(days(filters)) if counted else (none, none)
        self.ended = ended(cut(filters), filters.end)
        self.buckets = buckets(filters) if timed else None
        self.buckets_before = buckets(compared) if timed and compared else None

    def figure(self, name: str) -> Answer:
        """A figure that the measures and the state give."""
        figure, now = FIGURES[name], SimpleNamespace(**self.now)
        if name in NOW_ONLY and self.ended:
            # How much of the time was used at an earlier moment is not counted by day.
            return Answer(figure, None)
        interval = figure.interval(now) or (None, None)
        before = SimpleNamespace(**self.before) if self.before and name not in NOW_ONLY else None
        return Answer(
            figure,
            value=figure.value(now),
            previous=figure.value(before) if before else None,
            numerator=float(figure.numerator(now)),
            denominator=float(figure.denominator(now)) if figure.denominator else None,
            low=interval[0],
            high=interval[1],
            coverage=FIGURES["coverage"].value(now) if name in OF_THE_RATED else None,
            series=[] if name in NOW_ONLY else self.series(figure),
        )

    def time(self, name: str) -> Answer:
        """A percentile of the answer times."""
        value = None if self.buckets is None else percentile(self.buckets, SHARES[name])
        before = None if self.buckets_before is None else percentile(self.buckets_before, SHARES[name])
        return Answer(PERCENTILES[name], value, before, value, float(self.now["closed"]))

    def series(self, figure: Figure) -> list[float | None]:
        """The figure day by day; a share runs from the period's start, so that its last value is the figure's."""
        if figure.denominator is None:
            return [float(value) for value in figure.values(self.by_day)]
        return [None if isnan(value) else value for value in figure.values(self.running).tolist()]


def _by_day(found: pd.DataFrame) -> tuple[SimpleNamespace, SimpleNamespace]:
    """The measures of each day, and those from the period's start up to it, with the state at its end."""
    own = {str(name): column.to_numpy() for name, column in found.items()}
    running = own | {name: own[name].cumsum() for name in MEASURES}
    return SimpleNamespace(**own), SimpleNamespace(**running)
