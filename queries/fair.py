"""Organisations and regions compared fairly: with what their topics lead to expect, and no surer than their cases are.

Expected is what each would have if every topic went as it goes on the whole (indirect standardisation). Observed ÷
expected is then drawn towards the common ratio, the more the fewer cases there are: ratios vary as a gamma
distribution, counts around them as Poisson's; its two parameters by the method of moments (R. J. Marshall, 1991,
Applied Statistics 40, 283-294, "global" estimator).
"""

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import func, select

from database.reading import frame
from database.tables import appeal
from queries.cut import cut
from queries.facts import sums_of
from queries.figure import FEW, Z
from queries.figures import FIGURES
from queries.filters import Filters
from queries.later import later
from queries.moments import MEASURED, Moment, of_days
from queries.reference import words
from queries.seldom import seldom

Kind = Literal["organisation", "region"]
Floats = NDArray[np.float64]
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


@later
def table(filters: Filters, kind: Kind, name: str) -> pd.DataFrame:
    """One row an organisation or region with at least 30 cases: its group, and how it compares with what is expected.

    Columns: code, name, group (the least cases of its group), cases, observed (bad ones), expected, ratio, shrunk, low,
    high (bounds of 95 %). The group of most cases first, in each the worst first.
    """
    figure = FIGURES[name]
    counted = cells(filters, kind, MOMENTS[name])
    cases = figure.cases(counted).astype(float)
    bad = cases - figure.numerator(counted) if COMPARED[name] else figure.numerator(counted)
    found = shrunk(expected(counted.assign(cases=cases, observed=bad.astype(float))))
    found = found[found["cases"] >= FEW]
    named = words("territory" if kind == "region" else kind, filters.language)[["code", "name"]]
    group = [max(least for least in GROUPS if least <= n) for n in found["cases"]]
    rows = named.join(found.assign(group=pd.Series(group, found.index, dtype="int64")), how="inner")
    order = ["group", "shrunk", "name"]
    return rows.sort_values(order, ascending=[False, False, True], ignore_index=True)


def cells(filters: Filters, kind: Kind, moment: Moment) -> pd.DataFrame:
    """The measures of each member and topic that are counted by that moment."""
    if kind == "organisation":
        return _of_holders(filters, moment)
    part = cut(filters)
    part = replace(part, children=part.regions, steps_to_municipalities=False)
    held = sums_of(part, filters.start, filters.end, "territory_id", "topic_id").subquery()
    by = (held.c.territory_id.label("member"), held.c.topic_id.label("topic"))
    totals = [func.sum(held.c[name]).label(name) for name in MEASURED[moment]]
    return frame(select(*by, *totals).group_by(*by)).astype("int64")


@seldom
def _of_holders(filters: Filters, moment: Moment) -> pd.DataFrame:
    """The same of organisations, from the appeals of the period: no cube holds their topics."""
    by = (appeal.c.holder_id.label("member"), appeal.c.topic_id.label("topic"))
    totals = [func.count().filter(condition).label(name) for name, condition in MEASURED[moment].items()]
    question = of_days(cut(filters), moment, filters.start, filters.end, *by, *totals).group_by(*by)
    return frame(question).astype("int64")


def expected(cells: pd.DataFrame) -> pd.DataFrame:
    """One row a member: cases, observed and expected. `cells`: member, topic, cases, observed."""
    by_topic = cells.groupby("topic")[["cases", "observed"]].transform("sum")
    share = by_topic["observed"] / by_topic["cases"].where(by_topic["cases"] > 0)
    rows = cells.assign(expected=(cells["cases"] * share).fillna(0.0))
    return rows.groupby("member")[["cases", "observed", "expected"]].sum()


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
