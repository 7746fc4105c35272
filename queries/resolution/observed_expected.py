"""Organisations and regions compared fairly: observed against expected cases, adjusted for mix and small numbers.

Expected is what a member would have if its appeals went as those of the same topic, regime and age go overall (indirect
standardisation). The ratio observed ÷ expected is then shrunk towards the common ratio, the more so the fewer cases
there are (queries.statistics.shrinkage).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

import pandas as pd
from sqlalchemy import ARRAY, ColumnElement, Double, Integer, Select, Subquery, cast, func, literal, select
from sqlalchemy.dialects.postgresql import INTERVAL

from otklik.database.cubes.measures import measure_condition
from otklik.database.tables import appeal, given_rating
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_CASES
from queries.cache.background import background_timed
from queries.cache.timed import timed
from queries.core.date_ranges import MomentColumn, select_in_days
from queries.core.lacking_fields import lacking_fields
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.counts.state_sums import counted_days
from queries.filters import Filters
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.unknown import unknown_field
from queries.statistics.shrinkage import shrunk_ratios

MemberKind = Literal["organisation", "region"]
Condition = ColumnElement[bool]
MEMBER_COLUMNS: dict[MemberKind, str] = {"organisation": "holder_id", "region": "region_id"}
STRATUM_COLUMNS = ("topic_id", "regime_id", "age_band")
# An appeal has these days to be resolved. Younger ones are compared with others of their age, by these bounds in days.
RESOLUTION_DAYS = 30
AGE_BOUNDS = (3, 7, 14, 21, RESOLUTION_DAYS)


@dataclass(frozen=True)
class ComparedShare:
    """A share that members are compared by: of the appeals with `moment` in the period, `cases`; `bad` ones of them."""

    moment: MomentColumn
    cases: Condition
    bad: Condition


def _is_rated(*ratings: int) -> Condition:
    return given_rating.c.rating.in_(ratings)


_is_resolved_in_time = measure_condition("received_resolved") & (
    appeal.c.closed_at <= appeal.c.received_at + timedelta(days=RESOLUTION_DAYS)
)
COMPARED_SHARES: dict[str, ComparedShare] = {
    "on_time_rate": ComparedShare(
        "due_at", appeal.c.deadline_at.is_not(None), func.coalesce(measure_condition("on_time_due"), False).is_(False)
    ),
    "resolution_rate": ComparedShare(
        "received_at", measure_condition("received"), func.coalesce(_is_resolved_in_time, False).is_(False)
    ),
    "satisfaction": ComparedShare("rated_at", _is_rated(1, 2, 3, 4, 5), _is_rated(1, 2, 3)),
    "reopened_rate": ComparedShare("settled_at", measure_condition("first_answered"), measure_condition("returned")),
    "redirect_rate": ComparedShare("received_at", measure_condition("received"), measure_condition("redirected")),
}
CASE_COLUMNS = ["cases", "observed", "expected"]


@background_timed
def adjusted_ratios(filters: Filters, kind: MemberKind, metric_id: str) -> pd.DataFrame:
    """One row per organisation or region with at least 30 cases, most probably more than 1.2 times expected first.

    Columns: code, name, cases, observed (bad cases), expected, ratio, shrunk (the shrunk ratio), low, high (its 95 %
    bounds), excess_probability (that of a true ratio above 1.2). Without any row, `attrs["unknown"]` is the field for
    want of which the share is unknown; None where there are too few cases.
    """
    metric, lacking = PERIOD_METRICS[metric_id], lacking_fields(filters)
    # Of appeals without a deadline there are no cases.
    if unknown_field(metric, lacking, {"on_time": 1}):
        filters = replace(filters, end=filters.start)
    member_rows = member_cases(filters, kind, COMPARED_SHARES[metric_id].moment)
    case_rows = member_rows[[f"{metric_id}_{suffix}" for suffix in CASE_COLUMNS]].set_axis(CASE_COLUMNS, axis="columns")
    ratios = shrunk_ratios(case_rows[case_rows["cases"] >= MIN_CASES])
    member_names = dimension_members("territory" if kind == "region" else kind, filters.language)[["code", "name"]]
    order = ["excess_probability", "shrunk", "name"]
    rows = member_names.join(ratios, how="inner").sort_values(order, ascending=[False, False, True], ignore_index=True)
    rows.attrs["unknown"] = unknown_field(metric, lacking, {}) if rows.empty else None
    return rows


def member_cases(filters: Filters, kind: MemberKind, moment: MomentColumn) -> pd.DataFrame:
    """One row per member, indexed by id: `ID_cases`, `ID_observed` and `ID_expected` for each share of the moment."""
    rows, key = _cases_of_all(filters, moment), MEMBER_COLUMNS[kind]
    other_keys = [column for column in MEMBER_COLUMNS.values() if column != key]
    return rows[rows[key].notna()].drop(columns=other_keys).astype({key: "int64"}).set_index(key).astype(float)


@timed
def _cases_of_all(filters: Filters, moment: MomentColumn) -> pd.DataFrame:
    """The rows of `expected_cases_query`, from the appeals of the period: no cube has topic and regime together."""
    keys: list[ColumnElement[Any]] = [appeal.c[key] for key in (*MEMBER_COLUMNS.values(), "topic_id", "regime_id")]
    keys.append((_age_band() if moment == "received_at" else literal(0)).label("age_band"))
    shares = {metric_id: share for metric_id, share in COMPARED_SHARES.items() if share.moment == moment}
    counts = [
        func.count().filter(condition).label(f"{metric_id}_{suffix}")
        for metric_id, share in shares.items()
        for suffix, condition in (("cases", share.cases), ("observed", share.cases & share.bad))
    ]
    resolved = resolve(filters)
    days = counted_days(resolved, moment, filters.start, filters.end)
    query = select_in_days(resolved, moment, *days, *keys, *counts).group_by(*keys)
    return query_dataframe(expected_cases_query(query.subquery(), shares))


def _age_band() -> ColumnElement[int]:
    """Which of the ages between `AGE_BOUNDS` an appeal has now: only equally old ones can be equally resolved."""
    bounds = literal([timedelta(days=days) for days in AGE_BOUNDS], ARRAY(INTERVAL))
    return func.width_bucket(func.now() - appeal.c.received_at, bounds, type_=Integer)


def expected_cases_query(cells: Subquery, metric_ids: Iterable[str]) -> Select[Any]:
    """One row per organisation (`holder_id`) and one per region (`region_id`); the other id is NULL.

    `cells` has a row per member and stratum, with `ID_cases` and `ID_observed` for each of `metric_ids`; the result has
    their sums and `ID_expected`. The database computes this, since there may be as many cells as organisations times
    topics.
    """
    strata = [cells.c[key] for key in STRATUM_COLUMNS]
    columns: list[ColumnElement[Any]] = []
    for metric_id in metric_ids:
        cases, observed = cells.c[f"{metric_id}_cases"], cells.c[f"{metric_id}_observed"]
        stratum_cases = func.nullif(func.sum(cases).over(partition_by=strata), 0)
        stratum_share = cast(func.sum(observed).over(partition_by=strata), Double) / stratum_cases
        columns += [cases, observed, (cases * stratum_share).label(f"{metric_id}_expected")]
    members = [cells.c[key] for key in MEMBER_COLUMNS.values()]
    member_cells = select(*members, *columns).subquery()
    keys = [member_cells.c[key] for key in MEMBER_COLUMNS.values()]
    totals = (
        cast(func.coalesce(func.sum(member_cells.c[column.name]), 0), Double).label(column.name) for column in columns
    )
    return select(*keys, *totals).group_by(func.grouping_sets(*keys))
