"""What a filter can be set to, in display order."""

from datetime import UTC, date, datetime
from typing import Any, Literal

import pandas as pd
from sqlalchemy import Select, func, select

from otklik.database import scope
from otklik.database.tables import cube_place
from otklik.database.transactions import columns
from queries.cache.live import known, live
from queries.cache.statements import built
from queries.core.cube_routing import from_cube
from queries.core.reference import words
from queries.core.resolved_filters import Cut, below, clock, cut
from queries.filters import Filters


@live
def span() -> tuple[date, date]:
    """The first and the last day on which anything was received; today twice in an empty database."""
    today = datetime.now(UTC).date()
    first, last = columns(_span(cut(Filters(start=today, end=today)))).values()
    return first[0] or today, last[0] or today


@built
def _span(part: Cut) -> Select[Any]:
    # Of the topmost territories: each of the many below them has days of its own.
    cells = from_cube(cube_place, part, (), ("day", "received")).subquery()
    day = cells.c.day
    return select(func.min(day).label("first"), func.max(day).label("last")).where(cells.c.received > 0)


def running(filters: Filters, today: date) -> date:
    """The last day of a period that goes on: the viewer's, or the territory's where that is later in all its regions.

    A day that is over there would be the end of a period that has ended.
    """
    return max(today, clock(cut(filters))[0])


def territories(filters: Filters) -> pd.DataFrame:
    """Territories within the viewer's scope, each below its parent: code, name, parent (its code), level."""
    return _territories(filters.language)


def topics(filters: Filters) -> pd.DataFrame:
    """Topics, each below its parent: code, name, parent, level."""
    return _topics(filters.language)


def organisations(filters: Filters) -> pd.DataFrame:
    """Organisations of the viewer's territories and those above, each below its parent: code, name, parent, level."""
    return _organisations(filters.language)


def regimes(filters: Filters) -> pd.DataFrame:
    """Regimes: code and name."""
    return words("regime", filters.language)[["code", "name"]].reset_index(drop=True)


def channels(filters: Filters) -> pd.DataFrame:
    """Channels: code and name."""
    return words("channel", filters.language)[["code", "name"]].reset_index(drop=True)


def named(filters: Filters, kind: Literal["topic", "organisation", "territory"]) -> str | None:
    """What the chosen topic, organisation or territory is called; None where none is chosen."""
    code = getattr(filters, kind)
    rows = words(kind, filters.language)
    return next((str(name) for name in rows.loc[rows["code"] == code, "name"]), None)


@known
def _territories(language: str) -> pd.DataFrame:
    rows = words("territory", language)
    viewer = scope.current() or scope.NOBODY
    return _tree(rows if viewer.everywhere else rows[rows.index.isin(below(viewer.tops, rows["parent_id"]))])


@known
def _topics(language: str) -> pd.DataFrame:
    return _tree(words("topic", language))


@known
def _organisations(language: str) -> pd.DataFrame:
    rows, parents = words("organisation", language), words("territory", language)["parent_id"]
    viewer = scope.current() or scope.NOBODY
    if viewer.everywhere:
        return _tree(rows)
    seen = below(viewer.tops, parents)
    above = set(viewer.tops)
    while above:
        seen |= above
        above = {int(one) for one in parents[parents.index.isin(above)].dropna()}
    return _tree(rows[rows["territory_id"].isin(seen)])


def _tree(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows depth first, siblings in the order they came."""
    # By plain lists: a step through a frame takes a hundred times as long, and every page has four of these.
    codes, parents = (
        dict(zip(rows.index.tolist(), rows[name].tolist(), strict=True)) for name in ("code", "parent_id")
    )
    above = {one: int(parent) if parent in codes else None for one, parent in parents.items()}
    under: dict[int | None, list[int]] = {}
    for one, parent in above.items():
        under.setdefault(parent, []).append(one)
    order: list[int] = []
    waiting = under.get(None, [])[::-1]
    while waiting:
        at = waiting.pop()
        order.append(at)
        waiting += under.get(at, [])[::-1]
    ordered = rows.loc[order]
    return pd.DataFrame(
        {
            "code": [codes[one] for one in order],
            "name": ordered["name"].tolist(),
            "parent": [None if (parent := above[one]) is None else codes[parent] for one in order],
            "level": ordered["level"].tolist(),
        },
        dtype=object,
    )
