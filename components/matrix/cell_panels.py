"""The panels of an open cell, below the matrix."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import streamlit as st

from components.filters.territory import select_organisation, select_territory
from components.matrix import cell_head
from components.matrix.cell_appeals import appeals_title, cell_appeals_table
from components.matrix.cell_problems import cell_problem_list, remedies_elsewhere_list
from components.matrix.cell_tables import cells_table
from components.panel import panel
from components.tables.league import league_table
from otklik.i18n import _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from queries.filters import Filters
    from queries.metrics.metric import Metric


class CellDetails(Protocol):
    """`queries.matrix.cell_details`."""

    def cell_filters(self, filters: "Filters", topic_code: str, territory_code: str) -> "Filters":
        """The filters narrowed to a cell."""

    def weekly_trend(self, filters: "Filters", topic_code: str, territory_code: str) -> pd.DataFrame:
        """The weeks of a cell."""

    def similar_cells(self, cells: pd.DataFrame, topic_code: str, territory_code: str) -> pd.DataFrame:
        """Cells like it."""

    def places_in(self, filters: "Filters") -> pd.DataFrame:
        """The territories below a cell's, given the filters narrowed to it."""

    def organisations_in(self, filters: "Filters") -> pd.DataFrame:
        """The organisations of a cell, given the filters narrowed to it."""

    def sample_appeals(self, filters: "Filters", value: str) -> pd.DataFrame:
        """The appeals of a cell, given the filters narrowed to it."""

    def problems_in(self, filters: "Filters") -> pd.DataFrame:
        """The problems of a cell, given the filters narrowed to it."""

    def remedies_elsewhere(self, topic_code: str, territory_code: str, language: str) -> pd.DataFrame:
        """What was done about a topic outside a territory."""


def cell_panels(  # noqa: PLR0913, PLR0917 -- what the page knows
    details: CellDetails,
    viewer: "Viewer",
    filters: "Filters",
    cells: pd.DataFrame,
    cell: Mapping[Hashable, Any],
    weeks: int,
    value: str,
    metrics: "Mapping[str, Metric]",
) -> None:
    """The ratios of a cell, its weeks, places and organisations, problems, cells like it, and its appeals.

    Problems and appeals are shown to those viewers only who may open their pages.

    `cells`: queries.matrix.marked_cells.marked_cells, of which `cell` is a row. `weeks`: how many the marks count.
    `value`: what the matrix is coloured by. `metrics`: those of the catalogue.
    """
    topic, territory = str(cell["topic_code"]), str(cell["territory_code"])
    inside, key = details.cell_filters(filters, topic, territory), f"{topic}-{territory}"
    left, right = st.columns(2)
    with left, panel(cell_head.cell_title(cell)):
        cell_head.cell_head(cell, weeks)
    with right, panel(_("Received by week against expectation")):
        cell_head.trend_chart(details.weekly_trend(filters, topic, territory))
    left, right = st.columns(2)
    with left, panel(_("Places of the cell")):
        rows = details.places_in(inside)
        league_table(rows, metrics, _("Territory"), f"places-{key}", 160, on_pick=select_territory)
    with right, panel(_("Organisations of the cell")):
        rows = details.organisations_in(inside)
        league_table(rows, metrics, _("Organisation"), f"holders-{key}", 215, on_pick=select_organisation)
    if viewer.may("problems"):
        left, right = st.columns(2)
        with left, panel(_("Problems of the cell")):
            cell_problem_list(details.problems_in(inside), cell, may_open=viewer.may("open_problem"))
        with right, panel(_("Done elsewhere about this topic")):
            remedies_elsewhere_list(details.remedies_elsewhere(topic, territory, filters.language))
    with panel(_("Similar cells: of the same topic, and of the same territory")):
        similar = details.similar_cells(cells, topic, territory)
        cells_table(similar, value, f"similar-{value}-{key}", _("Similar cells; a topic opens its cell"))
    if viewer.may("appeal"):
        with panel(appeals_title(value)):
            cell_appeals_table(details.sample_appeals(inside, value), value, f"appeals-{value}-{key}")
