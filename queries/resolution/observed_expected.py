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
def table(filters: Filters, kind: Kind, name: str) -> pd.DataFrame:
    """One row an organisation or region with at least 30 cases: its group, and how it compares with what is expected.

    Columns: code, name, group (the least cases of its group), cases, observed (bad ones), expected, ratio, shrunk, low,
    high (bounds of 95 %). The group of most cases first, in each the worst first.
    """
    counted = members(filters, kind, MOMENTS[name])
    found = shrunk(counted[[f"{name}_{part}" for part in PARTS]].set_axis(PARTS, axis="columns"))
    found = found[found["cases"] >= FEW]
    named = words("territory" if kind == "region" else kind, filters.language)[["code", "name"]]
    group = [max(least for least in GROUPS if least <= n) for n in found["cases"]]
    rows = named.join(found.assign(group=pd.Series(group, found.index, dtype="int64")), how="inner")
    order = ["group", "shrunk", "name"]
    return rows.sort_values(order, ascending=[False, False, True], ignore_index=True)


def members(filters: Filters, kind: Kind, moment: Moment) -> pd.DataFrame:
    """One row a member, by its id: `PARTS` of each figure that is counted by that moment, as `expected` names them."""
    return _of_holders(filters, moment) if kind == "organisation" else _parts(_of_regions(filters, moment), moment)


def _of_regions(filters: Filters, moment: Moment) -> Subquery:
    """The measures of each region and topic that are counted by that moment."""
    part = cut(filters)
    part = replace(part, children=part.regions, steps_to_municipalities=False)
    held = sums_of(part, filters.start, filters.end, "territory_id", "topic_id").subquery()
    by = (held.c.territory_id.label("member"), held.c.topic_id.label("topic"))
    totals = [func.sum(held.c[name]).label(name) for name in MEASURED[moment]]
    return select(*by, *totals).group_by(*by).subquery()


@seldom
def _of_holders(filters: Filters, moment: Moment) -> pd.DataFrame:
    """The same of organisations, from the appeals of the period: no cube holds their topics."""
    by = (appeal.c.holder_id.label("member"), appeal.c.topic_id.label("topic"))
    totals = [func.count().filter(condition).label(name) for name, condition in MEASURED[moment].items()]
    question = of_days(cut(filters), moment, filters.start, filters.end, *by, *totals).group_by(*by)
    return _parts(question.subquery(), moment)


def _parts(cells: Subquery, moment: Moment) -> pd.DataFrame:
    """The rows of `members`, of cells with the measures of that moment."""
    sides = {}
    for name in (name for name, of in MOMENTS.items() if of == moment):
        cases, counted = FIGURES[name].cases(cells.c), FIGURES[name].numerator(cells.c)
        sides[name] = (cases, cases - counted if COMPARED[name] else counted)
    return frame(expected(cells, sides)).set_index("member").astype(float)


def expected(cells: Subquery, sides: Mapping[str, tuple[Number, Number]]) -> Select[Any]:
    """One row a member: `PARTS` of each of the sides, named `side_part`. `cells`: member and topic.

    A side is its cases and how many of them were observed, in the terms of the cells. Worked out by the database: there
    are as many cells as organisations times topics.
    """
    topic = cells.c.topic
    columns: list[Number] = []
    for name, (cases, observed) in sides.items():
        of_topic = func.nullif(func.sum(cases).over(partition_by=topic), 0)
        share = cast(func.sum(observed).over(partition_by=topic), Double) / of_topic
        columns += [
            one.label(f"{name}_{part}") for part, one in zip(PARTS, (cases, observed, cases * share), strict=True)
        ]
    spread = select(cells.c.member, *columns).subquery()
    totals = (cast(func.coalesce(func.sum(spread.c[one.name]), 0), Double).label(one.name) for one in columns)
    return select(spread.c.member, *totals).group_by(spread.c.member)


def shrunk(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that expect anything, with ratio, shrunk and its bounds. `rows`: observed, expected.

    Where the ratios differ no more than chance alone would have them, all are the common one.
    """
    rows = rows[rows["expected"] > 0]
    ratio = rows["observed"] / rows["expected"]
    total = float(rows["expected"].sum())
    if not total:
        return rows.assign(ratio=ratio, shrunk=ratio, low=ratio, high=ratio)
    common = float(rows["observed"].sum()) / total
    spread = float((rows["expected"] * (ratio - common) ** 2).sum()) / total
    between = max(0.0, spread - common * len(rows) / total)
    if not between:
        return rows.assign(ratio=ratio, shrunk=common, low=common, high=common)
    # The prior as if `rate` had been expected before, and `shape` observed.
    shape, rate = common**2 / between, common / between
    cases, scale = rows["observed"] + shape, rows["expected"] + rate
    return rows.assign(
        ratio=ratio,
        shrunk=cases / scale,
        low=gamma_quantile(cases.to_numpy(float), -Z) / scale,
        high=gamma_quantile(cases.to_numpy(float), Z) / scale,
    )


def gamma_quantile(shape: Floats, z: float) -> Floats:
    """The quantile of a gamma distribution of scale 1 where the normal one has `z`.

    By the cube root, which is nearly normal (E. B. Wilson and M. M. Hilferty, 1931, PNAS 17, 684-688).
    """
    root: Floats = np.maximum(1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape)), 0)
    return shape * root**3
