"""Systemic problems: topics by territories, how much worse each cell is than expected, and what stands behind one."""

import streamlit as st

from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.local_day import viewer_today
from components.layout.narrow_screen import is_phone
from components.matrix import cell_tables, controls, explanation, grid, persistence_and_spread
from components.matrix.cell_panels import cell_panels
from components.page_head import page_head
from components.panel import panel
from otklik.access import guard
from otklik.i18n import _
from queries import filter_options, live_page
from queries.filters import Filters
from queries.matrix import cell_details
from queries.matrix.axes import known_codes
from queries.matrix.cells import matrix
from queries.matrix.marked_cells import marked_cells
from queries.matrix.ordering import ordered_codes
from queries.matrix.topics import topic_reach
from queries.metrics.catalogue import METRICS

viewer = guard.require("matrix")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
controls.check_choices(*known_codes(), METRICS)


@live_fragment(viewer, live_page.problems_state)
def board() -> None:
    """Everything below the filters; runs again when the data have changed."""
    (value, order), cell = controls.matrix_choices(), None
    if is_phone():
        worst_cells(value)
    controls.matrix_controls()
    with panel(_("Topics by territories")):
        cells, result = marked_cells(filters, with_decisions=viewer.may("problems")), matrix(filters)
        cell = controls.open_cell(cells)
        orders = ordered_codes(cells, "topic", value, order), ordered_codes(cells, "territory", value, order)
        grid.matrix_grid(cells, value, orders, cell)
        explanation.matrix_notes(result.weeks, result.weeks_start, result.unplaced)
    if cell:
        cell_panels(cell_details, viewer, filters, cells, cell, result.weeks, value, METRICS)
    left, right = st.columns([3, 2])
    if not is_phone():
        with left:
            worst_cells(value)
    with right, panel(_("Systemic or acute")):
        persistence_and_spread.reach_chart(topic_reach(matrix(filters)))


def worst_cells(value: str) -> None:
    """The worst cells as a table; on a phone in place of the matrix."""
    with panel(_("Worst cells")):
        cells = marked_cells(filters, with_decisions=viewer.may("problems"))
        cell_tables.worst_cells_table(cells, value)


page_head(viewer, filters, live_page)
board()
