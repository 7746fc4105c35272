"""Panels: the cards that a page consists of, each with a title, an error boundary and an export menu."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import streamlit as st

from components.auth.sign_in import is_wall_screen
from components.export import panel_menu
from components.layout.error_boundary import error_boundary


@contextmanager
def panel(title: str) -> Iterator[None]:
    """A card whose charts, maps and tables can be exported; if its content fails, the card says so and the page lives.

    On a wall screen it has no menu.
    """
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"#### {title}", width="stretch")
            menu = None if is_wall_screen() else panel_menu.panel_export_menu(title)
        with error_boundary(), panel_menu.fill_export_menu(menu, title) if menu else nullcontext():
            yield


@contextmanager
def card(title: str, draw_menu: Callable[[], None] | None = None) -> Iterator[None]:
    """A card without an export menu; if its content fails, the card says so and the page lives.

    `draw_menu` draws to the right of the title.
    """
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"#### {title}", width="stretch")
            if draw_menu is not None:
                draw_menu()
        with error_boundary():
            yield
