"""Data quality: metrics of how appeals were recorded, by organisation and region, and the appeals behind them."""

from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pandas as pd
from sqlalchemy import and_

from otklik.database.cubes.measures import MOMENTS
from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_CASES
from queries.cache.background import background_timed
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.date_ranges import latest_appeals
from queries.core.lacking_fields import lacking_fields, lacking_of_territories
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.counts.state_sums import counted_days
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.change import change_interval
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.metrics.metric import Metric, MetricValue
from queries.metrics.unknown import lacks_history, mask_unknown, mask_unknown_rows
from queries.quality.appeal_sums import step_days, sums_from_appeals
from queries.quality.conditions import NUMERATORS, catch_all_topics, measure_conditions
from queries.quality.cube_sums import sums_from_cubes
from queries.statistics.shrinkage import shrunk_ratios

MemberKind = Literal["organisation", "region"]
MAX_ROWS = 100
# The metrics by which organisations and regions are shown.
SHOWN_METRICS = {"received": PERIOD_METRICS["received"], "closed": PERIOD_METRICS["closed"], **DATA_QUALITY_METRICS}


@background_timed
def sums_by_step_and_region(filters: Filters) -> pd.DataFrame:
    """One row per step of the trend, one per region and one for all: `of`, key, and a count per measure.

    `of` is `step`, `region` or `all`; `key` the number of the step from the period's start, or the id of the region. A
    step is a day, or seven days in a period of more than 45. There are rows of `organisation` too where no cube can
    answer.
    """
    resolved = resolve(filters)
    return (
        sums_from_cubes(resolved, filters, catch_all_topics(), step_days(filters))
        if is_covered_by_region_cubes(resolved)
        else sums_from_appeals(filters)
    )


def kpis(filters: Filters) -> list[MetricValue]:
    """The metrics of queries.metrics.data_quality, with the comparison period and a series by step of the trend."""
    rows, comparison = sums_by_step_and_region(filters), filters.comparison_filters()
    previous = _overall_sums(sums_by_step_and_region(comparison)) if comparison else None
    current, by_step = _overall_sums(rows), rows[rows["of"] == "step"].set_index("key").sort_index()
    metric_values, lacking = [], lacking_fields(filters)
    for metric in DATA_QUALITY_METRICS.values():
        before = previous if previous and not lacks_history(metric, vars(previous)) else None
        series = metric.values(by_step)
        low, high = metric.interval(current) or (None, None)
        metric_values.append(
            mask_unknown(
                MetricValue(
                    metric,
                    metric.value(current),
                    metric.value(before) if before else None,
                    float(metric.numerator(current)),
                    float(metric.cases(current)),
                    low,
                    high,
                    series=[None if pd.isna(value) else float(value) for value in series],
                    change_interval=change_interval(metric, current, before, None) if before else None,
                ),
                lacking,
                vars(current),
            )
        )
    return metric_values


def _overall_sums(rows: pd.DataFrame) -> SimpleNamespace:
    measure_names = [name for name in rows.columns if name not in ("of", "key")]
    row = rows[rows["of"] == "all"]
    return SimpleNamespace(**{name: int(row[name].sum()) if len(row) else 0 for name in measure_names})


@background_timed
def data_quality_by(filters: Filters, kind: MemberKind, metric_id: str) -> pd.DataFrame:
    """One row per organisation or region: code, name, received, closed, each metric (NaN over fewer than 30), small.

    `small`: fewer than 30 closed and fewer than 30 received. The highest share of `metric_id` first, shrunk towards
    that of all (queries.statistics.shrinkage), then those without one, small ones last.
    """
    counts = sums_by_step_and_region(filters) if kind == "region" else sums_from_appeals(filters)
    counts = counts[counts["of"] == kind].set_index("key").drop(columns="of")
    cases = counts["closed"] + counts["received"]
    lacking = (
        lacking_of_territories(counts.index.tolist()) if kind == "region" else [lacking_fields(filters)] * len(counts)
    )
    history = {name: counts[name].to_numpy() for name in ("first_unknown", "returned")}
    metric_columns = {
        metric.id: mask_unknown_rows(
            metric, np.where(metric.cases(counts) >= MIN_CASES, metric.values(counts), np.nan), lacking, history
        )
        for metric in DATA_QUALITY_METRICS.values()
    }
    small = (counts["closed"] < MIN_CASES) & (counts["received"] < MIN_CASES)
    is_known = ~np.isnan(metric_columns[metric_id].astype(float))
    order = _shrunk_shares(DATA_QUALITY_METRICS[metric_id], counts[is_known]).reindex(counts.index).fillna(-1)
    member_names = dimension_members("territory" if kind == "region" else kind, filters.language)[["code", "name"]]
    rows = member_names.join(
        counts[["received", "closed"]].assign(**metric_columns, small=small, cases=cases, order=order), how="inner"
    )
    rows = rows[rows["cases"] > 0].sort_values(
        ["small", "order", "cases", "name"], ascending=[True, False, False, True], ignore_index=True
    )
    return rows.drop(columns=["cases", "order"])


def _shrunk_shares(metric: Metric, counts: pd.DataFrame) -> pd.Series:
    """The share of each member, shrunk towards that of all: one of few cases is close to it."""
    cases, observed = metric.cases(counts).astype(float), metric.numerator(counts).astype(float)
    expected = cases * (observed.sum() / max(cases.sum(), 1))
    ratios = shrunk_ratios(pd.DataFrame({"cases": cases, "observed": observed, "expected": expected}))
    return ratios["shrunk"]


@background_timed
def flagged_appeals(filters: Filters, metric_id: str) -> pd.DataFrame:
    """The appeals that the numerator of a metric counts, the latest of the period first, at most 100.

    Columns: number, received_at, registered_at, deadline_at, closed_at, rated_at (local), topic, territory,
    organisation, channel, status.
    """
    moment, condition = NUMERATORS[metric_id]
    moment_columns: list[Any] = [appeal.c[column_name] for column_name in MOMENT_COLUMNS]
    resolved = resolve(filters)
    period_args = (resolved, moment, *counted_days(resolved, moment, filters.start, filters.end))
    conditions = measure_conditions(resolved, filters)[moment]
    keys = latest_appeals(*period_args, [appeal.c.region_id, appeal.c.id], MAX_ROWS, conditions[condition]).subquery()
    query = (
        select_appeals(*moment_columns)
        .join(keys, and_(keys.c.region_id == appeal.c.region_id, keys.c.id == appeal.c.id))
        .order_by(MOMENTS[moment].desc(), appeal.c.id)
    )
    return format_appeal_rows(query_dataframe(query), filters.language)


MOMENT_COLUMNS = ("received_at", "registered_at", "deadline_at", "closed_at", "rated_at")
