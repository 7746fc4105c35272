"""The lowest levels of the drill-down: the organisations that hold appeals of a territory, and the appeals."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.filters.territory import select_organisation
from components.layout.empty_state import empty_list, empty_state
from components.tables import appeals
from components.tables.cell_click import code_click
from components.tables.columns import COLUMNS, TERRITORY_APPEALS, columns_of, metric_column
from components.tables.data_table import data_table
from components.tables.league import MOST_RECEIVED
from components.tables.row_limit import first_rows_note
from components.tables.row_order import chosen_order, ordered_key, worst_first
from components.text.metric_text import unknown_reason
from otklik.i18n import N_, _, formats
from otklik.small_numbers import MIN_CASES

if TYPE_CHECKING:
    from queries.metrics.metric import Metric

MAX_ROWS_SHOWN = 10
TABLE_HEIGHT = 430  # pixels
NAME_WIDTH, COUNT_WIDTH, MOMENT_WIDTH = 215, 74, 110  # pixels
GROUP_TITLES = {
    "late": N_("Appeals that are or were late"),
    "closed_late": N_("Appeals closed late"),
    "overdue": N_("Overdue appeals"),
    "at_risk": N_("Appeals at risk"),
    "open": N_("Open appeals"),
    "unsatisfied": N_("Appeals rated 1 to 3, the lowest ratings first"),
    "rated": N_("Rated appeals, the lowest ratings first"),
    "reopened": N_("Re-opened appeals"),
    "redirected": N_("Redirected appeals"),
    "unresolved": N_("Appeals closed and not resolved"),
    "closed": N_("Closed appeals"),
    "received": N_("Appeals received"),
}
"""By the groups of queries.lists.figure_appeals."""
MOMENT_COLUMNS = {
    "late": ("deadline_at", "closed_at"),
    "closed_late": ("deadline_at", "closed_at"),
    "unsatisfied": ("rating", "closed_at"),
    "rated": ("rating", "closed_at"),
    **dict.fromkeys(("reopened", "unresolved", "closed"), ("closed_at",)),
}
"""Of the lists, besides the moment of the receipt; the deadline unless given."""


def holders_table(rows: pd.DataFrame, metric: "Metric", key: str, max_rows: int) -> None:
    """Show organisations with a figure, its worst first; a click on a name filters the page by it.

    `rows`: queries.regions.territories.organisation_metrics, at most `max_rows`. `key`: another one where other
    organisations are shown.
    """
    if rows.empty:
        empty_state()
        return
    name_column = replace(COLUMNS["name"], title=COLUMNS["organisation"].heading(), width=NAME_WIDTH)
    figures = ("received", "open", "overdue", "on_time_rate")
    columns = [name_column, *columns_of(dict.fromkeys(figures, COUNT_WIDTH))]
    if metric.id in rows and metric.id not in figures:
        columns.insert(1, metric_column(metric, COUNT_WIDTH + 30))
    order = chosen_order(columns, worst_first(metric) if metric.id in rows else MOST_RECEIVED)
    rows = order.sorted_rows(rows, columns, rows["small"])
    data_table(
        rows,
        columns,
        key=ordered_key(key, order),
        head_sort=order,
        max_rows_shown=MAX_ROWS_SHOWN,
        max_height=TABLE_HEIGHT,
        cell_click=code_click(list(rows["code"]), select_organisation),
        placeholder=_("few"),
        alt_text=_("Organisations by {figure}; a name shows its appeals").format(figure=_(metric.name)),
    )
    st.caption(_("A share over fewer than {n} cases is not shown.").format(n=formats.number(MIN_CASES)))
    first_rows_note(len(rows), max_rows)


def appeals_table(rows: pd.DataFrame, group: str, key: str) -> None:
    """Show the appeals behind a figure, each with its number as a link.

    `rows`: queries.lists.figure_appeals.figure_appeals, of this group. `key`: another one where other appeals are
    shown.
    """
    if rows.empty:
        field = rows.attrs.get("unknown")
        empty_list(unknown_reason(field) if field else None, "territory-appeals")
        return
    appeals.appeals_table(
        rows,
        columns_of(TERRITORY_APPEALS | dict.fromkeys(MOMENT_COLUMNS.get(group, ("deadline_at",)), MOMENT_WIDTH)),
        key,
        _("Appeals; a click on a number opens one"),
        max_rows_shown=MAX_ROWS_SHOWN,
    )
    first_rows_note(len(rows))
