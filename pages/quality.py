"""How far the figures can be trusted: what was recorded in a way that work is seldom done in, by whom and where."""

import streamlit as st

from components import access, places, trust
from components.filters import filter_bar, in_words
from components.league_clicked import table
from components.live import guarded, panel, stamp, today
from components.pulse import part, pulse
from components.words import _
from queries import choices, later, live, quality
from queries.doubts import DOUBTS
from queries.filters import Filters

viewer = access.require("quality")
filters = filter_bar(viewer, choices, Filters, today())


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, later.news)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
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


pulse(viewer, later.news, head)
board()
