"""Organisations and regions compared fairly: observed against expected cases, adjusted for topics and small numbers.

Expected is what a member would have if each of its topics went as that topic goes overall (indirect standardisation).
The ratio observed ÷ expected is then shrunk towards the common ratio, the more so the fewer cases there are: ratios are
taken as gamma distributed, counts around them as Poisson distributed, with the two parameters of the gamma distribution
by the method of moments (R. J. Marshall, 1991, Applied Statistics 40, 283-294, "global" estimator).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import pandas as pd
from sqlalchemy import ColumnElement, Double, Select, Subquery, cast, func, select

from otklik.database.cubes.measures import RATING_MEASURES, measure_condition
from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import MIN_CASES
from queries.cache.background import background_timed
from queries.cache.timed import timed
from queries.core.date_ranges import MomentColumn, select_in_days
from queries.core.facts import summable_facts
from queries.core.lacking_fields import lacking_fields
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.unknown import unknown_field
from queries.resolution.shrinkage import shrunk_ratios

MemberKind = Literal["organisation", "region"]
SqlNumber = ColumnElement[Any]
# The metrics that can be compared, and whether the numerator counts good cases: bad ones are then the rest.
COUNTS_GOOD_CASES = {
    "closed_on_time_rate": True,
    "resolution_rate": True,
    "satisfaction": True,
    "reopened_rate": False,
    "redirect_rate": False,
}
METRIC_MOMENTS: dict[str, MomentColumn] = {
    "closed_on_time_rate": "closed_at",
    "resolution_rate": "received_at",
    "satisfaction": "closed_at",
    "reopened_rate": "closed_at",
    "redirect_rate": "received_at",
}
# The measures that those metrics are made of, by the moment that they are counted by.
MEASURES_BY_MOMENT: dict[MomentColumn, tuple[str, ...]] = {
    "closed_at": ("closed", "on_time", "late", "reopened", *RATING_MEASURES),
    "received_at": ("received", "received_resolved", "redirected"),
}
# The lower bounds of the volume groups, by the cases of a member. Members with fewer than the first aren't shown.
VOLUME_GROUPS = (MIN_CASES, 100, 300, 1000)
CASE_COLUMNS = ["cases", "observed", "expected"]


@background_timed
def adjusted_ratios(filters: Filters, kind: MemberKind, metric_id: str) -> pd.DataFrame:
    """One row per organisation or region with at least 30 cases: the group of most cases first, in it the worst first.

    Columns: code, name, cases, observed (bad cases), expected, ratio, shrunk (the shrunk ratio), low, high (its 95 %
    bounds), group (the lower bound of its volume group).
    """
    # Of appeals without a deadline there are no cases.
    if unknown_field(PERIOD_METRICS[metric_id], lacking_fields(filters), {"on_time": 1}):
        filters = replace(filters, end=filters.start)
    member_rows = member_cases(filters, kind, METRIC_MOMENTS[metric_id])
    ratios = shrunk_ratios(
        member_rows[[f"{metric_id}_{suffix}" for suffix in CASE_COLUMNS]].set_axis(CASE_COLUMNS, axis="columns")
    )
    ratios = ratios[ratios["cases"] >= MIN_CASES]
    member_names = dimension_members("territory" if kind == "region" else kind, filters.language)[["code", "name"]]
    groups = [
        max(lower_bound for lower_bound in VOLUME_GROUPS if lower_bound <= case_count) for case_count in ratios["cases"]
    ]
    rows = member_names.join(ratios.assign(group=pd.Series(groups, ratios.index, dtype="int64")), how="inner")
    order = ["group", "shrunk", "name"]
    return rows.sort_values(order, ascending=[False, False, True], ignore_index=True)


def member_cases(filters: Filters, kind: MemberKind, moment: MomentColumn) -> pd.DataFrame:
    """One row per member, indexed by id: `ID_cases`, `ID_observed` and `ID_expected` for each metric of the moment."""
    return (
        _organisation_cases(filters, moment)
        if kind == "organisation"
        else _cases_of_cells(_region_cells(filters, moment), moment)
    )


def _region_cells(filters: Filters, moment: MomentColumn) -> Subquery:
    """One row per region (`member`) and topic: the measures that are counted by the moment."""
    resolved = resolve(filters)
    resolved = replace(resolved, children=resolved.regions, steps_to_municipalities=False)
    topic_sums = summable_facts(resolved, filters.start, filters.end, "territory_id", "topic_id").subquery()
    keys = (topic_sums.c.territory_id.label("member"), topic_sums.c.topic_id.label("topic"))
    totals = [func.sum(topic_sums.c[measure]).label(measure) for measure in MEASURES_BY_MOMENT[moment]]
    return select(*keys, *totals).group_by(*keys).subquery()


@timed
def _organisation_cases(filters: Filters, moment: MomentColumn) -> pd.DataFrame:
    """The rows of `member_cases` for organisations, from the appeals of the period: no cube has their topics."""
    keys = (appeal.c.holder_id.label("member"), appeal.c.topic_id.label("topic"))
    totals = [func.count().filter(measure_condition(measure)).label(measure) for measure in MEASURES_BY_MOMENT[moment]]
    query = select_in_days(resolve(filters), moment, filters.start, filters.end, *keys, *totals).group_by(*keys)
    return _cases_of_cells(query.subquery(), moment)


def _cases_of_cells(cells: Subquery, moment: MomentColumn) -> pd.DataFrame:
    """The rows of `member_cases`, from cells by member and topic with the measures of the moment."""
    cases_and_observed = {}
    for metric_id in (metric_id for metric_id, metric_moment in METRIC_MOMENTS.items() if metric_moment == moment):
        cases, numerator = PERIOD_METRICS[metric_id].cases(cells.c), PERIOD_METRICS[metric_id].numerator(cells.c)
        cases_and_observed[metric_id] = (cases, cases - numerator if COUNTS_GOOD_CASES[metric_id] else numerator)
    return query_dataframe(expected_cases_query(cells, cases_and_observed)).set_index("member").astype(float)


def expected_cases_query(cells: Subquery, cases_and_observed: Mapping[str, tuple[SqlNumber, SqlNumber]]) -> Select[Any]:
    """One row per member: `ID_cases`, `ID_observed` and `ID_expected` for each id of `cases_and_observed`.

    `cells` has a row per member and topic; the values of `cases_and_observed` are expressions over its columns. The
    database computes this, since there may be as many cells as organisations times topics.
    """
    topic = cells.c.topic
    columns: list[SqlNumber] = []
    for metric_id, (cases, observed) in cases_and_observed.items():
        topic_cases = func.nullif(func.sum(cases).over(partition_by=topic), 0)
        topic_share = cast(func.sum(observed).over(partition_by=topic), Double) / topic_cases
        columns += [
            column.label(f"{metric_id}_{suffix}")
            for suffix, column in zip(CASE_COLUMNS, (cases, observed, cases * topic_share), strict=True)
        ]
    member_cells = select(cells.c.member, *columns).subquery()
    totals = (
        cast(func.coalesce(func.sum(member_cells.c[column.name]), 0), Double).label(column.name) for column in columns
    )
    return select(member_cells.c.member, *totals).group_by(member_cells.c.member)
