"""Metric values as tiles show them: with the comparison period, bounds where cases are few, and the days."""

from collections.abc import Iterable
from math import isnan
from types import SimpleNamespace

import pandas as pd

from otklik.database.cubes.measures import MEASURES
from otklik.deadlines.calendars import territory_calendar
from queries.core.lacking_fields import lacking_fields
from queries.core.local_days import DAY, is_period_over
from queries.core.resolved_filters import resolve
from queries.counts.state_sums import DUE_MEASURES
from queries.filters import Filters
from queries.metrics.catalogue import (
    NOW_ONLY_METRICS,
    PERCENTILE_METRICS,
    PERIOD_METRICS,
    STOCK_METRICS,
    UNCOMPARED_METRICS,
)
from queries.metrics.change import change_interval
from queries.metrics.metric import Metric, MetricValue
from queries.metrics.unknown import lacks_history, mask_unknown
from queries.statistics.change_intervals import estimates_change_interval
from queries.summaries.answer_time import answer_time_buckets, answer_time_estimate
from queries.summaries.daily import daily_measures
from queries.summaries.resolved_share import ResolvedShare, resolved_share
from queries.summaries.same_clock import totals_at_same_clock
from queries.summaries.totals import period_totals

__all__ = ["PeriodMetrics", "metric_values", "period_totals"]

# Shown together with the share of closed appeals that were rated at all.
RATED_METRICS = ("satisfaction", "rating_mean")
PERCENTILE_SHARES = {"answer_median": 0.5, "answer_p90": 0.9}


def metric_values(filters: Filters, metric_ids: Iterable[str]) -> list[MetricValue]:
    """The values of metrics of `PERIOD_METRICS`, in the order of the ids."""
    metric_ids = list(metric_ids)
    period_metrics = PeriodMetrics(
        filters,
        with_answer_times=bool(set(metric_ids) & set(PERCENTILE_METRICS)),
        with_sums=bool(set(metric_ids) - set(PERCENTILE_METRICS)),
        with_resolved_share="resolved_share" in metric_ids,
    )
    return [
        period_metrics.answer_time_value(metric_id)
        if metric_id in PERCENTILE_METRICS
        else period_metrics.resolved_share_value()
        if metric_id == "resolved_share"
        else period_metrics.metric_value(metric_id)
        for metric_id in metric_ids
    ]


class PeriodMetrics:
    """The sums, days and answer times that several metrics of a period are computed from, queried once."""

    def __init__(
        self, filters: Filters, *, with_answer_times: bool, with_sums: bool, with_resolved_share: bool
    ) -> None:
        """Query answer times, the share resolved and the comparison's sums and days only if a metric needs them."""
        comparison = filters.comparison_filters()
        self.lacking = lacking_fields(filters)
        self.working_days = differing_working_days(filters)
        self.sums = period_totals(filters)
        self.previous_sums = totals_at_same_clock(comparison) if comparison and with_sums else None
        no_days = SimpleNamespace()
        self.by_day, self.running_sums = (
            _daily_and_running_sums(daily_measures(filters)) if with_sums else (no_days, no_days)
        )
        self.is_over = is_period_over(resolve(filters), filters.end)
        self.buckets = answer_time_buckets(filters) if with_answer_times else None
        self.previous_buckets = answer_time_buckets(comparison) if with_answer_times and comparison else None
        self.resolved_share = resolved_share(filters) if with_resolved_share else None
        self.previous_resolved_share = resolved_share(comparison) if with_resolved_share and comparison else None

    def metric_value(self, metric_id: str) -> MetricValue:
        """The value of a metric that is computed from measures and the state."""
        return mask_unknown(self._known_value(metric_id), self.lacking, self.sums)

    def _known_value(self, metric_id: str) -> MetricValue:
        metric, sums = PERIOD_METRICS[metric_id], SimpleNamespace(**self.sums)
        if metric_id in NOW_ONLY_METRICS and self.is_over:
            # Cubes don't hold how much of its time an appeal had used at an earlier moment.
            return MetricValue(metric, None)
        interval = metric.interval(sums) or (None, None)
        previous_sums = (
            SimpleNamespace(**self.previous_sums)
            if self.previous_sums
            and metric_id not in (*NOW_ONLY_METRICS, *UNCOMPARED_METRICS)
            and not lacks_history(metric, self.previous_sums)
            else None
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
            change_interval=change_interval(metric, sums, previous_sums, self.by_day) if previous_sums else None,
            working_days=self.working_days
            if previous_sums is not None and metric.unit == "count" and metric_id not in STOCK_METRICS
            else None,
        )

    def answer_time_value(self, metric_id: str) -> MetricValue:
        """The value of a metric that is a percentile of the answer times."""
        share = PERCENTILE_SHARES[metric_id]
        later, earlier = (
            buckets and answer_time_estimate(buckets, share) for buckets in (self.buckets, self.previous_buckets)
        )
        return MetricValue(
            PERCENTILE_METRICS[metric_id],
            value=later.value if later else None,
            previous=earlier.value if earlier else None,
            numerator=later.value if later else None,
            denominator=float(self.sums["closed"]),
            change_interval=estimates_change_interval(later, earlier) if later and earlier else None,
        )

    def resolved_share_value(self) -> MetricValue:
        """The share resolved at equal age, without a series: by each day the period would be another age."""
        metric, by_now = PERIOD_METRICS["resolved_share"], PERIOD_METRICS["resolution_rate"]
        current, previous = self.resolved_share or ResolvedShare(0.0, 0.0, None), self.previous_resolved_share
        low, high = metric.interval(current) or (None, None)
        metric_value = MetricValue(
            metric,
            metric.value(current),
            metric.value(previous) if previous else None,
            current.resolved_estimate,
            current.followed,
            low,
            high,
            days=current.days,
            change_interval=change_interval(metric, current, previous, None) if previous else None,
            by_now=by_now.value(SimpleNamespace(**self.sums)),
        )
        return mask_unknown(metric_value, self.lacking, self.sums)

    def daily_series(self, metric: Metric) -> list[float | None]:
        """One value per day: of the day for a count, of the period through that day for a share or mean."""
        if metric.denominator is None:
            return [float(value) for value in metric.values(self.by_day)]
        return [None if isnan(value) else value for value in metric.values(self.running_sums).tolist()]


def _daily_and_running_sums(daily: pd.DataFrame) -> tuple[SimpleNamespace, SimpleNamespace]:
    """The measures of each day and those of the period through that day, each with the state at the day's end."""
    by_day = {str(name): column.to_numpy() for name, column in daily.items()}
    running = by_day | {name: by_day[name].cumsum() for name in (*MEASURES, *DUE_MEASURES)}
    return SimpleNamespace(**by_day), SimpleNamespace(**running)


def differing_working_days(filters: Filters) -> tuple[int, int] | None:
    """The working days of the period and of the comparison period; None where they are as many, or one has none."""
    comparison = filters.comparison_filters()
    if comparison is None:
        return None
    calendar = territory_calendar(*filters.jurisdiction)
    counts = tuple(
        calendar.count_working_days(period.start - DAY, period.end - DAY) for period in (filters, comparison)
    )
    return (counts[0], counts[1]) if counts[0] != counts[1] and all(counts) else None
