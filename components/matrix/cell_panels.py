"""The panels of an open cell, below the matrix."""

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import streamlit as st

from components.filters.territory import select_organisation, select_territory
from components.matrix import cell_head
from components.matrix.cell_appeals import appeals_title, cell_appeals_table
from components.matrix.cell_tables import cells_table
from components.panel import panel
from components.tables.league import league_table
from otklik.i18n import _

if TYPE_CHECKING:
    from queries.filters import Filters
    from queries.metrics.metric import Metric


class CellQueries(NamedTuple):
    """What is asked of a cell: functions of queries.matrix.cell_details; without `appeals` none are listed.

    Those of places, organisations and appeals take the filters narrowed to the cell, which `narrowed` makes.
    """

    narrowed: "Callable[[Filters, str, str], Filters]"
    weekly_trend: "Callable[[Filters, str, str], pd.DataFrame]"
    places: "Callable[[Filters], pd.DataFrame]"
    organisations: "Callable[[Filters], pd.DataFrame]"
    similar: Callable[[pd.DataFrame, str, str], pd.DataFrame]
    appeals: "Callable[[Filters, str], pd.DataFrame] | None"


def cell_panels(  # noqa: PLR0913, PLR0917 -- what the page knows
    queries: CellQueries,
    filters: "Filters",
    cells: pd.DataFrame,
    cell: Mapping[Hashable, Any],
    weeks: int,
    value: str,
    metrics: "Mapping[str, Metric]",
) -> None:
    """The ratios of a cell, its weeks, places and organisations, cells like it, and its appeals.

    `cells`: queries.matrix.surge_cells.marked_cells, of which `cell` is a row. `weeks`: how many the marks count.
    `value`: what the matrix is coloured by. `metrics`: those of the catalogue.
    """
    topic, territory = str(cell["topic_code"]), str(cell["territory_code"])
    inside, key = queries.narrowed(filters, topic, territory), f"{topic}-{territory}"
    left, right = st.columns(2)
    with left, panel(cell_head.cell_title(cell)):
        cell_head.cell_head(cell, weeks)
    with right, panel(_("Received by week against expectation")):
        cell_head.trend_chart(queries.weekly_trend(filters, topic, territory))
    left, right = st.columns(2)
    with left, panel(_("Places of the cell")):
        rows = queries.places(inside)
        league_table(rows, metrics, _("Territory"), f"places-{key}", 160, on_pick=select_territory)
    with right, panel(_("Organisations of the cell")):
        rows = queries.organisations(inside)
        league_table(rows, metrics, _("Organisation"), f"holders-{key}", 215, on_pick=select_organisation)
    with panel(_("Similar cells: of the same topic, and of the same territory")):
        similar = queries.similar(cells, topic, territory)
        cells_table(similar, value, f"similar-{value}-{key}", _("Similar cells; a topic opens its cell"))
    if queries.appeals is not None:
        with panel(appeals_title(value)):
            cell_appeals_table(queries.appeals(inside, value), value, f"appeals-{value}-{key}")
