"""Data quality: metrics of how appeals were recorded, by organisation and region, and the appeals behind them."""

from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pandas as pd
from sqlalchemy import and_

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_CASES
from queries.cache.background import background_timed
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.date_ranges import latest_appeals
from queries.core.lacking_fields import lacking_fields, lacking_of_territories
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.change import change_interval
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.metrics.metric import MetricValue
from queries.metrics.unknown import mask_unknown, mask_unknown_rows
from queries.quality.appeal_sums import step_days, sums_from_appeals
from queries.quality.conditions import NUMERATORS, catch_all_topics, measure_conditions
from queries.quality.cube_sums import sums_from_cubes

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
        series = metric.values(by_step)
        low, high = metric.interval(current) or (None, None)
        metric_values.append(
            mask_unknown(
                MetricValue(
                    metric,
                    metric.value(current),
                    metric.value(previous) if previous else None,
                    float(metric.numerator(current)),
                    float(metric.cases(current)),
                    low,
                    high,
                    series=[None if pd.isna(value) else float(value) for value in series],
                    change_interval=change_interval(metric, current, previous, None) if previous else None,
                ),
                lacking,
                vars(current),
            )
        )
    return metric_values


def _overall_sums(rows: pd.DataFrame) -> SimpleNamespace:
    measure_names = [name for conditions in measure_conditions().values() for name in conditions]
    row = rows[rows["of"] == "all"]
    return SimpleNamespace(**{name: int(row[name].sum()) if len(row) else 0 for name in measure_names})


@background_timed
def data_quality_by(filters: Filters, kind: MemberKind) -> pd.DataFrame:
    """One row per organisation or region: code, name, received, closed, each metric (NaN over fewer than 30), small.

    `small`: fewer than 30 closed and fewer than 30 received. Most received and closed first, small ones last.
    """
    counts = sums_by_step_and_region(filters) if kind == "region" else sums_from_appeals(filters)
    counts = counts[counts["of"] == kind].set_index("key").drop(columns="of")
    cases = counts["closed"] + counts["received"]
    lacking = (
        lacking_of_territories(counts.index.tolist()) if kind == "region" else [lacking_fields(filters)] * len(counts)
    )
    metric_columns = {
        metric.id: mask_unknown_rows(
            metric, np.where(metric.cases(counts) >= MIN_CASES, metric.values(counts), np.nan), lacking, {}
        )
        for metric in DATA_QUALITY_METRICS.values()
    }
    small = (counts["closed"] < MIN_CASES) & (counts["received"] < MIN_CASES)
    member_names = dimension_members("territory" if kind == "region" else kind, filters.language)[["code", "name"]]
    rows = member_names.join(
        counts[["received", "closed"]].assign(**metric_columns, small=small, cases=cases), how="inner"
    )
    rows = rows[rows["cases"] > 0].sort_values(["small", "cases", "name"], ascending=[True, False, True])
    return rows.drop(columns="cases").reset_index(drop=True)


@background_timed
def flagged_appeals(filters: Filters, metric_id: str) -> pd.DataFrame:
    """The appeals that the numerator of a metric counts, the latest of the period first, at most 100.

    Columns: number, received_at, registered_at, deadline_at, closed_at, rated_at (local), topic, territory,
    organisation, channel, status.
    """
    moment, condition = NUMERATORS[metric_id]
    moment_columns: list[Any] = [appeal.c[column_name] for column_name in MOMENT_COLUMNS]
    period_args = (resolve(filters), moment, filters.start, filters.end)
    keys = latest_appeals(
        *period_args, [appeal.c.region_id, appeal.c.id], MAX_ROWS, measure_conditions()[moment][condition]
    ).subquery()
    query = (
        select_appeals(*moment_columns)
        .join(keys, and_(keys.c.region_id == appeal.c.region_id, keys.c.id == appeal.c.id))
        .order_by(appeal.c[moment].desc(), appeal.c.id)
    )
    return format_appeal_rows(query_dataframe(query), filters.language)


MOMENT_COLUMNS = ("received_at", "registered_at", "deadline_at", "closed_at", "rated_at")
