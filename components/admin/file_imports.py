"""The table of imported files: what each brought, and whether that was taken back."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.layout.local_day import viewer_timezone, viewer_timezone_note
from components.tables.columns import columns_of
from components.tables.data_table import data_table
from components.text.escape import clean_line
from otklik.i18n import _, current_language, formats, ngettext

MAX_ROWS_SHOWN = 12
"""The number of rows above which the table scrolls."""
WIDTHS = {
    "id": 60, "imported_at": 165, "file": 280, "system": 180, "brought_by": 120, "new": 90, "changed": 92,
    "rejected": 92, "undone": 200,
}  # fmt: skip


def file_import_table(rows: pd.DataFrame) -> None:
    """One row an imported file, newest first. `rows`: queries.data_sources.imported_files."""
    if rows.empty:
        empty_state(_("No file has brought anything yet. At the console `otklik import` imports one."))
        return
    language, timezone = current_language(), viewer_timezone()
    records = rows.to_dict("records")
    data_table(
        rows.assign(
            imported_at=[at.astimezone(timezone) for at in rows["imported_at"]],
            file=rows["file"].map(clean_line),
            system=[clean_line(row["source_names"].get(language, row["source_name"])) for row in records],
            brought_by=[row["data_source"] or _("by hand") for row in records],
            undone=[undone_text(row) for row in records],
        ),
        columns_of(WIDTHS),
        key="file-imports",
        max_rows_shown=MAX_ROWS_SHOWN,
        alt_text=_("Imported files, newest first, with what each brought"),
    )
    st.caption(_("At the console `otklik imports undo NUMBER` removes the appeals that a wrong file has added."))
    viewer_timezone_note()


def undone_text(row: Mapping[Any, Any]) -> str:
    """How many appeals were removed when an import was taken back; empty while it wasn't. `row`: of the table."""
    if pd.isna(row["undone_at"]):
        return ""
    n = int(row["removed_count"])
    return ngettext("{n} appeal removed", "{n} appeals removed", n).format(n=formats.number(n))
