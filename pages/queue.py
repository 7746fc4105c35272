"""What is open now: at which stage, how old, with whom, and what is late or about to be."""

import streamlit as st

from components import access, ages, late, lines
from components.filters import filter_bar, in_words
from components.kpis import kpis
from components.live import LIVE, guarded, panel, stamp, today, turn_of_day
from components.standing import standing
from components.words import _
from queries import choices, live, queue
from queries.ages import BANDS
from queries.filters import Filters

viewer = access.require("queue")
filters = filter_bar(viewer, choices, Filters, today())


@st.fragment(run_every=LIVE)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    access.enter(viewer)
    turn_of_day()
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))
    with guarded():
        kpis(queue.figures(filters), across=6)
    left, right = st.columns(2)
    with left, panel(_("Open by stage and age")):
        ages.stages(queue.stages(filters), BANDS)
    with right, panel(_("Open by topic and stage")):
        ages.topics(queue.topics(filters))
    left, right = st.columns(2)
    with left, panel(_("Who holds most")):
        standing(queue.organisations(filters), _("Organisations"))
    with right, panel(_("Open by channel")):
        standing(queue.channels(filters), _("Channels"))
    with panel(_("Backlog by day")):
        lines.backlog(queue.backlog(filters))
    with panel(_("Late, and soon to be")):
        # Only the list that is looked at is asked for.
        over, soon, placed = st.tabs(
            [_("Overdue, longest first"), _("At risk, nearest first"), _("On the map")], key="lists", on_change="rerun"
        )
        if over.open:
            with over, guarded():
                late.late(queue.late(filters, "overdue"), "overdue")
        if soon.open:
            with soon, guarded():
                late.late(queue.late(filters, "at_risk"), "at_risk")
        if placed.open:
            with placed, guarded():
                late.points(queue.points(filters))


board()
