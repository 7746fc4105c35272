"""Data quality: metrics of how appeals were recorded, by organisation and region, and the appeals behind them."""

import re
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Integer, and_, cast, func, literal_column, or_, select, tuple_

from otklik.database.measures import measure_condition
from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_CASES
from queries.cache.background import background_timed
from queries.cache.timed import timed
from queries.core.appeal_rows import format_appeal_rows, select_appeals
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.date_ranges import MomentColumn, appeals_in_days, latest_appeals
from queries.core.local_days import DAY_SECONDS
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve, subtree_ids
from queries.filters import Filters
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.metrics.metric import MetricValue
from queries.quality.sums import sums_from_cubes

MemberKind = Literal["organisation", "region"]
# The names of catch-all topics, in the languages that names come in.
CATCH_ALL_PATTERN = re.compile(
    r"\b(others?|misc|miscellaneous|unspecified|general (request|comments?)"
    r"|проч(ее|ие|ая)|ин(ое|ые)|друг(ое|ие)|ostalo|razno)\b",
    re.IGNORECASE,
)
MAX_DAILY_POINTS = 45  # the trend of a longer period has a point per seven days
MAX_ROWS = 100
# The metrics by which organisations and regions are shown.
SHOWN_METRICS = {"received": PERIOD_METRICS["received"], "closed": PERIOD_METRICS["closed"], **DATA_QUALITY_METRICS}
CLOSED_MEASURES = ("closed", "at_once", "on_time", "at_last", "explained", "explained_reopened")
RECEIVED_MEASURES = ("received", "disordered", "placeless")
MeasureConditions = dict[str, ColumnElement[bool]]


def measure_conditions() -> dict[MomentColumn, MeasureConditions]:
    """The conditions of what the metrics are made of, by the moment that appeals are counted by and by measure.

    Beside the measures of the cubes, `disordered` counts dates in the future, and `other` catch-all topics.
    """
    is_in_future = func.greatest(appeal.c.received_at, appeal.c.closed_at) > func.now()
    received = {
        "disordered": or_(measure_condition("disordered"), is_in_future),
        "other": appeal.c.topic_id.in_(catch_all_topics()),
    }
    return {
        "closed_at": {name: measure_condition(name) for name in CLOSED_MEASURES},
        "received_at": {name: measure_condition(name) for name in RECEIVED_MEASURES} | received,
    }


# The moment and the measure that the numerator of each metric counts.
NUMERATORS: dict[str, tuple[MomentColumn, str]] = {
    "closed_at_once": ("closed_at", "at_once"),
    "closed_at_last": ("closed_at", "at_last"),
    "explained_reopened": ("closed_at", "explained_reopened"),
    "dates_disordered": ("received_at", "disordered"),
    "without_place": ("received_at", "placeless"),
    "topic_other": ("received_at", "other"),
}


def catch_all_topics() -> list[int]:
    """The ids of catch-all topics (such as “other”, by their names), and of the topics below them."""
    topic_ids: set[int] = set()
    parent_ids = dimension_members("topic", "en")["parent_id"]
    for language in ("en", "ru", "hr"):
        names = dimension_members("topic", language)["name"]
        topic_ids |= {int(topic_id) for topic_id, name in names.items() if CATCH_ALL_PATTERN.search(str(name))}  # type: ignore[call-overload]
    return sorted(subtree_ids(topic_ids, parent_ids))


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


@timed
def sums_from_appeals(filters: Filters) -> pd.DataFrame:
    """The rows of `sums_by_step_and_region` with rows of `organisation` as well, from the appeals of the period."""
    frames = [_sums_by_moment(filters, moment, conditions) for moment, conditions in measure_conditions().items()]
    return pd.concat(frames).fillna(0).groupby(["of", "key"], as_index=False).sum()


def _sums_by_moment(filters: Filters, moment: MomentColumn, conditions: MeasureConditions) -> pd.DataFrame:
    """The rows of `sums_from_appeals` for the measures of one moment, in a single pass over the appeals."""
    elapsed = func.extract("epoch", appeal.c[moment] - literal_column("day.since")) / (DAY_SECONDS * step_days(filters))
    step_number = func.floor(elapsed).cast(Integer).label("step")
    keys = (appeal.c.holder_id, appeal.c.region_id, step_number)
    rows = (
        select(*(key.label(name) for key, name in zip(keys, GROUP_KEYS, strict=True)))
        .add_columns(*(condition.label(name) for name, condition in conditions.items()))
        .select_from(appeals_in_days(resolve(filters), moment, filters.start, filters.end))
        .subquery()
    )
    group_columns = [rows.c[name] for name in GROUP_KEYS]
    totals = [func.count().filter(rows.c[name]).label(name) for name in conditions]
    grouping_sets = func.grouping_sets(*(tuple_(key) for key in group_columns), tuple_())
    query = select(*group_columns, cast(func.grouping(*group_columns), Integer).label("of"), *totals).group_by(
        grouping_sets
    )
    grouped = query_dataframe(query)
    grouped["of"] = grouped["of"].map({3: "organisation", 5: "region", 6: "step", 7: "all"})
    grouped["key"] = grouped[list(GROUP_KEYS)].bfill(axis="columns").iloc[:, 0].fillna(0).astype("int64")
    return grouped.drop(columns=list(GROUP_KEYS))


GROUP_KEYS = ("holder", "region", "step")


def step_days(filters: Filters) -> int:
    """The days of a step of the trend: 1, or 7 in a long period."""
    return 1 if (filters.end - filters.start).days <= MAX_DAILY_POINTS else 7


def kpis(filters: Filters) -> list[MetricValue]:
    """The metrics of queries.metrics.data_quality, with the comparison period and a series by step of the trend."""
    rows, comparison = sums_by_step_and_region(filters), filters.comparison_filters()
    previous = _overall_sums(sums_by_step_and_region(comparison)) if comparison else None
    current, by_step = _overall_sums(rows), rows[rows["of"] == "step"].set_index("key").sort_index()
    metric_values = []
    for metric in DATA_QUALITY_METRICS.values():
        series = metric.values(by_step)
        low, high = metric.interval(current) or (None, None)
        metric_values.append(
            MetricValue(
                metric,
                metric.value(current),
                metric.value(previous) if previous else None,
                float(metric.numerator(current)),
                float(metric.cases(current)),
                low,
                high,
                series=[None if pd.isna(value) else float(value) for value in series],
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
    metric_columns = {
        metric.id: np.where(metric.cases(counts) >= MIN_CASES, metric.values(counts), np.nan)
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
