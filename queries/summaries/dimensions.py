"""The dimensions that appeals are broken down by: their columns, and the members one step below what is chosen."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal

import pandas as pd

from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters

Dimension = Literal["topic", "territory", "region", "organisation", "channel", "regime"]
ID_COLUMNS: dict[Dimension, str] = {
    "topic": "topic_id",
    "territory": "territory_id",
    "region": "territory_id",
    "organisation": "holder_id",
    "channel": "channel_id",
    "regime": "regime_id",
}
# The table that has the names of a dimension's members.
MEMBER_TABLES: dict[Dimension, str] = {**{name: name for name in ID_COLUMNS}, "region": "territory"}
FILTER_FIELDS: dict[Dimension, str] = {"organisation": "holders", "channel": "channels", "regime": "regimes"}


def resolve_members(filters: Filters, dimension: Dimension) -> ResolvedFilters:
    """The filters as ids; for the dimension `region` all regions within them stand one step below."""
    resolved = resolve(filters)
    return (
        replace(resolved, children=resolved.regions, steps_to_municipalities=False)
        if dimension == "region"
        else resolved
    )


def narrow_to_members(resolved: ResolvedFilters, dimension: Dimension, member_ids: tuple[int, ...]) -> ResolvedFilters:
    """The filters with only these organisations, channels or regimes."""
    selected: dict[str, Any] = {FILTER_FIELDS[dimension]: member_ids}
    return replace(resolved, **selected)


def roll_up_topics(topic_ids: Iterable[int], topics: pd.DataFrame, parent_code: str | None) -> list[int]:
    """For each topic its ancestor (or itself) one step below the topic `parent_code`, or at the top without one."""
    parent_ids = {
        topic_id: None if pd.isna(parent_id) else int(parent_id) for topic_id, parent_id in topics["parent_id"].items()
    }
    top_ids = (
        set(topics.index[topics["code"] == parent_code])
        if parent_code
        else {topic_id for topic_id in parent_ids if parent_ids[topic_id] is None}
    )
    child_ids = (
        {topic_id for topic_id, parent_id in parent_ids.items() if parent_id in top_ids} if parent_code else top_ids
    )
    return [_nearest_shown_topic(start_id, parent_ids, child_ids | top_ids) for start_id in topic_ids]


def _nearest_shown_topic(topic_id: int, parent_ids: Mapping[Hashable, int | None], shown_ids: set[Hashable]) -> int:
    while topic_id not in shown_ids and (parent_id := parent_ids[topic_id]) is not None:
        topic_id = parent_id
    return topic_id
