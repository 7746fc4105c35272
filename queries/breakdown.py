"""The figures of each topic, territory, organisation, channel or regime."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import select

from database.reading import frame
from database.tables import MEASURES
from queries.cut import Cut, cut
from queries.figure import Figure
from queries.figures import FIGURES, NOW_ONLY, PERCENTILES
from queries.filters import Filters
from queries.live import live
from queries.reference import words
from queries.sums import STATE, ended, sums

Values = npt.NDArray[Any]
Kind = Literal["topic", "territory", "region", "organisation", "channel", "regime"]
COLUMNS: dict[Kind, str] = {
    "topic": "topic_id",
    "territory": "territory_id",
    "region": "territory_id",
    "organisation": "holder_id",
    "channel": "channel_id",
    "regime": "regime_id",
}


@live
def breakdown(
    filters: Filters,
    kind: Kind,
    most: int | None = None,
    of: str = "received",
    names: tuple[str, ...] = (*MEASURES, *STATE),
) -> pd.DataFrame:
    """One row a member of the kind that has anything to show, by its id; most received (or of `of`) first.

    Columns: code, name, the measures of the period and the state at its end, and every figure of the catalogue that
    these make up, under its id (NaN where there is nothing to divide by). Topics and territories are those one step
    below the chosen one, regions all that lie in it. With `names`, only those measures and states and what they make
    up. With `most`, only so many organisations, channels or regimes (more where some are equal).
    """
    part = cut(filters)
    if kind == "region":
        kind, part = "territory", replace(part, children=part.regions, steps_to_municipalities=False)
    named, by = words(kind, filters.language), COLUMNS[kind]
    if most is not None:
        leaders: dict[str, Any] = {CHOSEN[kind]: _leaders(part, filters, by, most, of)}
        part = replace(part, **leaders)
    found = frame(select(sums(part, filters.start, filters.end, by, names))).set_index(by)
    found = found[list(names)].astype("int64")
    if kind == "topic":
        found = found.groupby(steps(found.index, named, filters.topic)).sum()
    found = found[found.any(axis="columns")]
    named = named[["code", "name"]].reindex(found.index)
    rated: dict[str, Values | float] = dict(all_of(_made_of(names), found))
    if ended(part, filters.end):
        rated |= {name: float("nan") for name in NOW_ONLY if name in rated}
    # A measure and the figure that counts it may share a name, and then are the same number.
    figures = pd.DataFrame({name: column for name, column in rated.items() if name not in found}, index=found.index)
    return pd.concat([named, found, figures], axis="columns").sort_values([of, "name"], ascending=[False, True])


CHOSEN: dict[Kind, str] = {"organisation": "holders", "channel": "channels", "regime": "regimes"}


def _leaders(part: Cut, filters: Filters, by: str, most: int, of: str) -> tuple[int, ...]:
    """The members that have most of one measure or state."""
    found = sums(part, filters.start, filters.end, by, (of,))
    leading = select(found.c[by]).where(found.c[of] > 0).order_by(found.c[of].desc()).fetch(most, with_ties=True)
    return tuple(sorted(frame(leading)[by].astype(int)))


@cache
def _made_of(names: tuple[str, ...]) -> tuple[Figure, ...]:
    """The figures that these measures and states are enough for."""
    return tuple(one for one in FIGURES.values() if one.id not in PERCENTILES and _is_made_of(one, names))


def _is_made_of(figure: Figure, names: tuple[str, ...]) -> bool:
    nothing = SimpleNamespace(**dict.fromkeys(names, 0))
    try:
        figure.numerator(nothing), figure.cases(nothing)
    except AttributeError:
        return False
    return True


def all_of(figures: Iterable[Figure], rows: pd.DataFrame) -> dict[str, Values]:
    """Each figure by its id, of all rows of sums; NaN where there is nothing to divide by.

    By plain arrays: of two dozen figures each step takes a frame many times as long as the question.
    """
    counted = SimpleNamespace(**{str(name): rows[name].to_numpy() for name in rows.columns})
    return {one.id: _values(one, counted) for one in figures}


def _values(figure: Figure, counted: SimpleNamespace) -> Values:
    hits: Values = figure.numerator(counted)
    if figure.denominator is None:
        return hits
    cases: Values = figure.denominator(counted)
    quotients: Values = np.divide(hits, cases, out=np.full(len(cases), np.nan), where=cases > 0)
    return quotients


def each(figure: Figure, rows: pd.DataFrame) -> pd.Series:
    """The figure of each row of sums; NaN where there is nothing to divide by."""
    hits: pd.Series = figure.numerator(rows)
    if figure.denominator is None:
        return hits
    cases: pd.Series = figure.denominator(rows)
    return hits / cases.where(cases > 0)


def steps(members: pd.Index, topics: pd.DataFrame, chosen: str | None) -> list[int]:
    """For each topic the one a step below the chosen one (or at the top) that it is or lies below."""
    parents = {one: None if pd.isna(parent) else int(parent) for one, parent in topics["parent_id"].items()}
    tops = set(topics.index[topics["code"] == chosen]) if chosen else {one for one in parents if parents[one] is None}
    shown = {one for one, parent in parents.items() if parent in tops} if chosen else tops
    return [_up(member, parents, shown | tops) for member in members.tolist()]


def _up(member: int, parents: Mapping[Hashable, int | None], shown: set[Hashable]) -> int:
    while member not in shown and (above := parents[member]) is not None:
        member = above
    return member
