"""How many appeals of a list are selected, and buttons that select its first ones, all of them or none."""

from collections.abc import Callable

import streamlit as st

from otklik.actions.model import MAX_APPEALS
from otklik.i18n import _, formats, ngettext

DEFAULT_COUNT = 40


def selection_bar(
    key: str,
    selected_count: int,
    total: int,
    select_first: Callable[[int], None],
    clear: Callable[[], None],
    count_limit: int | None = None,
) -> None:
    """Draw the bar of a list with `total` appeals, more than one can see at once.

    `select_first` selects so many from the start of the list in its order, at most `MAX_APPEALS`. A total over
    `count_limit` is shown as "more than".
    """
    total_text = (
        formats.number(total)
        if count_limit is None or total <= count_limit
        else _("more than {n}").format(n=formats.number(count_limit))
    )
    max_count = min(total, MAX_APPEALS)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        message = ngettext("**{n}** chosen of {all}", "**{n}** chosen of {all}", selected_count)
        st.markdown(message.format(n=formats.number(selected_count), all=total_text), width="content")
        count: int = st.number_input(
            _("How many"),
            1,
            max_count,
            min(DEFAULT_COUNT, max_count),
            key=f"{key}-many",
            width=110,
            label_visibility="collapsed",
        )
        st.button(
            _("Choose the first {n}").format(n=formats.number(count)),
            on_click=select_first,
            args=(count,),
            key=f"{key}-first",
        )
        all_label = (
            _("Choose all that match ({n})").format(n=total_text)
            if total <= MAX_APPEALS
            else _("Choose the first {n} of {all}").format(n=formats.number(MAX_APPEALS), all=total_text)
        )
        st.button(all_label, on_click=select_first, args=(max_count,), key=f"{key}-all")
        st.button(_("Clear selection"), on_click=clear, key=f"{key}-none", disabled=not selected_count)
