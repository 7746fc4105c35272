"""The figures of each topic, territory, organisation, channel or regime."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Select, select

from otklik.database.tables import MEASURES
from otklik.database.transactions import columns
from queries.cache.live import live
from queries.cache.statements import built
from queries.core.aggregates import STATE, ended, question, sums
from queries.core.reference import words
from queries.core.resolved_filters import Cut, cut
from queries.filters import Filters
from queries.metrics.catalogue import FIGURES, NOW_ONLY, PERCENTILES
from queries.metrics.metric import Figure

Values = NDArray[Any]
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
        leading = columns(_leaders(part, filters.start, filters.end, by, most, of))[by]
        leaders: dict[str, Any] = {CHOSEN[kind]: tuple(sorted(leading))}
        part = replace(part, **leaders)
    counted = columns(question(part, filters.start, filters.end, by, names))
    ids = counted.pop(by)
    members, totals = added_up(steps(ids, named, filters.topic) if kind == "topic" else ids, *counted.values())
    first, name_of = totals[names.index(of)], named["name"].reindex(members).tolist()
    shown = np.flatnonzero(totals.any(axis=0)).tolist()
    order = sorted(shown, key=lambda at: (-first[at], name_of[at]))
    found = dict(zip(names, totals[:, order], strict=True))
    rated = all_of(_made_of(names), found)
    if ended(part, filters.end):
        rated |= {name: np.full(len(order), np.nan) for name in NOW_ONLY if name in rated}
    # A measure and the figure that counts it may share a name, and then are the same number.
    figures = {name: values for name, values in rated.items() if name not in found}
    index = pd.Index(members[order], name=by)
    told = {name: named[name].reindex(index) for name in ("code", "name")}
    return pd.DataFrame({**told, **found, **figures}, index=index)


CHOSEN: dict[Kind, str] = {"organisation": "holders", "channel": "channels", "regime": "regimes"}


@built
def _leaders(part: Cut, start: date, end: date, by: str, most: int, of: str) -> Select[Any]:
    """The members that have most of one measure or state."""
    found = sums(part, start, end, by, (of,))
    return select(found.c[by]).where(found.c[of] > 0).order_by(found.c[of].desc()).fetch(most, with_ties=True)


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


def all_of(figures: Iterable[Figure], rows: Mapping[str, Values]) -> dict[str, Values]:
    """Each figure by its id, of all rows of sums, given as columns; NaN where there is nothing to divide by."""
    counted = SimpleNamespace(**rows)
    return {one.id: one.values(counted) for one in figures}


def added_up(keys: Sequence[int], *counts: Sequence[int]) -> tuple[Values, Values]:
    """The keys, each once, and the sum of each count for each of them: a row a count."""
    found, places = np.unique(np.array(keys, dtype=np.int64), return_inverse=True)
    totals = np.zeros((len(counts), len(found)), dtype=np.int64)
    for total, count in zip(totals, counts, strict=True):
        np.add.at(total, places, np.array(count, dtype=np.int64))
    return found, totals


def steps(members: Iterable[int], topics: pd.DataFrame, chosen: str | None) -> list[int]:
    """For each topic the one a step below the chosen one (or at the top) that it is or lies below."""
    parents = {one: None if pd.isna(parent) else int(parent) for one, parent in topics["parent_id"].items()}
    tops = set(topics.index[topics["code"] == chosen]) if chosen else {one for one in parents if parents[one] is None}
    shown = {one for one, parent in parents.items() if parent in tops} if chosen else tops
    return [_up(member, parents, shown | tops) for member in members]


def _up(member: int, parents: Mapping[Hashable, int | None], shown: set[Hashable]) -> int:
    while member not in shown and (above := parents[member]) is not None:
        member = above
    return member
