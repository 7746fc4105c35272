"""Appeals past their deadline or close to it, and handing them to someone who can answer."""

import streamlit as st

from components.actions.form import actions
from components.actions.transfer_approvals import transfers
from components.auth import guard
from components.filters.filter_bar import filter_bar, in_words
from components.layout import page
from components.layout.auto_refresh import part, pulse
from components.layout.card import card
from components.layout.panel import guarded, panel, stamp, today
from components.overdue import selection, workload
from components.tables import late_appeals
from components.tiles.kpi_grid import kpis
from otklik.actions.bulk import ACTIONS
from otklik.i18n import _
from queries import filter_options, overdue
from queries.cache import background, live
from queries.filters import Filters

viewer = guard.require("overdue")
filters = filter_bar(viewer, filter_options, Filters, today())
STATES = {"overdue": _("Overdue"), "at_risk": _("At risk"), "untouched": _("Handed on and untouched")}
asked = st.query_params.get("state", "")
state: selection.State = asked if asked in STATES else "overdue"  # type: ignore[assignment]
acts = any(viewer.may(one) for one in ACTIONS)
selection.choice("chosen", (filters, state))


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, background.news)
def board() -> None:
    """How much is late."""
    with guarded():
        kpis(overdue.figures(filters), across=4)


@part(viewer, background.news)
def listing() -> None:
    """The appeals themselves, the most urgent first."""
    with panel(_("Late, longest first")):
        rows = overdue.late(filters, state)
        selection.choosing(rows, state, "chosen") if acts else late_appeals.late(rows, state)


@part(viewer, background.news)
def analysis() -> None:
    """Where it is late, and who has room."""
    left, right = st.columns(2)
    with left, panel(_("Who is late")):
        workload.lateness(overdue.by(filters, "organisation"), _("Organisation"), "organisation")
    with right, panel(_("Who has room")):
        workload.capacity(overdue.capacity(filters), "organisation")
    left, right = st.columns(2)
    with left, panel(_("Where it is late")):
        workload.lateness(overdue.by(filters, "territory"), _("Territory"), "territory")
    with right, panel(_("What is late")):
        workload.lateness(overdue.by(filters, "topic"), _("Topic"), "topic")


pulse(viewer, background.news, head)
board()
page.choice("state", _("Which appeals"), STATES, state)
left, right = st.columns([13, 9]) if acts else (st.container(), None)
with left:
    listing()
if right:
    with right, card(_("What to do")):
        actions(viewer, selection.chosen("chosen"), "overdue", lambda: selection.let_go("chosen"))
if viewer.may("allow_transfer"):
    with card(_("Transfers that wait for a word")):
        transfers(viewer, overdue.transfers_asked)
analysis()
