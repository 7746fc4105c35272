"""The small menu of a panel, by which people take away what it shows: pictures, and the rows behind them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st
from streamlit import runtime

from components.export import images, panel_rows
from components.export.tabular import csv_bytes, xlsx_of
from components.maps import styling
from components.streamlit_compat.element_capture import noting
from otklik.i18n import _, current, use

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_popover_container import PopoverContainer
    from streamlit.proto.Element_pb2 import Element

ABOUT = "about"  # what the page is narrowed to, in words: it stands on each picture and in each spreadsheet
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


KEPT = 64  # files, the last ones
TURNS = count()


class Shown(NamedTuple):
    """What a panel shows, and how."""

    title: str
    about: str
    look: images.Look
    noted: list["Element"]


def menu(title: str) -> "PopoverContainer":
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
def offered(into: "PopoverContainer", title: str) -> Iterator[None]:
    """Offer what the block draws in a menu that is open; of a closed one nothing is asked."""
    if not into.open:
        yield
        return
    with noting() as noted:
        yield
    with into:
        offers(Shown(title, st.session_state.get(ABOUT, ""), images.Look(styling.theme(), current()), noted))


def offers(shown: Shown) -> None:
    """A button for each kind of file. A file is made when it is asked for."""
    kinds = {one.WhichOneof("type") for one in shown.noted}
    if not kinds:
        st.caption(_("There is nothing to take away now."))
    if kinds - {"dataframe"}:
        button(shown, "png", _("Picture (PNG)"))
        button(shown, "svg", _("Picture (SVG)"))
    if kinds:
        button(shown, "csv", _("Rows (CSV)"))
        button(shown, "xlsx", _("Rows (XLSX)"))


def button(shown: Shown, kind: str, label: str) -> None:
    """One file to be had."""
    # The server's day is near enough.
    name = f"{shown.title} {date.today().isoformat()}.{kind}"  # noqa: DTZ011

    def make() -> bytes:
        use(shown.look.language)
        return MAKERS[kind](shown, kind)

    st.download_button(
        label,
        data=kept(make, kind, name),
        file_name=name,
        mime=TYPES[kind],
        key=f"take-{kind}-{shown.title}",
        on_click="ignore",
        type="tertiary",
    )


def kept(make: Callable[[], bytes], kind: str, name: str) -> Callable[[], bytes]:
    """What makes a file when it is asked for, on another thread than the page's, and keeps it for the browser to fetch.

    Streamlit itself forgets a file made so after the next two runs of whoever it be: a moment, where many screens
    refresh themselves.
    """

    def made() -> bytes:
        content = make()
        files = runtime.get_instance().media_file_mgr
        files.add(content, TYPES[kind], f"takeaway-{next(TURNS) % KEPT}", name, is_for_static_download=True)
        return content

    return made


def picture(shown: Shown, kind: str) -> bytes:
    """The panel's charts and maps as one picture."""
    parts = images.parts(shown.noted, shown.look)
    return images.converted([images.Picture(parts, kind, shown.title, shown.about)], shown.look)[0]


def csv(shown: Shown, _kind: str) -> bytes:
    """The rows of the panel, of several tables the longest."""
    found = panel_rows.tables(shown.noted)
    return csv_bytes(max(found, key=lambda one: len(one.rows)).rows) if found else b""


def xlsx(shown: Shown, _kind: str) -> bytes:
    """The rows of the panel as a spreadsheet with a sheet a table."""
    found = panel_rows.tables(shown.noted)
    return xlsx_of([(shown.title, one.rows, one.shares) for one in found], shown.title, [shown.about])


MAKERS: dict[str, Callable[[Shown, str], bytes]] = {"svg": picture, "png": picture, "csv": csv, "xlsx": xlsx}
