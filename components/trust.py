"""How far figures can be trusted: each doubt as a tile, whose they are, and the appeals behind one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components import address
from components.appeals_linked import listed
from components.figures import tile
from components.live import empty
from components.words import _

if TYPE_CHECKING:
    from queries.figure import Answer, Figure

NARROW = 220  # pixels that a tile needs
NAME = "doubt"  # in the address


def tiles(answers: "Sequence[Answer]") -> None:
    """The doubts with their days."""
    with st.grid(3, min_column_width=NARROW):
        for answer in answers:
            tile(answer, answer.series)


def chosen(figures: "Sequence[Figure]") -> str:
    """Whose appeals are listed: a choice in the address, the first at first."""
    key = f"choose-{NAME}"
    names = {figure.id: _(figure.name) for figure in figures}
    first = next(iter(names))
    st.session_state[key] = address.read(NAME, names, first, [])
    found = st.pills(
        _("Which appeals"),
        list(names),
        format_func=names.__getitem__,
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=keep,
        args=(key, first),
    )
    return found or first


def keep(key: str, usual: str) -> None:
    """Write the choice into the address."""
    value = st.session_state[key]
    address.write(**{NAME: None if value == usual else value})


def appeals(rows: pd.DataFrame, figure: "Figure") -> None:
    """The appeals that a doubt counts, the last first. `rows`: queries.quality.listed."""
    if rows.empty:
        empty(_("There are none in these days with these filters."))
        return
    columns = {
        "number": (_("Number"), 130),
        "received_at": (_("Received"), 115),
        "registered_at": (_("Registered"), 115),
        "deadline_at": (_("Deadline"), 115),
        "closed_at": (_("Closed"), 115),
        "rated_at": (_("Rated"), 115),
        "topic": (_("Topic"), 190),
        "territory": (_("Territory"), 150),
        "organisation": (_("Organisation"), 240),
        "status": (_("Status"), 120),
    }
    listed(rows, columns, "doubtful", _("The last appeals of “{what}”").format(what=_(figure.name)))
