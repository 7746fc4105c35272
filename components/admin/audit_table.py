"""The table of audit entries, and one entry in full."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.admin.audit_labels import action_label, format_changes, object_label
from components.layout.empty_state import empty_state
from components.layout.local_day import viewer_timezone
from components.streamlit_compat.keyboard_focus import keyboard_focus
from components.text.escape import clean_line, clean_text
from components.url import query_params
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

COLUMN_WIDTHS = {
    "id": 55,
    "at": 165,
    "person": 135,
    "address": 95,
    "action": 135,
    "object": 165,
    "reason": 150,
    "changes": 360,
}
ROW_HEIGHT, MAX_VISIBLE_ROWS = 36, 16


def column_labels(timezone: "tzinfo | None" = None) -> dict[str, str]:
    """Column titles by name; the time's names the zone where there is one (a file has one in each cell)."""
    return {
        "id": _("No."),
        "at": _("When ({zone})").format(zone=timezone) if timezone else _("When"),
        "person": _("Who"),
        "address": _("From where"),
        "action": _("What"),
        "object": _("Of what"),
        "reason": _("Why"),
        "changes": _("Before → after"),
    }


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

    def select_entry() -> None:
        # The selection is a position in these rows: resolve it to an id before they change.
        positions = st.session_state["entries"]["selection"]["rows"]
        query_params.write(entry=str(ids[positions[0]]) if positions else None)

    labels = column_labels(viewer_timezone())
    text_columns = ("person", "address", "object", "reason", "changes")
    with keyboard_focus("entries"):
        st.dataframe(
            rows.assign(
                id=[str(number) for number in ids],
                at=[format_time(at) for at in rows["at"]],
                **{name: rows[name].map(clean_line) for name in text_columns},
            ),
            key="entries",
            hide_index=True,
            height="content" if len(rows) <= MAX_VISIBLE_ROWS else ROW_HEIGHT * MAX_VISIBLE_ROWS,
            on_select=select_entry,
            selection_mode="single-row",
            column_config={
                name: st.column_config.TextColumn(label, width=COLUMN_WIDTHS[name]) for name, label in labels.items()
            },
            alt=_("Entries of the audit, the newest first; choosing one shows all of it"),
        )


def entry_details(rows: pd.DataFrame) -> None:
    """All columns of one entry, a line each; a message for none. `rows`: format_entries of at most one entry."""
    if rows.empty:
        empty_state(_("There is no such entry."))
        return
    row = rows.iloc[0]
    for name, label in column_labels(viewer_timezone()).items():
        value = format_time(row[name]) if name == "at" else str(row[name])
        if value:
            left, right = st.columns([1, 5], gap="small")
            left.caption(label)
            right.text(clean_text(value.replace("; ", "\n") if name == "changes" else value))


def format_time(at: "datetime") -> str:
    """A moment to the second: `24 Nov 2025, 14:03:22`."""
    return f"{formats.day(at)}, {formats.clock(at)}"
