"""How far figures can be trusted: each doubt as a tile, whose they are, and the appeals behind one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components import address, units
from components.appeals_linked import listed
from components.figures import tile
from components.live import empty
from components.words import _, ngettext

if TYPE_CHECKING:
    from queries.figure import Answer, Figure

NARROW = 220  # pixels that a tile needs
NAME = "doubt"  # in the address
OF_ALL_DATES = {"dates_disordered"}  # where each of the dates may be the wrong one


def tiles(answers: "Sequence[Answer]", name: str) -> None:
    """The doubts with their days; under each, what opens the appeals that it counts. `name`: whose are open."""
    with st.grid(3, min_column_width=NARROW):
        for answer in answers:
            with st.container(gap="xsmall", height="stretch"):
                tile(answer, answer.series)
                n = int(answer.numerator or 0)
                figure = answer.figure.id
                st.button(
                    ngettext("{n} appeal", "{n} appeals", n).format(n=units.number(n)) if n else _("No appeals"),
                    key=f"{NAME}-{figure}",
                    icon=":material/list:",
                    type="primary" if figure == name and n else "secondary",
                    disabled=not n,
                    help=_("Lists the appeals of “{what}” below.").format(what=_(answer.figure.name)),
                    on_click=open_,
                    args=(figure,),
                )


def chosen(answers: "Sequence[Answer]") -> str:
    """Whose appeals are listed: as the address says, else the first that there are any of."""
    found = [answer.figure.id for answer in answers]
    usual = next((answer.figure.id for answer in answers if answer.numerator), found[0])
    return address.read(NAME, found, usual, [])


def open_(name: str) -> None:
    """List the appeals of this one: the address says so."""
    address.write(**{NAME: name})


def title(figure: "Figure") -> str:
    """The title of the list."""
    return _("The appeals behind “{what}”").format(what=_(figure.name))


def appeals(rows: pd.DataFrame, figure: "Figure", most: int) -> None:
    """The appeals that a doubt counts, the last first, no more than `most`. `rows`: queries.quality.listed."""
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
    if figure.id not in OF_ALL_DATES:
        del columns["registered_at"], columns["rated_at"]
    listed(rows, columns, f"doubtful-{figure.id}", title(figure))
    if len(rows) == most:
        st.caption(_("The last {n} are listed: narrow the filters to see others.").format(n=units.number(most)))
