"""Appeals past their deadline or close to it, and handing them to someone who can answer."""

import streamlit as st

from components import access, choosing, frame, late, lateness
from components.actions import actions
from components.card import card
from components.filters import filter_bar, in_words
from components.kpis import kpis
from components.live import guarded, panel, stamp, today
from components.pulse import part, pulse
from components.transfers import transfers
from components.words import _
from handling.actions import ACTIONS
from queries import choices, later, live, overdue
from queries.filters import Filters

viewer = access.require("overdue")
filters = filter_bar(viewer, choices, Filters, today())
STATES = {"overdue": _("Overdue"), "at_risk": _("At risk"), "untouched": _("Handed on and untouched")}
asked = st.query_params.get("state", "")
state: choosing.State = asked if asked in STATES else "overdue"  # type: ignore[assignment]
acts = any(viewer.may(one) for one in ACTIONS)
choosing.choice("chosen", (filters, state))


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, later.news)
def board() -> None:
    """How much is late."""
    with guarded():
        kpis(overdue.figures(filters), across=4)


@part(viewer, later.news)
def listing() -> None:
    """The appeals themselves, the most urgent first."""
    with panel(_("Late, longest first")):
        rows = overdue.late(filters, state)
        choosing.choosing(rows, state, "chosen") if acts else late.late(rows, state)


@part(viewer, later.news)
def analysis() -> None:
    """Where it is late, and who has room."""
    left, right = st.columns(2)
    with left, panel(_("Who is late")):
        lateness.lateness(overdue.by(filters, "organisation"), _("Organisation"), "organisation")
    with right, panel(_("Who has room")):
        lateness.capacity(overdue.capacity(filters), "organisation")
    left, right = st.columns(2)
    with left, panel(_("Where it is late")):
        lateness.lateness(overdue.by(filters, "territory"), _("Territory"), "territory")
    with right, panel(_("What is late")):
        lateness.lateness(overdue.by(filters, "topic"), _("Topic"), "topic")


pulse(viewer, later.news, head)
board()
frame.choice("state", _("Which appeals"), STATES, state)
left, right = st.columns([13, 9]) if acts else (st.container(), None)
with left:
    listing()
if right:
    with right, card(_("What to do")):
        actions(viewer, choosing.chosen("chosen"), "overdue", lambda: choosing.let_go("chosen"))
if viewer.may("allow_transfer"):
    with card(_("Transfers that wait for a word")):
        transfers(viewer, overdue.transfers_asked)
analysis()
