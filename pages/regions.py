"""Where it is bad: the territories on a map and in a list, from the country down to an organisation's appeals."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from components import access, drill, opening, place_charts, places, spots
from components.atlas import atlas
from components.filters import filter_bar, in_words
from components.league_clicked import table
from components.live import panel, stamp, today
from components.pulse import part, pulse
from components.report_offer import offer
from components.words import _
from queries import choices, later, live, points, regions
from queries.figures import CATALOGUE
from queries.filters import Filters
from reports import making

viewer = access.require("regions")
filters = filter_bar(viewer, choices, Filters, today())
here = replace(filters, territory=regions.opened(filters))
tomorrow = choices.running(here, today()) + timedelta(days=1)
week = replace(here, start=tomorrow - timedelta(days=7), end=tomorrow, compare="previous")
with places.bar():
    places.breadcrumb(choices.territories(filters), here.territory, choices.named(filters, "organisation"))
    shown = {name: CATALOGUE[name] for name in regions.SHOWN}
    compared = filters.compared() is not None
    figure, show, level = places.controls(shown, levels=regions.has_districts(here), compared=compared)


def head() -> None:
    """As of when, which days, and the report of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))
        offer(making.start, filters)


@part(viewer, later.news)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    opening.opened()
    ground = regions.ground(here)
    if regions.has_parts(here):
        parts(ground)
    if len(ground) == 1:
        appeals(ground)


def parts(ground: tuple[str, ...]) -> None:
    """What lies below the chosen territory."""
    with panel(places.title(CATALOGUE[figure], show)):
        rows = regions.coloured(week if show == "week" else here, level, figure)
        atlas(rows, ground, CATALOGUE[figure], change=show != "value", key=f"{here.territory}-{level}")
    left, right = st.columns(2)
    with left, panel(_("Open appeals by territory")):
        place_charts.standing(regions.territories(here, level))
    with right, panel(_("Open day by day where most are overdue")):
        place_charts.by_day(regions.open_by_day(here, level))
    with panel(_("Territories in figures")):
        table(regions.table(here, level), CATALOGUE, _("Territory"), "parts", 160, places.go)


def appeals(ground: tuple[str, ...]) -> None:
    """Who holds appeals in a region or municipality, and which they are."""
    left, right = st.columns(2)
    with left, panel(_("Appeals as points")):
        which, form = spots.switches()
        found = points.received(here) if which == "received" else points.waiting(here)
        spots.spots(found, ground, points.MOST, f"spots-{which}-{form}", form)
    with right, panel(_("Organisations")):
        drill.holders(regions.holders(here), f"holders-{here.territory}-{here.organisation}")
    with panel(_("Appeals")):
        drill.appeals(points.listed(here, which), f"appeals-{which}-{here.territory}-{here.organisation}")


pulse(viewer, later.news, head)
board()
