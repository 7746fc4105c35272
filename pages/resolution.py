"""How appeals are resolved: how many, how fast, how well, by whom and about what."""

import streamlit as st

from components import access, course, curves, expected, leagues, lines, scatter, spread, versus
from components.filters import filter_bar, in_words
from components.kpis import kpis
from components.live import guarded, panel, stamp, today
from components.pulse import part, pulse
from components.words import _
from queries import choices, comparison, courses, fair, funnel, later, live, recurring, resolution, survival
from queries.figures import CATALOGUE
from queries.filters import Filters

viewer = access.require("resolution")
filters = filter_bar(viewer, choices, Filters, today())
FAIR = ("closed_on_time_rate", "resolution_rate", "reopened_rate", "redirect_rate")


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, later.news)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    with guarded():
        kpis(resolution.figures(filters), across=5)
    left, right = st.columns(2)
    with left, panel(_("Received, closed, closed by the deadline")):
        lines.resolved(resolution.daily(filters), choices.running(filters, today()))
    with right, panel(_("How long answers took")):
        spread.answer_times(resolution.answer_days(filters), resolution.marks(filters), CATALOGUE["answer_mean"])
    left, right = st.columns(2)
    with left, panel(_("How soon what was received is closed")):
        by = curves.compare_by()
        curves.drawn(by, survival.curve(filters) if by == "all" else survival.curves(filters, by))
    with right, panel(_("How far it has come")):
        course.funnel(funnel.steps(filters), courses.stages(filters))
    with panel(_("Organisations")):
        leagues.league(resolution.organisations(filters), CATALOGUE, _("Organisation"), "organisations", 260)
    with panel(_("Topics")):
        leagues.league(resolution.topics(filters), CATALOGUE, _("Topic"), "topics", 260)
    left, right = st.columns(2)
    with left, panel(_("Who is late, by how much they hold")):
        scatter.load(resolution.load(filters))
    with right, panel(_("Channels")):
        leagues.league(resolution.channels(filters), CATALOGUE, _("Channel"), "channels", 150)
    expected.panels(lambda kind, name: fair.table(filters, kind, name), FAIR)
    with panel(_("Handed on, returned, extended")):
        course.moves(courses.moves(filters), courses.returned(filters))
    with panel(_("Recurring problems")):
        leagues.recurring(recurring.cells(filters), CATALOGUE)
    with panel(_("Two side by side")):
        kind = versus.kind()
        options = choices.territories(filters) if kind == "territory" else choices.organisations(filters)
        if pair := versus.two(options, comparison.usual(filters, kind)):
            versus.table(comparison.both(filters, kind, pair), CATALOGUE, versus.named(options, pair))


pulse(viewer, later.news, head)
board()
