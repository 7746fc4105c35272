"""Chips of the active filters; a click on one removes its filter."""

from typing import TYPE_CHECKING

import streamlit as st

from components.text.escape import escape_markdown
from components.url.page_filters import remove_filter
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping


def filter_chips(filter_labels: "Mapping[str, str]") -> None:
    """Draw a chip for each filter; `filter_labels`: the chosen value in words by the filter's name in the address."""
    st.session_state["narrowed"] = " · ".join(filter_labels.values())
    if not filter_labels:
        return
    with st.container(horizontal=True, gap="xsmall", key="chips"):
        for name, label in filter_labels.items():
            st.button(
                escape_markdown(label),
                icon=":material/close:",
                icon_position="right",
                key=f"chip-{name}",
                help=_("Remove this filter"),
                on_click=remove_filter,
                args=(name,),
            )
