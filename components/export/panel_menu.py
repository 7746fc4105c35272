"""The small menu of a panel, by which people take away what it shows: pictures, and the rows behind them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st
from streamlit import runtime

from components.charts.theme import current_theme
from components.export import images, panel_rows
from components.export.tabular import csv_bytes, workbook_bytes
from components.layout.status_line import FILTER_SUMMARY_KEY
from components.streamlit_compat.element_capture import noting
from otklik.i18n import _, current_language, set_language

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_popover_container import PopoverContainer
    from streamlit.proto.Element_pb2 import Element

MIME_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


MAX_FILES = 64
"""Files kept at a time: the latest."""
MAX_STORED_BYTES = 16 * 2**20
"""Larger files aren't kept, so that the kept ones stay within memory."""
FILE_NUMBERS = count()


class PanelSnapshot(NamedTuple):
    """What a panel shows, and how."""

    title: str
    filter_summary: str
    style: images.ImageStyle
    elements: list["Element"]


def panel_export_menu(title: str) -> "PopoverContainer":
    """The menu of a panel, still empty and closed; opening it draws the panel anew."""
    return st.popover(
        "",
        icon=":material/download:",
        type="tertiary",
        help=_("Take away: {what}").format(what=title),
        key=f"take-{title}",
        on_change="rerun",
    )


@contextmanager
def capture_for_export(popover: "PopoverContainer", title: str) -> Iterator[None]:
    """Offer what the block draws in a menu that is open; of a closed one nothing is asked."""
    if not popover.open:
        yield
        return
    with noting() as elements:
        yield
    with popover:
        export_buttons(
            PanelSnapshot(
                title,
                st.session_state.get(FILTER_SUMMARY_KEY, ""),
                images.ImageStyle(current_theme(), current_language()),
                elements,
            )
        )


def export_buttons(snapshot: PanelSnapshot) -> None:
    """A button for each kind of file. A file is made when it is asked for."""
    element_types = {element.WhichOneof("type") for element in snapshot.elements}
    if not element_types:
        st.caption(_("There is nothing to take away now."))
    if element_types - {"dataframe"}:
        export_button(snapshot, "png", _("Picture (PNG)"))
        export_button(snapshot, "svg", _("Picture (SVG)"))
    if element_types:
        export_button(snapshot, "csv", _("Rows (CSV)"))
        export_button(snapshot, "xlsx", _("Rows (XLSX)"))


def export_button(snapshot: PanelSnapshot, kind: str, label: str) -> None:
    """One file to be had."""
    # The server's day is near enough.
    file_name = f"{snapshot.title} {date.today().isoformat()}.{kind}"  # noqa: DTZ011

    def make_file() -> bytes:
        set_language(snapshot.style.language)
        return FILE_BUILDERS[kind](snapshot, kind)

    st.download_button(
        label,
        data=stored_download(make_file, kind, file_name),
        file_name=file_name,
        mime=MIME_TYPES[kind],
        key=f"take-{kind}-{snapshot.title}",
        on_click="ignore",
        type="tertiary",
    )


def stored_download(make_file: Callable[[], bytes], kind: str, file_name: str) -> Callable[[], bytes]:
    """The `data` of a download button: makes the file after the click and keeps it for the browser to fetch.

    It runs on another thread than the page. Streamlit drops such a file after the next two script runs of any session,
    which is a moment later where many screens refresh themselves.
    """

    def make_and_store() -> bytes:
        content = make_file()
        if len(content) > MAX_STORED_BYTES:
            return content
        media_files = runtime.get_instance().media_file_mgr
        media_files.add(
            content,
            MIME_TYPES[kind],
            f"takeaway-{next(FILE_NUMBERS) % MAX_FILES}",
            file_name,
            is_for_static_download=True,
        )
        return content

    return make_and_store


def panel_image(snapshot: PanelSnapshot, kind: str) -> bytes:
    """The panel's charts and maps as one picture."""
    parts = images.image_parts(snapshot.elements, snapshot.style)
    return images.render_images(
        [images.ImageRequest(parts, kind, snapshot.title, snapshot.filter_summary)], snapshot.style
    )[0]


def panel_csv(snapshot: PanelSnapshot, _kind: str) -> bytes:
    """The rows of the panel, of several tables the longest."""
    tables = panel_rows.panel_tables(snapshot.elements)
    return csv_bytes(max(tables, key=lambda table: len(table.rows)).rows) if tables else b""


def panel_xlsx(snapshot: PanelSnapshot, _kind: str) -> bytes:
    """The rows of the panel as a spreadsheet with a sheet a table."""
    tables = panel_rows.panel_tables(snapshot.elements)
    return workbook_bytes(
        [(snapshot.title, table.rows, table.shares) for table in tables], snapshot.title, [snapshot.filter_summary]
    )


FILE_BUILDERS: dict[str, Callable[[PanelSnapshot, str], bytes]] = {
    "svg": panel_image,
    "png": panel_image,
    "csv": panel_csv,
    "xlsx": panel_xlsx,
}
