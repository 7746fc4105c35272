"""How the appeals of a problem stand: open and overdue, by the places and the organisations with most of them."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Integer, Select, cast, func, literal_column, select

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.cache.live import live
from queries.core.appeal_state import has_passed
from queries.core.date_ranges import appeals_in_days
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters

COUNTS = ["received", "open", "overdue"]
WORST_ROWS = 5


@dataclass(frozen=True)
class LinkedStanding:
    """The appeals of a problem now: how many were received, are open, and of these overdue.

    `places` and `organisations` have a row each for at most five, those with most overdue first, then most open, then
    most received: name, and the three counts. `places` are the municipalities of a region, or the regions of a larger
    territory; none for a municipality.
    """

    received: int
    open: int
    overdue: int
    places: pd.DataFrame
    organisations: pd.DataFrame


@live
def linked_standing(filters: Filters) -> LinkedStanding:
    """Of the appeals within the filters, which are those of a problem: queries.problems.problem_filters."""
    resolved = resolve(filters)
    rows = query_dataframe(_standing_query(resolved, filters))
    received, open_count, overdue = (int(rows[name].sum()) for name in COUNTS)
    return LinkedStanding(
        received,
        open_count,
        overdue,
        places=_worst(rows, "place_id", "territory", filters.language),
        organisations=_worst(rows, "holder_id", "organisation", filters.language),
    )


def _standing_query(resolved: ResolvedFilters, filters: Filters) -> Select[Any]:
    """One row per place and organisation: place_id, holder_id and the counts."""
    if resolved.municipalities:
        place: Any = cast(literal_column("NULL"), Integer)
    else:
        levels = dimension_members("territory", "en")["level"].reindex(resolved.territories)
        place = appeal.c.municipality_id if levels.eq("region").all() else appeal.c.region_id
    is_open = appeal.c.closed_at.is_(None)
    counts = {
        "received": func.count(),
        "open": func.count().filter(is_open),
        "overdue": func.count().filter(is_open, has_passed(appeal.c.deadline_at)),
    }
    keys = place.label("place_id"), appeal.c.holder_id
    return (
        select(*keys, *(count.label(name) for name, count in counts.items()))
        .select_from(appeals_in_days(resolved, "received_at", filters.start, filters.end))
        .group_by(literal_column("1"), literal_column("2"))
    )


def _worst(rows: pd.DataFrame, key: str, dimension: str, language: str) -> pd.DataFrame:
    sums = rows.dropna(subset=[key]).groupby(key)[COUNTS].sum()
    names = dimension_members(dimension, language)["name"]
    sums.insert(0, "name", names.reindex(sums.index))
    # By name last, so that the order of equals doesn't change.
    order = sums.dropna(subset=["name"]).sort_values([*reversed(COUNTS), "name"], ascending=[False] * 3 + [True])
    return order.head(WORST_ROWS).reset_index(drop=True)
