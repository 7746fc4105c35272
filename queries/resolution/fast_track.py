"""The share of appeals under the fast-track regime."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, select

from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.lacking_fields import lacking_fields
from queries.core.reference import member_ids
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.aggregates import sums_subquery
from queries.filters import Filters
from queries.metrics.catalogue import FAST_SHARE
from queries.metrics.change import change_interval
from queries.metrics.metric import MetricValue
from queries.metrics.unknown import mask_unknown
from queries.summaries.totals import period_totals


@live
def fast_track_share(filters: Filters) -> MetricValue:
    """The share of the appeals received that are under the fast-track regime, with the comparison period."""
    comparison = filters.comparison_filters()
    periods = [filters, comparison] if comparison else [filters]
    fast_counts = query_columns(
        _fast_received_query(_fast_track_only(resolve(filters)), *((period.start, period.end) for period in periods))
    )
    current, *previous_sums = (
        SimpleNamespace(fast=int(fast_received), received=period_totals(period)["received"])
        for period, (fast_received,) in zip(periods, fast_counts.values(), strict=True)
    )
    low, high = FAST_SHARE.interval(current) or (None, None)
    previous = FAST_SHARE.value(previous_sums[0]) if previous_sums else None
    metric_value = MetricValue(
        FAST_SHARE,
        FAST_SHARE.value(current),
        previous,
        float(current.fast),
        float(current.received),
        low,
        high,
        change_interval=change_interval(FAST_SHARE, current, previous_sums[0], None) if previous_sums else None,
    )
    return mask_unknown(metric_value, lacking_fields(filters), {})


@cached_statement
def _fast_received_query(resolved: ResolvedFilters, *periods: tuple[date, date]) -> Select[Any]:
    """A single row with a column per period: the appeals received in it."""
    period_sums = [sums_subquery(resolved, start, end, measures=("received",)) for start, end in periods]
    return select(
        *(
            select(period_sum.c.received).scalar_subquery().label(f"of_{index}")
            for index, period_sum in enumerate(period_sums)
        )
    )


def _fast_track_only(resolved: ResolvedFilters) -> ResolvedFilters:
    """The filters narrowed to the fast-track regime."""
    return replace(
        resolved,
        regimes=tuple(
            regime_id for regime_id in member_ids("regime", "fast") or () if resolved.regimes in (None, (regime_id,))
        ),
    )
