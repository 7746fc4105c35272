"""Export of the audit: all entries of the filters as CSV and XLSX, with the labels of the screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from components.admin.audit_table import COLUMN_KEYS, column_labels, format_entries
from components.export.panel_menu import MIME_TYPES
from components.export.tabular import csv_bytes, xlsx_bytes
from components.layout.local_day import viewer_timezone, viewer_today
from otklik.i18n import _, current_language, set_language

if TYPE_CHECKING:
    import pandas as pd

    from components.admin.audit_objects import ObjectNames


def audit_export_buttons(load_entries: "Callable[[str], pd.DataFrame]", names: "ObjectNames") -> None:
    """A download button for each file type; the file is made, and its export recorded, when the button is pressed.

    `load_entries`: queries.audit.export_callback of the filters; `names`: the present ones.
    """
    with st.container(horizontal=True, gap="small"):
        for file_type, label in (("csv", _("All of these (CSV)")), ("xlsx", _("All of these (XLSX)"))):
            st.download_button(
                label,
                file_builder(load_entries, names, file_type),
                file_name=f"{_('Audit')} {viewer_today().isoformat()}.{file_type}",
                mime=MIME_TYPES[file_type],
                key=f"take-{file_type}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )


def file_builder(
    load_entries: "Callable[[str], pd.DataFrame]", names: "ObjectNames", file_type: str
) -> Callable[[], bytes]:
    """A function that makes the file on another thread, with the language and time zone of the viewer."""
    language, timezone, labels = current_language(), viewer_timezone(), column_labels()

    def build_file() -> bytes:
        set_language(language)
        rows = format_entries(load_entries(file_type), names, timezone)[[*COLUMN_KEYS]].rename(columns=labels)
        return csv_bytes(rows) if file_type == "csv" else xlsx_bytes(rows, _("Audit"))

    return build_file
