"""What the head of the centre looks at in the morning."""

import streamlit as st

from components.auth import guard
from components.export.report_menu import offer
from components.filters.filter_bar import filter_bar, in_words
from components.layout.auto_refresh import part, pulse
from components.layout.panel import guarded, panel, stamp, today
from components.overview import charts, newest
from components.tiles.kpi_tile import kpi_row
from otklik.i18n import _
from otklik.reports import jobs
from queries import filter_options, overview
from queries.cache import background, live
from queries.filters import Filters

viewer = guard.require("overview")
filters = filter_bar(viewer, filter_options, Filters, today())


def head() -> None:
    """As of when, which days, and the report of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))
        offer(jobs.start, filters)


@part(viewer, background.news)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    with guarded():
        kpi_row(overview.figures(filters), unfinished=filters.end > today())
    left, right = st.columns([2, 1])
    with left, panel(_("Received and closed by day")):
        charts.received_closed(overview.daily(filters), filter_options.running(filters, today()))
    with right, panel(_("Today by the hour")):
        charts.hours(overview.hourly(filters))
    left, right = st.columns(2)
    with left, panel(_("Largest topics")):
        charts.ranked(overview.topics(filters), _("Topics"), "topic")
    with right, panel(_("Territories")):
        charts.ranked(overview.territories(filters), _("Territories"), "territory")
    with panel(_("Newest appeals")):
        newest.newest(overview.newest(filters))


pulse(viewer, background.news, head)
board()
