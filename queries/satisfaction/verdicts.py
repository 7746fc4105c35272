"""Verdicts: whether answers resolved the matter, as applicants say, beside the official outcome."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, FromClause, Integer, Select, and_, case, cast, func, select

from otklik.database.tables import appeal, outcome, verdict
from otklik.database.transactions import query_columns, query_dataframe
from queries.cache.live import live
from queries.core.conditions import conditions_within_regions
from queries.core.date_ranges import midnight_arrays
from queries.core.lacking_fields import lacking_fields
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.lists.appeal_rows import format_appeal_rows, select_appeals
from queries.metrics.change import change_interval
from queries.metrics.metric import MetricValue
from queries.metrics.unknown import mask_unknown
from queries.metrics.verdicts import VERDICT_METRICS

VERDICTS = ("yes", "partly", "no")
is_resolved = func.coalesce(outcome.c.resolved, False)


@live
def has_verdicts() -> bool:
    """Whether an applicant has ever said so in the territories that the viewer sees."""
    return not query_dataframe(select(verdict.c.region_id).limit(1)).empty


@live
def verdict_values(filters: Filters) -> list[MetricValue]:
    """The metrics of verdicts, in the order of the catalogue, with those of the comparison period."""
    comparison, lacking = filters.comparison_filters(), lacking_fields(filters)
    sums = _verdict_sums(filters)
    previous = _verdict_sums(comparison) if comparison else None
    metric_values = []
    for metric in VERDICT_METRICS.values():
        low, high = metric.interval(sums) or (None, None)
        value = MetricValue(
            metric,
            metric.value(sums),
            metric.value(previous) if previous else None,
            float(metric.numerator(sums)),
            float(metric.cases(sums)),
            low,
            high,
            change_interval=change_interval(metric, sums, previous, None) if previous else None,
        )
        metric_values.append(mask_unknown(value, lacking, vars(sums)))
    return metric_values


@live
def verdict_counts(filters: Filters) -> pd.DataFrame:
    """One row per verdict of `VERDICTS` on answers with the outcome “resolved”: verdict, appeals."""
    sums = vars(_verdict_sums(filters))
    return pd.DataFrame({"verdict": VERDICTS, "appeals": [sums[f"resolved_{said}"] for said in VERDICTS]})


@live
def judged_appeals(filters: Filters, said: str, limit: int) -> pd.DataFrame:
    """One row per answer that was officially “resolved” and on which applicants said this in the period, last first.

    `said`: one of `VERDICTS`. Columns: number, received_at, closed_at (that of the answer), rated_at (of the verdict),
    all local; rating (None without one), topic, territory, organisation, channel, status.
    """
    resolved = resolve(filters)
    query = (
        select_appeals(
            appeal.c.received_at,
            verdict.c.answered_at.label("closed_at"),
            verdict.c.given_at.label("rated_at"),
            appeal.c.rating,
        )
        .select_from(_with_appeals(_verdicts_in_days(resolved, filters.start, filters.end), resolved))
        .where(is_resolved, verdict.c.resolved == said)
        .order_by(verdict.c.given_at.desc(), appeal.c.number)
        .limit(limit)
    )
    return format_appeal_rows(query_dataframe(query), filters.language)


def _verdict_sums(filters: Filters) -> SimpleNamespace:
    """How many answers have each verdict, as `resolved_yes` … `other_no`: by whether they were officially resolved."""
    columns = query_columns(_sums_query(resolve(filters), filters.start, filters.end))
    return SimpleNamespace(**{name: int(values[0] or 0) for name, values in columns.items()})


def _sums_query(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    sums: list[ColumnElement[Any]] = [
        func.sum(cast(case((and_(condition, verdict.c.resolved == said), 1), else_=0), Integer)).label(f"{kind}_{said}")
        for kind, condition in (("resolved", is_resolved), ("other", ~is_resolved))
        for said in VERDICTS
    ]
    verdicts = _verdicts_in_days(resolved, start, end)
    # Of whole regions the appeals themselves needn't be read, which takes most of the time.
    if conditions_within_regions(resolved, appeal):
        verdicts = _with_appeals(verdicts, resolved)
    return select(*sums).select_from(verdicts)


def _verdicts_in_days(resolved: ResolvedFilters, start: date, end: date) -> FromClause:
    """Verdicts given in the local days [start, end), by the index of region and moment, with their outcome."""
    bounds = func.unnest(*midnight_arrays(resolved, start, end))
    region_days = bounds.table_valued("region_id", "since", "until").render_derived("day")
    given_then = and_(
        verdict.c.region_id == region_days.c.region_id,
        verdict.c.given_at >= region_days.c.since,
        verdict.c.given_at < region_days.c.until,
    )
    return region_days.join(verdict, given_then).outerjoin(outcome, outcome.c.id == verdict.c.outcome_id)


def _with_appeals(verdicts: FromClause, resolved: ResolvedFilters) -> FromClause:
    """The verdicts of appeals within the filters."""
    return verdicts.join(
        appeal,
        and_(
            appeal.c.region_id == verdict.c.region_id,
            appeal.c.id == verdict.c.appeal_id,
            *conditions_within_regions(resolved, appeal),
        ),
    )
