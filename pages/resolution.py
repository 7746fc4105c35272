"""How appeals are resolved: how many, how fast, how well, by whom and about what."""

import streamlit as st

from components.auth import guard
from components.charts import time_series
from components.filters.filter_bar import filter_bar, in_words
from components.layout.auto_refresh import part, pulse
from components.layout.panel import guarded, panel, stamp, today
from components.resolution import answer_time_histogram, stage_funnel, workload_scatter
from components.resolution import observed_expected as expected
from components.resolution import side_by_side as versus
from components.resolution import survival as curves
from components.tables import league
from components.tiles.kpi_grid import kpis
from otklik.i18n import _
from queries import filter_options
from queries.cache import background, live
from queries.filters import Filters
from queries.metrics.catalogue import CATALOGUE
from queries.resolution import funnel, performance, recurring, stage_history, survival
from queries.resolution import observed_expected as fair
from queries.resolution import side_by_side as comparison

viewer = guard.require("resolution")
filters = filter_bar(viewer, filter_options, Filters, today())
FAIR = ("closed_on_time_rate", "resolution_rate", "reopened_rate", "redirect_rate")


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, background.news)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    with guarded():
        kpis(performance.figures(filters), across=5)
    left, right = st.columns(2)
    with left, panel(_("Received, closed, closed by the deadline")):
        time_series.resolved(performance.daily(filters), filter_options.running(filters, today()))
    with right, panel(_("How long answers took")):
        answer_time_histogram.answer_times(
            performance.answer_days(filters), performance.marks(filters), CATALOGUE["answer_mean"]
        )
    left, right = st.columns(2)
    with left, panel(_("How soon what was received is closed")):
        grouping = curves.compare_by()
        curves.drawn(grouping, survival.curve(filters) if grouping == "all" else survival.curves(filters, grouping))
    with right, panel(_("How far it has come")):
        stage_funnel.funnel(funnel.steps(filters), stage_history.stages(filters))
    with panel(_("Organisations")):
        league.league(performance.organisations(filters), CATALOGUE, _("Organisation"), "organisations", 260)
    with panel(_("Topics")):
        league.league(performance.topics(filters), CATALOGUE, _("Topic"), "topics", 260)
    left, right = st.columns(2)
    with left, panel(_("Who is late, by how much they hold")):
        workload_scatter.load(performance.load(filters))
    with right, panel(_("Channels")):
        league.league(performance.channels(filters), CATALOGUE, _("Channel"), "channels", 150)
    expected.panels(lambda kind, name: fair.table(filters, kind, name), FAIR)
    with panel(_("Handed on, returned, extended")):
        stage_funnel.moves(stage_history.moves(filters), stage_history.returned(filters))
    with panel(_("Recurring problems")):
        league.recurring(recurring.cells(filters), CATALOGUE)
    with panel(_("Two side by side")):
        kind = versus.kind()
        options = filter_options.territories(filters) if kind == "territory" else filter_options.organisations(filters)
        if pair := versus.two(options, comparison.usual(filters, kind)):
            versus.table(comparison.both(filters, kind, pair), CATALOGUE, versus.named(options, pair))


pulse(viewer, background.news, head)
board()
