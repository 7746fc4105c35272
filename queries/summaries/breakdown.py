"""Measures and metrics by topic, territory, organisation, channel or regime."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Select, select

from otklik.database.transactions import query_columns
from queries.cache.live import live
from queries.cache.statements import cached_statement
from queries.core.lacking_fields import lacking_fields, lacking_of_territories
from queries.core.local_days import DAY, is_period_over
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters
from queries.counts.aggregates import sums_query, sums_subquery
from queries.counts.recorded_stocks import Stock, recorded_stocks_by_territory
from queries.counts.state_sums import SUM_MEASURES
from queries.filters import Filters
from queries.metrics.catalogue import NOW_ONLY_METRICS, PERCENTILE_METRICS, PERIOD_METRICS
from queries.metrics.metric import Metric
from queries.metrics.unknown import mask_unknown_rows
from queries.summaries.dimensions import (
    ID_COLUMNS,
    MEMBER_TABLES,
    Dimension,
    narrow_to_members,
    resolve_members,
    roll_up_topics,
)
from queries.summaries.resolved_share import aligned_estimates, member_estimates
from queries.summaries.same_clock import later_counts

ValueArray = NDArray[Any]


@live
def breakdown(
    filters: Filters,
    dimension: Dimension,
    limit: int | None = None,
    rank_by: str = "received",
    measures: tuple[str, ...] = SUM_MEASURES,
    *,
    with_resolved_share: bool = False,
) -> pd.DataFrame:
    """One row per member of a dimension with any measure above 0, indexed by its id; the highest `rank_by` first.

    Columns: code, name, `measures` (of the period, or the state at its end), and every metric of the catalogue that can
    be computed from these, under its id (NaN where the denominator is 0, or where it is unknown for want of a field),
    and `lacking`: the fields that sources of the member's appeals don't have. If asked for, also the share resolved and
    what it is made of (queries.summaries.resolved_share.ESTIMATES), at most ten minutes old. Topics and territories are
    those one step below the chosen one; `region` are all regions in it. `limit` keeps that many organisations, channels
    or regimes, and more where the last ones tie. A comparison period of one that goes on counts up to the time of day
    that it is now (queries.summaries.same_clock). Open and overdue of territories at the end of a recorded day are
    those of the record.
    """
    resolved, id_column = resolve_members(filters, dimension), ID_COLUMNS[dimension]
    member_rows = dimension_members(MEMBER_TABLES[dimension], filters.language)
    leader_ids: tuple[int, ...] | None = None
    if limit is not None:
        leaders = query_columns(_leaders_query(resolved, filters.start, filters.end, id_column, limit, rank_by))
        leader_ids = tuple(sorted(leaders[id_column]))
        resolved = narrow_to_members(resolved, dimension, leader_ids)
    sum_columns = query_columns(sums_query(resolved, filters.start, filters.end, id_column, measures))
    # First the stocks at the end of the period: these rows have an id each, and those of later counts several.
    row_ids, sum_columns = _with_recorded_stocks(filters, resolved, id_column, sum_columns.pop(id_column), sum_columns)
    if later := later_counts(filters, resolved, id_column):
        row_ids = (*row_ids, *later.keys)
        sum_columns = {name: (*counts, *(-later.measures[name]).tolist()) for name, counts in sum_columns.items()}
    member_ids, totals = sum_by_key(
        roll_up_topics(row_ids, member_rows, filters.topic) if dimension == "topic" else row_ids,
        *sum_columns.values(),
    )
    rank_values, member_names = totals[measures.index(rank_by)], member_rows["name"].reindex(member_ids).tolist()
    nonzero_positions = np.flatnonzero(totals.any(axis=0)).tolist()
    order = sorted(nonzero_positions, key=lambda position: (-rank_values[position], member_names[position]))
    measure_columns: dict[str, ValueArray] = dict(zip(measures, totals[:, order], strict=True))
    if with_resolved_share:
        measure_columns |= aligned_estimates(member_estimates(filters, dimension, leader_ids), member_ids[order])
    metric_columns = metric_arrays(_computable_metrics(tuple(measure_columns)), measure_columns)
    if is_period_over(resolved, filters.end):
        metric_columns |= {name: np.full(len(order), np.nan) for name in NOW_ONLY_METRICS if name in metric_columns}
    lacking = (
        lacking_of_territories(member_ids[order].tolist())
        if id_column == "territory_id"
        else [lacking_fields(filters)] * len(order)
    )
    metric_columns = {
        name: mask_unknown_rows(PERIOD_METRICS[name], values, lacking, measure_columns)
        for name, values in metric_columns.items()
    }
    # A measure and the metric that counts it may share a name; they are the same number then.
    other_metric_columns = {name: values for name, values in metric_columns.items() if name not in measure_columns}
    index = pd.Index(member_ids[order], name=id_column)
    identity_columns = {name: member_rows[name].reindex(index) for name in ("code", "name")}
    return pd.DataFrame(
        {**identity_columns, **measure_columns, **other_metric_columns, "lacking": pd.Series(lacking, index, object)},
        index=index,
    )


def _with_recorded_stocks(
    filters: Filters, resolved: ResolvedFilters, id_column: str, ids: Sequence[int], columns: dict[str, Any]
) -> tuple[Sequence[int], dict[str, Any]]:
    """Ids and columns with further rows, by which open and overdue of territories add up to what was recorded."""
    names = [name for name in Stock._fields if name in columns]
    if id_column != "territory_id" or not names or not is_period_over(resolved, filters.end):
        return ids, columns
    for stocks in recorded_stocks_by_territory(resolved, filters.end - DAY, filters.end).values():
        no_stock, none = Stock(0, 0), [0] * len({*ids, *stocks})
        member_ids = sorted({*ids, *stocks})
        counted = {name: dict(zip(ids, columns[name], strict=True)) for name in names}
        missing = {
            name: [
                getattr(stocks.get(member_id, no_stock), name) - int(counted[name].get(member_id, 0))
                for member_id in member_ids
            ]
            for name in names
        }
        columns = {name: (*values, *missing.get(name, none)) for name, values in columns.items()}
        ids = (*ids, *member_ids)
    return ids, columns


@cached_statement
def _leaders_query(
    resolved: ResolvedFilters, start: date, end: date, id_column: str, limit: int, rank_by: str
) -> Select[Any]:
    """The ids of the members with the highest values of one measure, ties of the last one included."""
    sums_rows = sums_subquery(resolved, start, end, id_column, (rank_by,))
    return (
        select(sums_rows.c[id_column])
        .where(sums_rows.c[rank_by] > 0)
        .order_by(sums_rows.c[rank_by].desc())
        .fetch(limit, with_ties=True)
    )


@cache
def _computable_metrics(measures: tuple[str, ...]) -> tuple[Metric, ...]:
    """The metrics that can be computed from these measures."""
    return tuple(
        metric
        for metric in PERIOD_METRICS.values()
        if metric.id not in PERCENTILE_METRICS and _is_computable(metric, measures)
    )


def _is_computable(metric: Metric, measures: tuple[str, ...]) -> bool:
    zeros = SimpleNamespace(**dict.fromkeys(measures, 0))
    try:
        metric.numerator(zeros), metric.cases(zeros)
    except AttributeError:
        return False
    return True


def metric_arrays(metrics: Iterable[Metric], sum_columns: Mapping[str, ValueArray]) -> dict[str, ValueArray]:
    """The values of each metric by its id, for rows of sums given as columns; NaN where the denominator is 0."""
    sums_by_name = SimpleNamespace(**sum_columns)
    return {metric.id: metric.values(sums_by_name) for metric in metrics}


def sum_by_key(keys: Sequence[int], *counts: Sequence[int]) -> tuple[ValueArray, ValueArray]:
    """The unique keys in order, and a row per sequence of counts with its sum for each key."""
    unique_keys, positions = np.unique(np.array(keys, dtype=np.int64), return_inverse=True)
    totals = np.zeros((len(counts), len(unique_keys)), dtype=np.int64)
    for total, count in zip(totals, counts, strict=True):
        np.add.at(total, positions, np.array(count, dtype=np.int64))
    return unique_keys, totals
