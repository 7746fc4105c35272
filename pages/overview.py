"""What the head of the centre looks at in the morning."""

import streamlit as st

from components import access, charts, tables
from components.figures import kpi_row
from components.filters import filter_bar, in_words
from components.live import guarded, panel, stamp, today
from components.pulse import part, pulse
from components.report_offer import offer
from components.words import _
from queries import choices, later, live, overview
from queries.filters import Filters
from reports import making

viewer = access.require("overview")
filters = filter_bar(viewer, choices, Filters, today())


def head() -> None:
    """As of when, which days, and the report of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))
        offer(making.start, filters)


@part(viewer, later.news)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    with guarded():
        kpi_row(overview.figures(filters), unfinished=filters.end > today())
    left, right = st.columns([2, 1])
    with left, panel(_("Received and closed by day")):
        charts.received_closed(overview.daily(filters), choices.running(filters, today()))
    with right, panel(_("Today by the hour")):
        charts.hours(overview.hourly(filters))
    left, right = st.columns(2)
    with left, panel(_("Largest topics")):
        charts.ranked(overview.topics(filters), _("Topics"), "topic")
    with right, panel(_("Territories")):
        charts.ranked(overview.territories(filters), _("Territories"), "territory")
    with panel(_("Newest appeals")):
        tables.newest(overview.newest(filters))


pulse(viewer, later.news, head)
board()
