"""How people rate the answers: what they are satisfied with, what not, and what became of low ratings."""

import streamlit as st

from components import access, answers_opened, expected, low_fates, low_ratings, ratings, telling_words
from components.filters import filter_bar, in_words
from components.kpis import kpis
from components.live import guarded, panel, stamp, today
from components.pulse import part, pulse
from components.words import _
from queries import answered, choices, fair, fates, later, live, satisfaction, wording
from queries.answered import Bar
from queries.figures import FIGURES
from queries.filters import Filters
from queries.waits import ENDS

viewer = access.require("satisfaction")
filters = filter_bar(viewer, choices, Filters, today())
FIGURE = FIGURES["satisfaction"]
LEAST = _("Least satisfied first.")


def head() -> None:
    """As of when, and which days."""
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))


@part(viewer, later.news)
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
    chosen = answers_opened.chosen(answered.BARS)
    if chosen and chosen[0] == bar:
        title = answers_opened.title(*chosen, ENDS)
        with panel(title):
            answers_opened.appeals(answered.listed(filters, bar, chosen[1]), title, answered.LISTED)


pulse(viewer, later.news, head)
board()
