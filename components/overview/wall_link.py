"""The way from the overview to the wall: the same filters, to be read from afar."""

from urllib.parse import urlencode

import streamlit as st

from components.auth.sign_in import is_wall_screen
from components.url.links import list_params
from otklik.i18n import _


def wall_link() -> None:
    """A link to the wall in a tab of its own; nothing on a wall screen, where nobody can follow it."""
    if is_wall_screen():
        return
    st.link_button(
        _("Wall"),
        f"/wall?{urlencode(list_params())}",
        icon=":material/tv:",
        type="tertiary",
        help=_("These filters for a screen on a wall: a few large figures that are read from afar."),
    )
