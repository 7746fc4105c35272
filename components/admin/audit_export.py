"""The audit's entries as files: all that the filters show, as the screen says it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from components.admin.audit_table import heads, told
from components.export.panel_menu import TYPES
from components.export.tabular import csv_bytes, xlsx_bytes
from components.layout.panel import today, zone
from otklik.i18n import _, current, use

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def files(take: "Callable[[str], pd.DataFrame]", names: "Mapping[int, str]") -> None:
    """A button for each kind of file, which is made (`take`, which records it) when it is asked for."""
    with st.container(horizontal=True, gap="small"):
        for kind, label in (("csv", _("All of these (CSV)")), ("xlsx", _("All of these (XLSX)"))):
            st.download_button(
                label,
                making(take, names, kind),
                file_name=f"{_('Audit')} {today().isoformat()}.{kind}",
                mime=TYPES[kind],
                key=f"take-{kind}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )


def making(take: "Callable[[str], pd.DataFrame]", names: "Mapping[int, str]", kind: str) -> Callable[[], bytes]:
    """What makes the file, on another thread than the page's: the viewer's words and zone go with it."""
    language, here, words = current(), zone(), heads()

    def make() -> bytes:
        use(language)
        rows = told(take(kind), names, here).rename(columns=words)
        return csv_bytes(rows) if kind == "csv" else xlsx_bytes(rows, _("Audit"))

    return make
