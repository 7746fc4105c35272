"""How far the figures can be trusted: what was recorded in a way that work is seldom done in, by whom and where."""

import streamlit as st

from components import access, places, trust
from components.filters import filter_bar, in_words
from components.league_clicked import table
from components.live import LIVE, guarded, panel, stamp, today, turn_of_day
from components.words import _
from queries import choices, live, quality
from queries.doubts import DOUBTS
from queries.filters import Filters

viewer = access.require("quality")
filters = filter_bar(viewer, choices, Filters, today())


@st.fragment(run_every=LIVE)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    access.enter(viewer)
    turn_of_day()
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))
    st.caption(_("A high share is a reason to look, not a verdict. Counted anew every ten minutes."))
    with guarded():
        answers = quality.figures(filters)
        name = trust.chosen(answers)
        trust.tiles(answers, name)
        with panel(trust.title(DOUBTS[name])):
            trust.appeals(quality.listed(filters, name), DOUBTS[name], quality.LISTED)
    with panel(_("Doubts by organisation")):
        table(quality.by(filters, "organisation"), quality.SHOWN, _("Organisation"), "organisations", 215, places.hold)
    with panel(_("Doubts by region")):
        table(quality.by(filters, "region"), quality.SHOWN, _("Region"), "regions", 215, places.go)


board()
