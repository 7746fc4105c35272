"""How people rate the answers: what they are satisfied with, what not, and what became of low ratings."""

import streamlit as st

from components.auth import guard
from components.filters.filter_bar import filter_bar, in_words
from components.layout.auto_refresh import part, pulse
from components.layout.panel import guarded, panel, stamp, today
from components.resolution import observed_expected as expected
from components.satisfaction import distinctive_words as telling_words
from components.satisfaction import low_rating_outcomes as low_fates
from components.satisfaction import low_ratings, rating_drilldown, ratings
from components.tiles.kpi_grid import kpis
from otklik.i18n import _
from queries import filter_options
from queries.cache import background, live
from queries.filters import Filters
from queries.metrics.catalogue import FIGURES
from queries.resolution import observed_expected as fair
from queries.satisfaction import distinctive_words as wording
from queries.satisfaction import drilldown
from queries.satisfaction import low_rating_outcomes as fates
from queries.satisfaction import ratings as satisfaction
from queries.satisfaction.by_answer_time import ENDS
from queries.satisfaction.drilldown import Bar

viewer = guard.require("satisfaction")
filters = filter_bar(viewer, filter_options, Filters, today())
FIGURE = FIGURES["satisfaction"]
LEAST = _("Least satisfied first.")


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, background.news)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    with guarded():
        kpis(satisfaction.figures(filters), across=5)
    left, right = st.columns([2, 1])
    with left, panel(_("Satisfaction, and how many rated")):
        ratings.trend(satisfaction.trend(filters), FIGURE, filters.start, filters.end)
    with right, panel(_("Ratings from 5 to 1")):
        ratings.spread(satisfaction.distribution(filters))
    opened("rating")
    left, right = st.columns(2)
    with left, panel(_("By topic")):
        ratings.dots(satisfaction.by(filters, "topic"), FIGURE, _("By topic"), LEAST, "topic")
    with right, panel(_("By organisation")):
        ratings.dots(satisfaction.by(filters, "organisation"), FIGURE, _("By organisation"), LEAST, "organisation")
    left, right = st.columns(2)
    with left, panel(_("By channel")):
        ratings.dots(satisfaction.by(filters, "channel"), FIGURE, _("By channel"), LEAST, "channel")
    with right, panel(_("Does delay cost satisfaction?")):
        ratings.delay(satisfaction.by_delay(filters), FIGURE)
    opened("delay")
    expected.panels(lambda kind, name: fair.table(filters, kind, name), ("satisfaction",))
    left, right = st.columns(2)
    with left, panel(_("What became of low ratings")):
        low_fates.fates(fates.of_low_ratings(filters))
    with right, panel(_("Words that tell bad ratings from good")):
        telling_words.telling(wording.telling(filters))
    opened("fate")
    with panel(_("The answers rated lowest, a click away")):
        low_ratings.low(satisfaction.low(filters))


def opened(bar: Bar) -> None:
    """The answers behind a bar above, if one is chosen there."""
    selected = rating_drilldown.chosen(drilldown.BARS)
    if selected and selected[0] == bar:
        title = rating_drilldown.title(*selected, ENDS)
        with panel(title):
            rating_drilldown.appeals(drilldown.listed(filters, bar, selected[1]), title, drilldown.LISTED)


pulse(viewer, background.news, head)
board()
