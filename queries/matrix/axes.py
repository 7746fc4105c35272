"""The rows and columns of the matrix: topics and territories one step below the chosen ones."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve, subtree_ids
from queries.filters import Filters
from queries.summaries.dimensions import roll_up_topics
from queries.summaries.place_topic_sums import Level

IntArray = NDArray[np.int64]
CellLevel = Literal["district", "region", "municipality"]


@dataclass(frozen=True)
class Axes:
    """What the rows and columns of a matrix are, as ids sorted; `resolved` has the territories as its children.

    `row_of_topic`: by the id of each topic, the position of the row that it belongs to. `level`: that of the
    territories; None where there are none, since nothing lies below what is chosen.
    """

    resolved: ResolvedFilters
    level: CellLevel | None
    topics: tuple[int, ...]
    territories: tuple[int, ...]
    row_of_topic: dict[int, int]

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self.topics), len(self.territories)

    def sub_level(self) -> Level | None:
        """The level below the columns in whose territories a topic may spread; None below municipalities."""
        if self.level is None or self.level == "municipality":
            return None
        return "municipality" if self.level == "region" else "region"


def matrix_axes(filters: Filters) -> Axes:
    """The topics below the chosen one (or the top ones) by the territories below the chosen one (or all regions).

    A topic without any below it is a row alone. Where a single territory lies below the chosen one, those below that
    are the columns. Someone who may see several municipalities alone has these.
    """
    resolved = resolve(filters)
    territory_rows = dimension_members("territory", "en")
    levels, parents = territory_rows["level"].to_dict(), territory_rows["parent_id"]
    columns = resolved.children
    if filters.territory is None and len(resolved.whole_regions) > 1:
        columns = resolved.whole_regions
    while len(columns) == 1 and levels[columns[0]] != "municipality":
        columns = tuple(sorted(int(child) for child in territory_rows.index[parents.isin(columns)]))
    if not columns and len(resolved.municipalities) > 1:
        columns = resolved.municipalities
    column_levels = {str(levels[column]) for column in columns}
    level: CellLevel | None = None
    if column_levels:
        level = (
            "municipality" if "municipality" in column_levels
            else "region" if "region" in column_levels
            else "district"
        )  # fmt: skip
    resolved = replace(resolved, children=columns, steps_to_municipalities="municipality" in column_levels)
    topics, row_of_topic = _topic_rows(filters, resolved)
    return Axes(resolved, level, topics, columns, row_of_topic)


def known_codes() -> tuple[frozenset[str], frozenset[str]]:
    """The codes of all topics and of all territories, whichever are shown."""
    topic_codes, territory_codes = (
        frozenset(dimension_members(dimension, "en")["code"]) for dimension in ("topic", "territory")
    )
    return topic_codes, territory_codes


def column_of_territory(axes: Axes) -> dict[int, int]:
    """By the id of each territory within a column, that one included: the position of the column."""
    parents = dimension_members("territory", "en")["parent_id"]
    return {
        territory_id: position
        for position, column in enumerate(axes.territories)
        for territory_id in subtree_ids([column], parents)
    }


def _topic_rows(filters: Filters, resolved: ResolvedFilters) -> tuple[tuple[int, ...], dict[int, int]]:
    """The ids of the topics shown, and by each topic within the filters the position of its row."""
    topic_rows = dimension_members("topic", "en")
    topic_ids = [int(topic_id) for topic_id in (topic_rows.index if resolved.topics is None else resolved.topics)]
    shown_ids = [int(topic_id) for topic_id in roll_up_topics(topic_ids, topic_rows, filters.topic)]
    topics = tuple(sorted(set(shown_ids)))
    positions = {topic_id: position for position, topic_id in enumerate(topics)}
    return topics, {topic_id: positions[shown_id] for topic_id, shown_id in zip(topic_ids, shown_ids, strict=True)}
