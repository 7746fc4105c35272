"""How far the figures can be trusted: what was recorded in a way that work is seldom done in, by whom and where."""

import streamlit as st

from components.auth import guard
from components.filters import territory
from components.filters.filter_bar import filter_bar, in_words
from components.layout.auto_refresh import part, pulse
from components.layout.panel import guarded, panel, stamp, today
from components.quality import data_quality
from components.tables.league_selectable import table
from otklik.i18n import _
from queries import filter_options
from queries.cache import background, live
from queries.filters import Filters
from queries.metrics.data_quality import DOUBTS
from queries.quality import issues

viewer = guard.require("quality")
filters = filter_bar(viewer, filter_options, Filters, today())


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, background.news)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    st.caption(_("A high share is a reason to look, not a verdict. Counted anew every ten minutes."))
    with guarded():
        metric_values = issues.figures(filters)
        metric_id = data_quality.chosen(metric_values)
        data_quality.tiles(metric_values, metric_id)
        with panel(data_quality.title(DOUBTS[metric_id])):
            data_quality.appeals(issues.listed(filters, metric_id), DOUBTS[metric_id], issues.LISTED)
    with panel(_("Doubts by organisation")):
        table(issues.by(filters, "organisation"), issues.SHOWN, _("Organisation"), "organisations", 215, territory.hold)
    with panel(_("Doubts by region")):
        table(issues.by(filters, "region"), issues.SHOWN, _("Region"), "regions", 215, territory.go)


pulse(viewer, background.news, head)
board()
