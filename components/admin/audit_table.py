"""The table of audit entries, and one entry in full."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.admin.audit_labels import action_label, format_changes, object_label
from components.layout.empty_state import empty_state
from components.layout.local_day import viewer_timezone
from components.tables.column_types import exact_moment
from components.tables.columns import COLUMNS
from components.tables.data_table import data_table
from components.tables.selection import RowChoice
from components.text.escape import clean_line, clean_text, truncate
from components.url import query_params
from otklik.i18n import _

if TYPE_CHECKING:
    from datetime import tzinfo

MAX_ROWS_SHOWN = 16
MAX_CELL_LENGTH = 2000
"""Letters of a cell; selecting the entry shows a longer text whole."""
COLUMN_KEYS = ("id", "at", "person", "address", "action", "object", "reason", "changes")


def column_labels(timezone: "tzinfo | None" = None) -> dict[str, str]:
    """Column titles by key; the time's names the zone where there is one (a file has one in each cell)."""
    titles = {key: COLUMNS[key].heading() for key in COLUMN_KEYS}
    return titles | {"at": _("When ({zone})").format(zone=timezone)} if timezone else titles


def format_entries(rows: pd.DataFrame, person_names: Mapping[int, str], timezone: "tzinfo") -> pd.DataFrame:
    """Entries as people read them: id, at (in the time zone), person, address, action, object, reason, changes.

    `rows`: queries.audit.entries_page or queries.audit.entry; `person_names`: queries.people.person_names.
    """
    records = rows.to_dict("records")
    return pd.DataFrame(
        {
            "id": [int(row["id"]) for row in records],
            "at": [row["at"].astimezone(timezone) for row in records],
            "person": rows["person"],
            "address": rows["address"],
            "action": [action_label(row["action"]) for row in records],
            "object": [object_label(row["object"], person_names) for row in records],
            "reason": rows["reason"].fillna(""),
            "changes": [format_changes(row["before"], row["after"]) for row in records],
        }
    )


def entry_table(rows: pd.DataFrame) -> None:
    """One row an entry, newest first; selecting one puts its id into the URL. `rows`: format_entries."""
    if rows.empty:
        empty_state(_("Nothing in the audit is as these filters say."))
        return
    ids = list(rows["id"])

    def select_entry(positions: list[int]) -> None:
        # The selection is a position in these rows: resolve it to an id before they change.
        query_params.write(entry=str(ids[positions[0]]) if positions else None)

    text_columns = ("person", "address", "object", "reason", "changes")
    titles = column_labels(viewer_timezone())
    data_table(
        rows.assign(**{name: rows[name].map(_cell_text) for name in text_columns}),
        tuple(replace(COLUMNS[key], title=titles[key]) for key in COLUMN_KEYS),
        key="entries",
        max_rows_shown=MAX_ROWS_SHOWN,
        selection=RowChoice(select_entry),
        alt_text=_("Entries of the audit, the newest first; choosing one shows all of it"),
    )


def _cell_text(text: object) -> str:
    return truncate(clean_line(text), MAX_CELL_LENGTH)


def entry_details(rows: pd.DataFrame) -> None:
    """All columns of one entry, a line each; a message for none. `rows`: format_entries of at most one entry."""
    if rows.empty:
        empty_state(_("There is no such entry."))
        return
    row = rows.iloc[0]
    for name, label in column_labels(viewer_timezone()).items():
        value = exact_moment(row[name]) if name == "at" else str(row[name])
        if value:
            left, right = st.columns([1, 5], gap="small")
            left.caption(label)
            right.text(clean_text(value.replace("; ", "\n") if name == "changes" else value))
