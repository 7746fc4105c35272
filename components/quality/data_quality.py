"""How far figures can be trusted: each doubt as a tile, whose they are, and the appeals behind one."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.panel import empty
from components.tables.appeals import listed
from components.tiles.kpi_tile import tile
from components.url import query_params
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.metrics.metric import Answer, Figure

NARROW = 220  # pixels that a tile needs
NAME = "doubt"  # in the address
# The dates that a doubt is about, where it isn't the receipt and the close.
DATES = {
    "closed_at_last": ("closed", "deadline"),
    "dates_disordered": ("received", "registered", "deadline", "closed", "rated"),
}


def tiles(answers: "Sequence[Answer]", name: str) -> None:
    """The doubts with their days; under each, what opens the appeals that it counts. `name`: whose are open."""
    with st.grid(3, min_column_width=NARROW):
        for answer in answers:
            with st.container(gap="xsmall", height="stretch"):
                tile(answer, answer.series)
                n = int(answer.numerator or 0)
                figure = answer.figure.id
                st.button(
                    ngettext("{n} appeal", "{n} appeals", n).format(n=formats.number(n)) if n else _("No appeals"),
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
    return query_params.read(NAME, found, usual, [])


def open_(name: str) -> None:
    """List the appeals of this one: the address says so."""
    query_params.write(**{NAME: name})


def title(figure: "Figure") -> str:
    """The title of the list."""
    return _("The appeals behind “{what}”").format(what=_(figure.name))


def appeals(rows: pd.DataFrame, figure: "Figure", most: int) -> None:
    """The appeals that a doubt counts, the last first, no more than `most`. `rows`: queries.quality.issues.listed."""
    if rows.empty:
        empty(_("There are none in these days with these filters."))
        return
    heads = {
        "received": _("Received"),
        "registered": _("Registered"),
        "deadline": _("Deadline"),
        "closed": _("Closed"),
        "rated": _("Rated"),
    }
    dates = DATES.get(figure.id, ("received", "closed"))
    columns = {
        "number": (_("Number"), 120),
        **{name: (heads[name], 155) for name in dates},
        "topic": (_("Topic"), 175),
        "territory": (_("Territory"), 130),
        "organisation": (_("Organisation"), 290),
        "status": (_("Status"), 120),
    }
    shown = rows.assign(**{name: [exact(at) for at in rows[f"{name}_at"]] for name in dates})
    listed(shown, columns, f"doubtful-{figure.id}", title(figure))
    if len(rows) == most:
        st.caption(_("The last {n} are listed: narrow the filters to see others.").format(n=formats.number(most)))


def exact(at: datetime | None) -> str:
    """A moment to the second: what is doubted may be one of them."""
    return "—" if at is None or pd.isna(at) else f"{formats.day(at)}, {formats.clock(at)}"
