"""Filters resolved to database ids, within the territories that the viewer may see."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from otklik.database.access import scope
from queries.cache.live import reference_data
from queries.core.reference import dimension_members, member_ids
from queries.filters import Filters


@dataclass(frozen=True)
class ResolvedFilters:
    """The filters of a screen as database ids; None for a dimension that isn't filtered.

    `territories`: the topmost territories shown (the chosen one, or those of the viewer).
    `municipalities`: those of them that are municipalities.
    `regions`: the regions at or below them, and the regions of `municipalities`; `timezones` has one for each.
    `whole_regions`: `regions` without those of which only municipalities are shown.
    `children`: the territories one step below `territories`; `steps_to_municipalities`: some are municipalities.
    `everywhere`: the viewer sees all territories and has chosen none.
    """

    territories: tuple[int, ...]
    regions: tuple[int, ...]
    whole_regions: tuple[int, ...]
    municipalities: tuple[int, ...]
    children: tuple[int, ...]
    steps_to_municipalities: bool
    timezones: tuple[str, ...]
    topics: tuple[int, ...] | None
    holders: tuple[int, ...] | None
    channels: tuple[int, ...] | None
    regimes: tuple[int, ...] | None
    everywhere: bool = False

    def selected_ids(self) -> dict[str, tuple[int, ...]]:
        """The ids of each filtered dimension, by the column that holds them in appeals and cubes."""
        ids_by_column = {
            "topic_id": self.topics,
            "holder_id": self.holders,
            "channel_id": self.channels,
            "regime_id": self.regimes,
        }
        return {column: selected for column, selected in ids_by_column.items() if selected is not None}

    def regions_by_timezone(self) -> dict[str, list[int]]:
        """The ids of the regions by their time zone."""
        region_ids: dict[str, list[int]] = {}
        for region_id, timezone in zip(self.regions, self.timezones, strict=True):
            region_ids.setdefault(timezone, []).append(region_id)
        return region_ids


@reference_data
def resolve(filters: Filters) -> ResolvedFilters:
    """The ids that the filters stand for, within the viewer's territories."""
    territory_rows = dimension_members("territory", "en")
    levels, parents = territory_rows["level"].to_dict(), territory_rows["parent_id"]
    viewer = scope.current_scope() or scope.NOBODY
    top_ids = set(territory_rows.index[parents.isna()]) if viewer.everywhere else set(viewer.top_territory_ids)
    # A territory below another one shown would be counted twice.
    top_ids -= subtree_ids(territory_rows.index[parents.isin(top_ids)], parents)
    if filters.territory is not None:
        top_ids = set(territory_rows.index[territory_rows["code"] == filters.territory]) & subtree_ids(top_ids, parents)
    municipality_ids = _sorted_ids(territory_id for territory_id in top_ids if levels[territory_id] == "municipality")
    partial_region_ids = {int(parents[territory_id]) for territory_id in municipality_ids}
    region_ids = _sorted_ids(
        territory_id
        for territory_id in subtree_ids(top_ids, parents) | partial_region_ids
        if levels[territory_id] == "region"
    )
    child_ids = _sorted_ids(territory_rows.index[parents.isin(top_ids)])
    return ResolvedFilters(
        territories=_sorted_ids(top_ids),
        regions=region_ids,
        whole_regions=_sorted_ids(set(region_ids) - partial_region_ids),
        municipalities=municipality_ids,
        children=child_ids,
        steps_to_municipalities=any(levels[territory_id] == "municipality" for territory_id in child_ids),
        timezones=tuple(territory_rows["timezone"].loc[list(region_ids)]),
        topics=member_ids("topic", filters.topic),
        holders=member_ids("organisation", filters.organisation),
        channels=member_ids("channel", filters.channel),
        regimes=member_ids("regime", filters.regime),
        everywhere=viewer.everywhere and filters.territory is None,
    )


def subtree_ids(top_ids: Iterable[int], parents: pd.Series) -> set[int]:
    """The ids of territories (or topics) and of all below them; `parents`: the parent's id by id."""
    subtree = set(top_ids)
    newly_added = subtree
    while newly_added:
        newly_added = {int(territory_id) for territory_id in parents.index[parents.isin(newly_added)]} - subtree
        subtree |= newly_added
    return subtree


def _sorted_ids(territory_ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(int(territory_id) for territory_id in territory_ids))
