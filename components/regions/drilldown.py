"""The last steps of the way down: who holds appeals here, and the appeals themselves."""

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.filters.territory import select_organisation
from components.layout.empty_state import empty_state
from components.streamlit_compat.keyboard_focus import keyboard_focus
from components.streamlit_compat.styler_cache import cached_styler
from components.tables.league import format_value
from components.tables.selection import row_selection
from components.tables.shown_table import show_table
from components.url import open_appeal
from otklik.i18n import _, formats
from otklik.small_numbers import MIN_CASES

MAX_ROWS = 200
TABLE_HEIGHT = 430
ROWS_WITHOUT_SCROLLING = 11  # rows that a table shows without scrolling


def holders_table(rows: pd.DataFrame, key: str) -> None:
    """Organisations, most received first; choosing one narrows the page to it. `rows`: queries.regions.territories.organisation_metrics."""
    if rows.empty:
        empty_state()
        return
    table_rows = rows[["name", "received", "open", "overdue", "on_time_rate"]].reset_index(drop=True)
    column_titles = {
        "received": _("Received"),
        "open": _("Open"),
        "overdue": _("Overdue"),
        "on_time_rate": _("On time"),
    }
    show_table(
        cached_styler(lambda: format_holder_rows(table_rows), "holders", table_rows),
        hide_index=True,
        height="content" if len(rows) < ROWS_WITHOUT_SCROLLING else TABLE_HEIGHT,
        **row_selection(key, list(rows["code"]), select_organisation),
        column_config={
            "name": st.column_config.TextColumn(_("Organisation"), width=215),
            **{name: st.column_config.NumberColumn(title, width=74) for name, title in column_titles.items()},
        },
        placeholder=_("few"),
        alt=_("Organisations, most received first; choosing one shows its appeals"),
    )
    st.caption(_("A share over fewer than {n} cases is not shown.").format(n=formats.number(MIN_CASES)))


def format_holder_rows(rows: pd.DataFrame) -> Styler:
    """Organisations and their numbers as they are written."""
    return rows.style.format(lambda n: format_value(n, "share"), subset=["on_time_rate"]).format(
        lambda n: format_value(n, "count"), subset=["received", "open", "overdue"]
    )


def appeals_table(rows: pd.DataFrame, key: str) -> None:
    """Appeals; choosing one opens it. `rows`: queries.regions.points.appeal_list."""
    if rows.empty:
        empty_state()
        return
    date_texts = {
        name: ["—" if moment is None else formats.moment(moment) for moment in rows[f"{name}_at"]]
        for name in ("received", "deadline")
    }
    columns = {
        "number": (_("Number"), 112),
        "topic": (_("Topic"), 200),
        "territory": (_("Territory"), 135),
        "organisation": (_("Organisation"), 370),
        "status": (_("Status"), 120),
        "received": (_("Received"), 110),
        "deadline": (_("Deadline"), 110),
    }
    with keyboard_focus(key):
        show_table(
            rows.assign(**date_texts)[list(columns)],
            hide_index=True,
            height="content" if len(rows) < ROWS_WITHOUT_SCROLLING else TABLE_HEIGHT,
            **row_selection(key, list(rows["number"]), open_appeal.request_appeal),
            column_config={
                name: st.column_config.TextColumn(title, width=width) for name, (title, width) in columns.items()
            },
            alt=_("Appeals; choosing one opens it"),
        )
    if len(rows) == MAX_ROWS:
        st.caption(_("The first {n} are listed: narrow the filters to see others.").format(n=formats.number(MAX_ROWS)))
