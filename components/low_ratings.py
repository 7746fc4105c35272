"""Answers that were rated badly, and what became of them."""

import pandas as pd
import streamlit as st

from components import units
from components.live import empty
from components.replay import replayed
from components.words import N_, _

FATES = {
    "open": N_("open again"),
    "again": N_("re-opened, closed again"),
    "closed": N_("still closed"),
}


@replayed
def low(rows: pd.DataFrame) -> None:
    """Appeals rated 1 or 2 and what became of them. `rows`: queries.satisfaction.low."""
    if rows.empty:
        empty(_("No answer was rated 1 or 2 in these days with these filters."))
        return
    columns = {
        "answered": (_("Answered"), 120),
        "rated": (_("Rated"), 120),
        "rating": (_("Rating"), 70),
        "fate": (_("What became of it"), 180),
        "number": (_("Number"), 130),
        "topic": (_("Topic"), 190),
        "territory": (_("Territory"), 160),
        "organisation": (_("Organisation"), 250),
        "status": (_("Status"), 120),
    }
    shown = rows.assign(
        answered=["—" if at is None else units.moment(at) for at in rows["closed_at"]],
        rated=[units.moment(at) for at in rows["rated_at"]],
        fate=[_(FATES[fate]) for fate in rows["fate"]],
        rating=rows["rating"].astype(str),
    )
    st.dataframe(
        shown[list(columns)],
        key="low",
        hide_index=True,
        height=430,
        column_config={name: st.column_config.TextColumn(word, width=width) for name, (word, width) in columns.items()},
        alt=_("Answers rated 1 or 2, the last one closed first"),
    )
