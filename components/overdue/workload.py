"""Where it is late, and who has room: tables whose rows narrow the page when they are chosen."""

from collections.abc import Hashable
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.streamlit_compat.keyboard_focus import keyboard_focus
from components.tables.selection import row_selection
from components.tables.shown_table import show_table
from components.url.page_filters import rerun_if_filtered, set_filters
from otklik.i18n import _, formats

MAX_VISIBLE_ROWS = 8


def lateness_table(rows: pd.DataFrame, name_title: str, filter_name: str) -> None:
    """Names with what is overdue, at risk and open; choosing one narrows the page by the filter of this name.

    `rows`: code, name, overdue, at_risk, open.
    """
    if rows.empty:
        empty_state(_("Nothing is overdue or at risk with these filters."))
        return
    columns = {"overdue": (_("Overdue"), 90), "at_risk": (_("At risk"), 108), "open": (_("Open"), 72)}
    _narrowing_table(rows, name_title, filter_name, columns, _("{what}: most overdue first").format(what=name_title))


def capacity_table(rows: pd.DataFrame, filter_name: str) -> None:
    """Organisations with what they hold, their pace, and in how many days they would be through.

    `rows`: code, name, open, overdue, closed_a_day, days.
    """
    if rows.empty:
        empty_state()
        return
    columns = {
        "open": (_("Open"), 72),
        "overdue": (_("Overdue"), 90),
        "closed_a_day": (_("Closed a day"), 125),
        "days": (_("Days to clear"), 104),
    }
    alt_text = _("Organisations by how soon they would be through with what they hold")
    _narrowing_table(rows, _("Organisation"), filter_name, columns, alt_text)
    st.caption(_("Closed a day: over the last 28 days. Days to clear: what is open divided by that."))


def _narrowing_table(
    rows: pd.DataFrame,
    name_title: str,
    filter_name: str,
    columns: dict[str, tuple[str, int]],
    alt_text: str,
) -> None:
    codes = list(rows["code"])
    key = f"late-{filter_name}-{len(columns)}-{_codes_hash(codes)}"

    display_rows = rows[["name", *columns]]
    decimal_columns: list[Hashable] = [column for column in columns if rows[column].dtype.kind == "f"]
    config: dict[str, Any] = {
        column: st.column_config.NumberColumn(
            label, width=width, format=None if column in decimal_columns else "localized"
        )
        for column, (label, width) in columns.items()
    }
    with keyboard_focus(key):
        show_table(
            # Whole numbers need no hand: what is styled costs more than all else on the page.
            display_rows.style.format(_format_tenths, subset=decimal_columns) if decimal_columns else display_rows,
            hide_index=True,
            height="content" if len(rows) <= MAX_VISIBLE_ROWS else 36 * MAX_VISIBLE_ROWS,
            column_config={
                "name": st.column_config.TextColumn(name_title, width=250 - 85 * (len(columns) - 3)),
                **config,
            },
            **row_selection(key, codes, lambda code: set_filters(**{filter_name: code})),
            placeholder="—",
            alt=alt_text,
        )
    rerun_if_filtered()


def _format_tenths(value: Any) -> str:
    return "—" if isnan(value) else formats.fixed_decimal(value, 1)


def _codes_hash(codes: list[str]) -> str:
    code_tuple: Hashable = tuple(codes)
    return f"{hash(code_tuple) & 0xFFFFFFFF:x}"
