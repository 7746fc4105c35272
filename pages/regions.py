"""Where it is bad: the territories on a map and in a list, from the country down to an organisation's appeals."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from components.appeal import navigation
from components.auth import guard
from components.export.report_menu import offer
from components.filters import territory
from components.filters.filter_bar import filter_bar, in_words
from components.layout.auto_refresh import part, pulse
from components.layout.panel import panel, stamp, today
from components.maps import points as spots
from components.maps.panel import atlas
from components.regions import charts, drilldown
from components.tables.league_selectable import table
from otklik.i18n import _
from otklik.reports import jobs
from queries import filter_options
from queries.cache import background, live
from queries.filters import Filters
from queries.metrics.catalogue import CATALOGUE
from queries.regions import points, territories

viewer = guard.require("regions")
filters = filter_bar(viewer, filter_options, Filters, today())
here = replace(filters, territory=territories.opened(filters))
tomorrow = filter_options.running(here, today()) + timedelta(days=1)
week = replace(here, start=tomorrow - timedelta(days=7), end=tomorrow, compare="previous")
with territory.bar():
    territory.breadcrumb(
        filter_options.territories(filters), here.territory, filter_options.named(filters, "organisation")
    )
    shown = {name: CATALOGUE[name] for name in territories.SHOWN}
    compared = filters.compared() is not None
    figure, show, level = territory.controls(shown, levels=territories.has_districts(here), compared=compared)


def head() -> None:
    """As of when, which days, and the report of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))
        offer(jobs.start, filters)


@part(viewer, background.news)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    navigation.opened()
    region_codes = territories.ground(here)
    if territories.has_parts(here):
        parts(region_codes)
    if len(region_codes) == 1:
        appeals(region_codes)


def parts(region_codes: tuple[str, ...]) -> None:
    """What lies below the chosen territory."""
    with panel(territory.title(CATALOGUE[figure], show)):
        rows = territories.coloured(week if show == "week" else here, level, figure)
        atlas(rows, region_codes, CATALOGUE[figure], change=show != "value", key=f"{here.territory}-{level}")
    left, right = st.columns(2)
    with left, panel(_("Open appeals by territory")):
        charts.standing(territories.territories(here, level))
    with right, panel(_("Open day by day where most are overdue")):
        charts.by_day(territories.open_by_day(here, level))
    with panel(_("Territories in figures")):
        table(territories.table(here, level), CATALOGUE, _("Territory"), "parts", 160, territory.go)


def appeals(region_codes: tuple[str, ...]) -> None:
    """Who holds appeals in a region or municipality, and which they are."""
    left, right = st.columns(2)
    with left, panel(_("Appeals as points")):
        point_set, point_style = spots.switches()
        point_rows = points.received(here) if point_set == "received" else points.waiting(here)
        spots.spots(point_rows, region_codes, points.MOST, f"spots-{point_set}-{point_style}", point_style)
    with right, panel(_("Organisations")):
        drilldown.holders(territories.holders(here), f"holders-{here.territory}-{here.organisation}")
    with panel(_("Appeals")):
        drilldown.appeals(points.listed(here, point_set), f"appeals-{point_set}-{here.territory}-{here.organisation}")


pulse(viewer, background.news, head)
board()
