"""Organisations and regions compared fairly: with what their topics lead to expect, and no surer than their cases are.

Expected is what each would have if every topic went as it goes on the whole (indirect standardisation). Observed ÷
expected is then drawn towards the common ratio, the more the fewer cases there are: ratios vary as a gamma
distribution, counts around them as Poisson's; its two parameters by the method of moments (R. J. Marshall, 1991,
Applied Statistics 40, 283-294, "global" estimator).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Double, Select, Subquery, cast, func, select

from otklik.database.tables import appeal
from otklik.database.transactions import frame
from queries.cache.background import later
from queries.cache.timed import seldom
from queries.core.date_ranges import MEASURED, Moment, of_days
from queries.core.facts import sums_of
from queries.core.reference import words
from queries.core.resolved_filters import cut
from queries.filters import Filters
from queries.metrics.catalogue import FIGURES
from queries.metrics.metric import FEW, Z

Kind = Literal["organisation", "region"]
Floats = NDArray[np.float64]
Number = ColumnElement[Any]
# What is compared, and whether the figure counts the good cases: then the others are what can be too many.
COMPARED = {
    "closed_on_time_rate": True,
    "resolution_rate": True,
    "satisfaction": True,
    "reopened_rate": False,
    "redirect_rate": False,
}
MOMENTS: dict[str, Moment] = {
    "closed_on_time_rate": "closed_at",
    "resolution_rate": "received_at",
    "satisfaction": "closed_at",
    "reopened_rate": "closed_at",
    "redirect_rate": "received_at",
}
# Groups of volume by the cases of a member; those of fewer than the first are in none and never ranked.
GROUPS = (FEW, 100, 300, 1000)
PARTS = ["cases", "observed", "expected"]


@later
def table(filters: Filters, kind: Kind, metric_id: str) -> pd.DataFrame:
    """One row an organisation or region with at least 30 cases: its group, and how it compares with what is expected.

    Columns: code, name, group (the least cases of its group), cases, observed (bad ones), expected, ratio, shrunk, low,
    high (bounds of 95 %). The group of most cases first, in each the worst first.
    """
    member_rows = members(filters, kind, MOMENTS[metric_id])
    ratios = shrunk(member_rows[[f"{metric_id}_{suffix}" for suffix in PARTS]].set_axis(PARTS, axis="columns"))
    ratios = ratios[ratios["cases"] >= FEW]
    member_names = words("territory" if kind == "region" else kind, filters.language)[["code", "name"]]
    groups = [max(lower_bound for lower_bound in GROUPS if lower_bound <= case_count) for case_count in ratios["cases"]]
    rows = member_names.join(ratios.assign(group=pd.Series(groups, ratios.index, dtype="int64")), how="inner")
    order = ["group", "shrunk", "name"]
    return rows.sort_values(order, ascending=[False, False, True], ignore_index=True)


def members(filters: Filters, kind: Kind, moment: Moment) -> pd.DataFrame:
    """One row a member, by its id: `PARTS` of each figure that is counted by that moment, as `expected` names them."""
    return _of_holders(filters, moment) if kind == "organisation" else _parts(_of_regions(filters, moment), moment)


def _of_regions(filters: Filters, moment: Moment) -> Subquery:
    """The measures of each region and topic that are counted by that moment."""
    resolved = cut(filters)
    resolved = replace(resolved, children=resolved.regions, steps_to_municipalities=False)
    topic_sums = sums_of(resolved, filters.start, filters.end, "territory_id", "topic_id").subquery()
    keys = (topic_sums.c.territory_id.label("member"), topic_sums.c.topic_id.label("topic"))
    totals = [func.sum(topic_sums.c[measure]).label(measure) for measure in MEASURED[moment]]
    return select(*keys, *totals).group_by(*keys).subquery()


@seldom
def _of_holders(filters: Filters, moment: Moment) -> pd.DataFrame:
    """The same of organisations, from the appeals of the period: no cube holds their topics."""
    keys = (appeal.c.holder_id.label("member"), appeal.c.topic_id.label("topic"))
    totals = [func.count().filter(condition).label(measure) for measure, condition in MEASURED[moment].items()]
    query = of_days(cut(filters), moment, filters.start, filters.end, *keys, *totals).group_by(*keys)
    return _parts(query.subquery(), moment)


def _parts(cells: Subquery, moment: Moment) -> pd.DataFrame:
    """The rows of `members`, of cells with the measures of that moment."""
    cases_and_observed = {}
    for metric_id in (metric_id for metric_id, metric_moment in MOMENTS.items() if metric_moment == moment):
        cases, numerator = FIGURES[metric_id].cases(cells.c), FIGURES[metric_id].numerator(cells.c)
        cases_and_observed[metric_id] = (cases, cases - numerator if COMPARED[metric_id] else numerator)
    return frame(expected(cells, cases_and_observed)).set_index("member").astype(float)


def expected(cells: Subquery, cases_and_observed: Mapping[str, tuple[Number, Number]]) -> Select[Any]:
    """One row a member: `PARTS` of each of the sides, named `side_part`. `cells`: member and topic.

    A side is its cases and how many of them were observed, in the terms of the cells. Worked out by the database: there
    are as many cells as organisations times topics.
    """
    topic = cells.c.topic
    columns: list[Number] = []
    for metric_id, (cases, observed) in cases_and_observed.items():
        topic_cases = func.nullif(func.sum(cases).over(partition_by=topic), 0)
        topic_share = cast(func.sum(observed).over(partition_by=topic), Double) / topic_cases
        columns += [
            column.label(f"{metric_id}_{suffix}")
            for suffix, column in zip(PARTS, (cases, observed, cases * topic_share), strict=True)
        ]
    member_cells = select(cells.c.member, *columns).subquery()
    totals = (
        cast(func.coalesce(func.sum(member_cells.c[column.name]), 0), Double).label(column.name) for column in columns
    )
    return select(member_cells.c.member, *totals).group_by(member_cells.c.member)


def shrunk(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that expect anything, with ratio, shrunk and its bounds. `rows`: observed, expected.

    Where the ratios differ no more than chance alone would have them, all are the common one.
    """
    rows = rows[rows["expected"] > 0]
    ratio = rows["observed"] / rows["expected"]
    expected_total = float(rows["expected"].sum())
    if not expected_total:
        return rows.assign(ratio=ratio, shrunk=ratio, low=ratio, high=ratio)
    common_ratio = float(rows["observed"].sum()) / expected_total
    variance = float((rows["expected"] * (ratio - common_ratio) ** 2).sum()) / expected_total
    between_variance = max(0.0, variance - common_ratio * len(rows) / expected_total)
    if not between_variance:
        return rows.assign(ratio=ratio, shrunk=common_ratio, low=common_ratio, high=common_ratio)
    # The prior as if `rate` had been expected before, and `shape` observed.
    prior_shape, prior_rate = common_ratio**2 / between_variance, common_ratio / between_variance
    posterior_shape, posterior_rate = rows["observed"] + prior_shape, rows["expected"] + prior_rate
    return rows.assign(
        ratio=ratio,
        shrunk=posterior_shape / posterior_rate,
        low=gamma_quantile(posterior_shape.to_numpy(float), -Z) / posterior_rate,
        high=gamma_quantile(posterior_shape.to_numpy(float), Z) / posterior_rate,
    )


def gamma_quantile(shape: Floats, z: float) -> Floats:
    """The quantile of a gamma distribution of scale 1 where the normal one has `z`.

    By the cube root, which is nearly normal (E. B. Wilson and M. M. Hilferty, 1931, PNAS 17, 684-688).
    """
    root: Floats = np.maximum(1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape)), 0)
    return shape * root**3
