"""The cells of the matrix with the marks that don't come from counting: surges that go on, and what is decided on."""

from collections.abc import Iterable

import pandas as pd

from queries.core.reference import dimension_members
from queries.filters import Filters
from queries.matrix.axes import column_of_territory, matrix_axes
from queries.matrix.cells import matrix
from queries.problems.decided import decided_problems
from queries.surges.episodes import ongoing_surges

CodePairs = frozenset[tuple[str, str]]


def surge_cells(filters: Filters) -> CodePairs:
    """The codes of the topic and territory of each cell in which, or below which, a surge goes on.

    One of a territory above the columns belongs to no cell.
    """
    episodes = ongoing_surges(filters)
    return _cells_of(filters, zip(episodes["territory_id"], episodes["topic_id"], strict=True))


def decided_cells(filters: Filters) -> CodePairs:
    """The codes of the topic and territory of each cell in which, or below which, a problem is decided on and open.

    One of a territory above the columns, or of a topic above the rows, belongs to no cell.
    """
    problems = decided_problems()
    return _cells_of(filters, zip(problems["territory_id"], problems["topic_id"], strict=True))


def marked_cells(filters: Filters, *, with_decisions: bool) -> pd.DataFrame:
    """The cells of queries.matrix.cells.matrix with `is_surging` and `is_decided`.

    `with_decisions`: whether the viewer may see problems; otherwise no cell is marked as decided. Raises Counting on a
    page while there are no cells yet.
    """
    cells = matrix(filters).cells
    marks = {
        "is_surging": surge_cells(filters),
        "is_decided": decided_cells(filters) if with_decisions else frozenset(),
    }
    codes = list(zip(cells["topic_code"].tolist(), cells["territory_code"].tolist(), strict=True))
    return cells.assign(
        **{
            name: pd.Series([pair in marked for pair in codes], cells.index, dtype=bool)
            for name, marked in marks.items()
        }
    )


def _cells_of(filters: Filters, pairs: Iterable[tuple[int, int]]) -> CodePairs:
    """The codes of the cells that the territories and topics, as pairs of ids, lie in."""
    axes = matrix_axes(filters)
    column_of = column_of_territory(axes)
    topic_codes, territory_codes = (dimension_members(name, "en")["code"] for name in ("topic", "territory"))
    return frozenset(
        (
            str(topic_codes[axes.topics[axes.row_of_topic[topic_id]]]),
            str(territory_codes[axes.territories[column_of[territory_id]]]),
        )
        for territory_id, topic_id in pairs
        if territory_id in column_of and topic_id in axes.row_of_topic
    )
