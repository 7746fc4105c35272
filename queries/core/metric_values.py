"""Figures of a period as tiles show them: beside the period compared with, bounded where cases are few, by day."""

from collections.abc import Iterable
from math import isnan
from types import SimpleNamespace

import pandas as pd

from otklik.database.measures import MEASURES
from queries.core.aggregates import is_period_over
from queries.core.answer_time import answer_time_buckets, answer_time_percentile
from queries.core.daily import daily_measures
from queries.core.resolved_filters import resolve
from queries.core.totals import period_totals
from queries.filters import Filters
from queries.metrics.catalogue import NOW_ONLY_METRICS, PERCENTILE_METRICS, PERIOD_METRICS
from queries.metrics.metric import Metric, MetricValue

__all__ = ["PeriodMetrics", "metric_values", "period_totals"]

# Said with how many of the closed appeals were rated at all.
RATED_METRICS = ("satisfaction", "rating_mean")
PERCENTILE_SHARES = {"answer_median": 0.5, "answer_p90": 0.9}


def metric_values(filters: Filters, metric_ids: Iterable[str]) -> list[MetricValue]:
    """The named figures of the catalogue that sums or answer times give, in that order."""
    metric_ids = list(metric_ids)
    period_metrics = PeriodMetrics(
        filters,
        with_answer_times=bool(set(metric_ids) & set(PERCENTILE_METRICS)),
        with_sums=bool(set(metric_ids) - set(PERCENTILE_METRICS)),
    )
    return [
        period_metrics.answer_time_value(metric_id)
        if metric_id in PERCENTILE_METRICS
        else period_metrics.metric_value(metric_id)
        for metric_id in metric_ids
    ]


class PeriodMetrics:
    """What several figures of a period are made of, asked once."""

    def __init__(self, filters: Filters, *, with_answer_times: bool, with_sums: bool) -> None:
        """Ask for the answer times if any figure is made of them, and for sums and days if any is of those."""
        comparison = filters.comparison_filters()
        self.sums = period_totals(filters)
        self.previous_sums = period_totals(comparison) if comparison and with_sums else None
        no_days = SimpleNamespace()
        self.by_day, self.running_sums = (
            _daily_and_running_sums(daily_measures(filters)) if with_sums else (no_days, no_days)
        )
        self.is_over = is_period_over(resolve(filters), filters.end)
        self.buckets = answer_time_buckets(filters) if with_answer_times else None
        self.previous_buckets = answer_time_buckets(comparison) if with_answer_times and comparison else None

    def metric_value(self, metric_id: str) -> MetricValue:
        """A figure that the measures and the state give."""
        metric, sums = PERIOD_METRICS[metric_id], SimpleNamespace(**self.sums)
        if metric_id in NOW_ONLY_METRICS and self.is_over:
            # How much of the time was used at an earlier moment is not counted by day.
            return MetricValue(metric, None)
        interval = metric.interval(sums) or (None, None)
        previous_sums = (
            SimpleNamespace(**self.previous_sums) if self.previous_sums and metric_id not in NOW_ONLY_METRICS else None
        )
        return MetricValue(
            metric,
            value=metric.value(sums),
            previous=metric.value(previous_sums) if previous_sums else None,
            numerator=float(metric.numerator(sums)),
            denominator=float(metric.denominator(sums)) if metric.denominator else None,
            low=interval[0],
            high=interval[1],
            coverage=PERIOD_METRICS["coverage"].value(sums) if metric_id in RATED_METRICS else None,
            series=[] if metric_id in NOW_ONLY_METRICS else self.daily_series(metric),
        )

    def answer_time_value(self, metric_id: str) -> MetricValue:
        """A percentile of the answer times."""
        value = None if self.buckets is None else answer_time_percentile(self.buckets, PERCENTILE_SHARES[metric_id])
        previous = (
            None
            if self.previous_buckets is None
            else answer_time_percentile(self.previous_buckets, PERCENTILE_SHARES[metric_id])
        )
        return MetricValue(PERCENTILE_METRICS[metric_id], value, previous, value, float(self.sums["closed"]))

    def daily_series(self, metric: Metric) -> list[float | None]:
        """The figure day by day; a share runs from the period's start, so that its last value is the figure's."""
        if metric.denominator is None:
            return [float(value) for value in metric.values(self.by_day)]
        return [None if isnan(value) else value for value in metric.values(self.running_sums).tolist()]


def _daily_and_running_sums(daily: pd.DataFrame) -> tuple[SimpleNamespace, SimpleNamespace]:
    """The measures of each day, and those from the period's start up to it, with the state at its end."""
    by_day = {str(name): column.to_numpy() for name, column in daily.items()}
    running = by_day | {name: by_day[name].cumsum() for name in MEASURES}
    return SimpleNamespace(**by_day), SimpleNamespace(**running)
