"""The export menu of a panel: what it shows as pictures (PNG, SVG) and as rows (CSV, XLSX)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import streamlit as st

from components.export import images
from components.export.panel_tables import panel_tables
from components.export.tabular import csv_bytes, workbook_bytes
from components.layout.status_line import FILTER_SUMMARY_KEY
from components.palette import current_theme
from components.panel_contents import ShownContent, ShownTable, collect_contents
from components.streamlit_compat.element_types import Popover
from components.streamlit_compat.media_files import store_download
from otklik.i18n import _, current_language, set_language

MIME_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class PanelSnapshot(NamedTuple):
    """What a panel shows: its title, the filters in words, theme and language, and its contents in their order."""

    title: str
    filter_summary: str
    style: images.ImageStyle
    contents: Sequence[ShownContent]


def panel_export_menu(title: str) -> Popover:
    """The menu beside a panel's title, still empty; opening it runs the panel again."""
    return st.popover(
        "",
        icon=":material/download:",
        type="tertiary",
        help=_("Download: {what}").format(what=title),
        key=f"take-{title}",
        on_change="rerun",
    )


@contextmanager
def fill_export_menu(popover: Popover, title: str) -> Iterator[None]:
    """Offer what the block shows in the menu, if that is open; a closed menu costs nothing."""
    if not popover.open:
        yield
        return
    with collect_contents() as contents:
        yield
    with popover:
        export_buttons(
            PanelSnapshot(
                title,
                st.session_state.get(FILTER_SUMMARY_KEY, ""),
                images.ImageStyle(current_theme(), current_language()),
                contents,
            )
        )


def export_buttons(snapshot: PanelSnapshot) -> None:
    """A download button for each kind of file that the panel can be had as; the file is made after the click."""
    if not snapshot.contents:
        st.caption(_("There is nothing to download now."))
        return
    if any(not isinstance(content, ShownTable) for content in snapshot.contents):
        export_button(snapshot, "png", _("Picture (PNG)"))
        export_button(snapshot, "svg", _("Picture (SVG)"))
    export_button(snapshot, "csv", _("Rows (CSV)"))
    export_button(snapshot, "xlsx", _("Rows (XLSX)"))


def export_button(snapshot: PanelSnapshot, kind: str, label: str) -> None:
    """A download button for one kind of file (a key of `FILE_BUILDERS`)."""
    # The server's day: a file's name needs no more precision.
    file_name = f"{snapshot.title} {date.today().isoformat()}.{kind}"  # noqa: DTZ011

    def make_file() -> bytes:
        # Streamlit calls it on another thread than the page's, where no language is set.
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
    """The `data` of a download button: makes the file after the click and keeps it for the browser to fetch."""

    def make_and_store() -> bytes:
        content = make_file()
        store_download(content, MIME_TYPES[kind], file_name)
        return content

    return make_and_store


def panel_image(snapshot: PanelSnapshot, kind: str) -> bytes:
    """The panel's charts and maps below one another in one picture (`png` or `svg`)."""
    parts = images.image_parts(snapshot.contents, snapshot.style)
    return images.render_images(
        [images.ImageRequest(parts, kind, snapshot.title, snapshot.filter_summary)], snapshot.style
    )[0]


def panel_csv(snapshot: PanelSnapshot, _kind: str) -> bytes:
    """The rows of the panel's longest table, since a CSV file holds only one; nothing if it has none."""
    tables = panel_tables(snapshot.contents)
    return csv_bytes(max(tables, key=lambda table: len(table.rows)).rows) if tables else b""


def panel_xlsx(snapshot: PanelSnapshot, _kind: str) -> bytes:
    """The rows of the panel as a spreadsheet, one sheet for each table."""
    tables = panel_tables(snapshot.contents)
    return workbook_bytes(
        [(snapshot.title, table.rows, table.shares) for table in tables], snapshot.title, [snapshot.filter_summary]
    )


FILE_BUILDERS: dict[str, Callable[[PanelSnapshot, str], bytes]] = {
    "svg": panel_image,
    "png": panel_image,
    "csv": panel_csv,
    "xlsx": panel_xlsx,
}
