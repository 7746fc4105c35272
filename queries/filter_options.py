"""What a filter can be set to, in display order."""

from datetime import date
from typing import Literal

import pandas as pd

from otklik.database.access import scope
from queries.cache.live import reference_data
from queries.core import received_range
from queries.core.local_days import running_day
from queries.core.reference import Jurisdiction, dimension_members, jurisdiction_of
from queries.core.resolved_filters import resolve, subtree_ids
from queries.filters import FAR_FUTURE, Filters


def received_date_range(territory: str | None = None) -> tuple[date, date]:
    """The first and the last day on which a territory (its code) or any received something; today twice if none."""
    return received_range.received_days(territory)


def jurisdiction(territory: str | None = None) -> Jurisdiction:
    """The codes of the country and region whose working days a territory (its code) or all of them have."""
    return jurisdiction_of(resolve(Filters(FAR_FUTURE, FAR_FUTURE, territory=territory)).regions)


def first_running_day(filters: Filters) -> date:
    """The earliest local day that isn't over in every region shown; the days before it are whole everywhere."""
    return running_day(resolve(filters))[0]


def last_running_day(filters: Filters, today: date) -> date:
    """The last day of a period that goes on: the viewer's, or the territory's where that is later in all its regions.

    A day that is over there would be the end of a period that has ended.
    """
    return max(today, first_running_day(filters))


def territories(filters: Filters) -> pd.DataFrame:
    """Territories within the viewer's scope, each below its parent: code, name, full_name, parent (its code), level."""
    return _territories(filters.language)


def topics(filters: Filters) -> pd.DataFrame:
    """Topics, each below its parent: code, name, full_name, parent, level."""
    return _topics(filters.language)


def organisations(filters: Filters) -> pd.DataFrame:
    """Organisations of the viewer's territories and those above, each below its parent.

    Columns: code, name, full_name, parent, level.
    """
    return _organisations(filters.language)


def regimes(filters: Filters) -> pd.DataFrame:
    """Regimes: code and name."""
    return dimension_members("regime", filters.language)[["code", "name"]].reset_index(drop=True)


def channels(filters: Filters) -> pd.DataFrame:
    """Channels: code and name."""
    return dimension_members("channel", filters.language)[["code", "name"]].reset_index(drop=True)


def selected_name(filters: Filters, dimension: Literal["topic", "organisation", "territory"]) -> str | None:
    """What the chosen topic, organisation or territory is called; None where none is chosen."""
    code = getattr(filters, dimension)
    rows = dimension_members(dimension, filters.language)
    return next((str(name) for name in rows.loc[rows["code"] == code, "name"]), None)


@reference_data
def _territories(language: str) -> pd.DataFrame:
    rows = dimension_members("territory", language)
    viewer = scope.current_scope() or scope.NOBODY
    return _sort_as_tree(
        rows if viewer.everywhere else rows[rows.index.isin(subtree_ids(viewer.top_territory_ids, rows["parent_id"]))]
    )


@reference_data
def _topics(language: str) -> pd.DataFrame:
    return _sort_as_tree(dimension_members("topic", language))


@reference_data
def _organisations(language: str) -> pd.DataFrame:
    rows, territory_parents = (
        dimension_members("organisation", language),
        dimension_members("territory", language)["parent_id"],
    )
    viewer = scope.current_scope() or scope.NOBODY
    if viewer.everywhere:
        return _sort_as_tree(rows)
    visible_ids = subtree_ids(viewer.top_territory_ids, territory_parents)
    ancestor_ids = set(viewer.top_territory_ids)
    while ancestor_ids:
        visible_ids |= ancestor_ids
        ancestor_ids = {
            int(territory_id) for territory_id in territory_parents[territory_parents.index.isin(ancestor_ids)].dropna()
        }
    return _sort_as_tree(rows[rows["territory_id"].isin(visible_ids)])


def _sort_as_tree(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows depth first, siblings in the order they came."""
    # By plain lists: a step through a frame takes a hundred times as long, and every page has four of these.
    codes, parents = (
        dict(zip(rows.index.tolist(), rows[name].tolist(), strict=True)) for name in ("code", "parent_id")
    )
    parent_by_id = {row_id: int(parent) if parent in codes else None for row_id, parent in parents.items()}
    child_ids: dict[int | None, list[int]] = {}
    for row_id, parent in parent_by_id.items():
        child_ids.setdefault(parent, []).append(row_id)
    ordered_ids: list[int] = []
    stack = child_ids.get(None, [])[::-1]
    while stack:
        current_id = stack.pop()
        ordered_ids.append(current_id)
        stack += child_ids.get(current_id, [])[::-1]
    ordered_rows = rows.loc[ordered_ids]
    return pd.DataFrame(
        {
            "code": [codes[row_id] for row_id in ordered_ids],
            "name": ordered_rows["name"].tolist(),
            "full_name": ordered_rows["full_name"].tolist(),
            "parent": [None if (parent := parent_by_id[row_id]) is None else codes[parent] for row_id in ordered_ids],
            "level": ordered_rows["level"].tolist(),
        },
        dtype=object,
    )
