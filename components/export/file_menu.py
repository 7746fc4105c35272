"""A menu of files that are made in the background, each with its download once it is ready."""

from collections.abc import Iterable

import streamlit as st

from components.auth.sign_in import is_wall_screen
from components.export.file_job_button import FileOffer, file_job_button


def file_menu(title: str, key: str, description: str, offers: Iterable[FileOffer]) -> None:
    """Draw a menu of files with what is in them; nothing on a wall screen. Closed, it draws no button."""
    if is_wall_screen():
        return
    popover = st.popover(title, icon=":material/summarize:", type="tertiary", key=key, on_change="rerun")
    if not popover.open:
        return
    with popover:
        st.caption(description)
        for offer in offers:
            file_job_button(offer)
