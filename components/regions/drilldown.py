"""The last steps of the way down: who holds appeals here, and the appeals themselves."""

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.appeal import navigation
from components.filters.territory import hold
from components.layout.panel import empty
from components.streamlit_compat.keyboard_focus import by_keyboard
from components.streamlit_compat.styler_cache import settled
from components.tables.league import written
from components.tables.selection import choosing
from components.tiles.kpi_tile import FEW
from otklik.i18n import _, formats

LISTED = 200
TALL = 430
SHORT = 11  # rows that a table shows without scrolling


def holders(rows: pd.DataFrame, key: str) -> None:
    """Organisations, most received first; choosing one narrows the page to it. `rows`: queries.regions.territories.holders."""
    if rows.empty:
        empty()
        return
    table_rows = rows[["name", "received", "open", "overdue", "on_time_rate"]].reset_index(drop=True)
    column_titles = {
        "received": _("Received"),
        "open": _("Open"),
        "overdue": _("Overdue"),
        "on_time_rate": _("On time"),
    }
    st.dataframe(
        settled(lambda: dressed(table_rows), "holders", table_rows),
        hide_index=True,
        height="content" if len(rows) < SHORT else TALL,
        **choosing(key, list(rows["code"]), hold),
        column_config={
            "name": st.column_config.TextColumn(_("Organisation"), width=215),
            **{name: st.column_config.NumberColumn(title, width=74) for name, title in column_titles.items()},
        },
        placeholder=_("few"),
        alt=_("Organisations, most received first; choosing one shows its appeals"),
    )
    st.caption(_("A share over fewer than {n} cases is not shown.").format(n=formats.number(FEW)))


def dressed(rows: pd.DataFrame) -> Styler:
    """Organisations and their numbers as they are written."""
    return rows.style.format(lambda n: written(n, "share"), subset=["on_time_rate"]).format(
        lambda n: written(n, "count"), subset=["received", "open", "overdue"]
    )


def appeals(rows: pd.DataFrame, key: str) -> None:
    """Appeals; choosing one opens it. `rows`: queries.regions.points.listed."""
    if rows.empty:
        empty()
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
    with by_keyboard(key):
        st.dataframe(
            rows.assign(**date_texts)[list(columns)],
            hide_index=True,
            height="content" if len(rows) < SHORT else TALL,
            **choosing(key, list(rows["number"]), navigation.ask),
            column_config={
                name: st.column_config.TextColumn(title, width=width) for name, (title, width) in columns.items()
            },
            alt=_("Appeals; choosing one opens it"),
        )
    if len(rows) == LISTED:
        st.caption(_("The first {n} are listed: narrow the filters to see others.").format(n=formats.number(LISTED)))
