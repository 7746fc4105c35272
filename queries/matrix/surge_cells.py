"""The cells of the matrix in which a surge goes on."""

import pandas as pd

from queries.core.reference import dimension_members
from queries.filters import Filters
from queries.matrix.axes import column_of_territory, matrix_axes
from queries.matrix.cells import matrix
from queries.surges.episodes import ongoing_surges


def surge_cells(filters: Filters) -> frozenset[tuple[str, str]]:
    """The codes of the topic and territory of each cell in which, or below which, a surge goes on.

    One of a territory above the columns belongs to no cell.
    """
    axes, episodes = matrix_axes(filters), ongoing_surges(filters)
    column_of = column_of_territory(axes)
    topic_codes, territory_codes = (dimension_members(name, "en")["code"] for name in ("topic", "territory"))
    return frozenset(
        (
            str(topic_codes[axes.topics[axes.row_of_topic[topic_id]]]),
            str(territory_codes[axes.territories[column_of[territory_id]]]),
        )
        for territory_id, topic_id in zip(episodes["territory_id"], episodes["topic_id"], strict=True)
        if territory_id in column_of and topic_id in axes.row_of_topic
    )


def marked_cells(filters: Filters) -> pd.DataFrame:
    """The cells of queries.matrix.cells.matrix with `is_surging`. Raises Counting on a page while there are none."""
    cells, surging = matrix(filters).cells, surge_cells(filters)
    codes = zip(cells["topic_code"].tolist(), cells["territory_code"].tolist(), strict=True)
    return cells.assign(is_surging=pd.Series([pair in surging for pair in codes], cells.index, dtype=bool))
