"""Polls and discussions of the territory, in a line of links."""

from typing import TYPE_CHECKING

import streamlit as st

from components.url.links import list_params
from otklik.i18n import _, formats, ngettext
from otklik.paths import ROOT

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from queries.regions.participation import Participation


def participation_line(counts: "Participation", territory: str | None, viewer: "Viewer") -> None:
    """How many polls run and discussions collect comments, and how many answers are late, each with a link.

    Nothing for those who open neither page, such as wall screens.
    """
    if not (viewer.may("polls") and viewer.may("discussions")):
        return
    polls = ngettext("{n} poll runs", "{n} polls run", counts.polls)
    discussions = ngettext("{n} discussion collects comments", "{n} discussions collect comments", counts.discussions)
    late = ngettext("{n} answer late", "{n} answers late", counts.late).format(n=formats.number(counts.late))
    params = list_params(
        dropped=("organisation", "regime", "channel"), **({"territory": territory} if territory else {})
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="participation"):
        st.markdown(f"**{_('People take part')}**", width="content")
        for page, label, n in (("polls", polls, counts.polls), ("discussions", discussions, counts.discussions)):
            st.page_link(ROOT / "pages" / f"{page}.py", label=label.format(n=formats.number(n)), query_params=params)
        if counts.late:
            st.page_link(
                ROOT / "pages" / "discussions.py", label=f":red[:material/warning: {late}]", query_params=params
            )
