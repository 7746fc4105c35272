"""The table of audit entries, and one entry in full."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from components.admin.audit_labels import action_label, format_changes
from components.admin.audit_objects import object_label, object_links, object_url
from components.layout.empty_state import empty_state
from components.layout.local_day import viewer_timezone
from components.tables.cell_click import CellClick
from components.tables.column_types import exact_moment
from components.tables.columns import COLUMNS, with_type
from components.tables.data_table import data_table
from components.text.escape import clean_line, clean_text, escape_markdown, truncate
from components.url import query_params
from otklik.i18n import _, formats
from otklik.i18n.timezones import timezone_city

if TYPE_CHECKING:
    from datetime import tzinfo
    from zoneinfo import ZoneInfo

    from components.admin.audit_objects import ObjectNames

MAX_ROWS_SHOWN = 16
MAX_CELL_LENGTH = 2000
"""Letters of a cell; opening the entry shows a longer text whole."""
COLUMN_KEYS = ("at", "person", "action", "object", "reason", "changes", "address", "id")
"""The columns by importance: a narrow screen shows the first ones."""
MAX_LINKS = 100


def column_labels(timezone: "ZoneInfo | None" = None) -> dict[str, str]:
    """Column titles by key; the time's names the zone where there is one (a file has one in each cell)."""
    titles = {key: COLUMNS[key].heading() for key in COLUMN_KEYS}
    return titles | {"at": _("When ({zone})").format(zone=timezone_city(timezone.key))} if timezone else titles


def format_entries(rows: pd.DataFrame, names: "ObjectNames", timezone: "tzinfo") -> pd.DataFrame:
    """Entries as people read them: `COLUMN_KEYS` with `at` in the time zone, and the addresses of their objects.

    These are `url`, one for each entry, and `links`, a dict of texts and addresses. `rows`: queries.audit.entries_page
    or queries.audit.entry; `names`: the present ones.
    """
    records: list[dict[str, Any]] = rows.to_dict("records")  # type: ignore[assignment]
    return pd.DataFrame(
        {
            "id": [int(row["id"]) for row in records],
            "at": [row["at"].astimezone(timezone) for row in records],
            "person": rows["person"],
            "address": rows["address"],
            "action": [action_label(row["action"]) for row in records],
            "object": [object_label(row, names) for row in records],
            "reason": rows["reason"].fillna(""),
            "changes": [format_changes(row["before"], row["after"]) for row in records],
            "url": [object_url(row, names) for row in records],
            "links": [object_links(row, names) for row in records],
        }
    )


def entry_table(rows: pd.DataFrame) -> None:
    """One row an entry, newest first; a click on a number puts it into the URL. `rows`: format_entries."""
    if rows.empty:
        empty_state(_("Nothing in the audit is as these filters say."))
        return
    ids = list(rows["id"])

    def select_entry(position: int) -> None:
        query_params.write(entry=str(ids[position]))

    text_columns = ("person", "address", "object", "reason", "changes")
    titles = column_labels(viewer_timezone())
    # From where is unknown for browsers on this machine itself: a column without any address says nothing.
    hidden_keys = ("id", *(() if rows["address"].any() else ("address",)))
    # The number is first, since it leads to the whole entry.
    shown_keys = ["id", *(key for key in COLUMN_KEYS if key not in hidden_keys)]
    columns = {key: replace(COLUMNS[key], title=titles[key]) for key in shown_keys}
    columns["object"] = replace(columns["object"], url="url")
    data_table(
        rows.assign(id=rows["id"].astype(str), **{name: rows[name].map(_cell_text) for name in text_columns}),
        with_type(columns.values(), ("id",), "text"),
        key="entries",
        max_rows_shown=MAX_ROWS_SHOWN,
        is_wrapped=True,
        cell_click=CellClick("id", select_entry, _("Show the whole entry")),
        alt_text=_("Entries of the audit, the newest first; a number shows all of one"),
    )


def _cell_text(text: object) -> str:
    return truncate(clean_line(text), MAX_CELL_LENGTH)


def entry_details(rows: pd.DataFrame) -> None:
    """All columns of one entry, a line each; a message for none. `rows`: format_entries of at most one entry."""
    if rows.empty:
        empty_state(_("There is no such entry."))
        return
    st.button(_("Close the entry"), icon=":material/close:", type="tertiary", key="entry-close", on_click=close_entry)
    row = rows.iloc[0]
    for name, label in column_labels(viewer_timezone()).items():
        value = exact_moment(row[name]) if name == "at" else str(row[name])
        if value:
            left, right = st.columns([1, 5], gap="small")
            left.caption(label)
            if name == "object" and row["links"]:
                right.markdown(links_text(row["links"]))
            else:
                right.text(clean_text(value.replace("; ", "\n") if name == "changes" else value))


def links_text(urls_by_label: dict[str, str]) -> str:
    """Links side by side, those beyond `MAX_LINKS` counted."""
    links = [f"[{escape_markdown(label)}]({url})" for label, url in urls_by_label.items()]
    listed, more_count = ", ".join(links[:MAX_LINKS]), len(links) - MAX_LINKS
    return _("{names} and {n} more").format(names=listed, n=formats.number(more_count)) if more_count > 0 else listed


def close_entry() -> None:
    """Close the entry: a callback that removes it from the address."""
    query_params.write(entry=None)
