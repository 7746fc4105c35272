"""Where it is bad: the territories on a map, in a list and in a table, from the country down to an organisation."""

from dataclasses import replace

import streamlit as st

from components import access, leagues, place_charts, places, spots
from components.atlas import atlas
from components.filters import filter_bar, in_words
from components.live import LIVE, panel, stamp, today, turn_of_day
from components.words import _
from queries import choices, live, points, regions, resolution
from queries.figures import CATALOGUE
from queries.filters import Filters

viewer = access.require("regions")
filters = filter_bar(viewer, choices, Filters, today())
here = replace(filters, territory=regions.opened(filters))
figures = {name: CATALOGUE[name] for name in regions.SHOWN}
with places.bar():
    places.breadcrumb(choices.territories(filters), here.territory)
    compared = filters.compared() is not None
    figure, change, level = places.controls(figures, levels=regions.has_districts(here), compared=compared)


@st.fragment(run_every=LIVE)
def board() -> None:
    """Everything below the filters, anew whenever the data have changed."""
    access.enter(viewer)
    places.arrived()
    turn_of_day()
    stamp(live.as_of(), away=live.away(), demo=live.is_demo(), days=in_words(filters))
    ground = regions.ground(here)
    if regions.has_parts(here):
        parts(ground)
    if len(ground) == 1:
        left, right = st.columns(2)
        with left, panel(_("Appeals as points")):
            which = places.switch("points", _("Show"), {"open": _("Open now"), "received": _("Received in the period")})
            found = points.received(here) if which == "received" else points.waiting(here)
            spots.spots(found, ground, points.MOST, f"points-{which}")
        with right, panel(_("Organisations")):
            leagues.league(resolution.organisations(here), CATALOGUE, _("Organisation"), "holders", 260)


def parts(ground: tuple[str, ...]) -> None:
    """What lies below the chosen territory."""
    with panel(places.title(CATALOGUE[figure], change=change)):
        rows = regions.coloured(here, level, figure)
        atlas(rows, ground, CATALOGUE[figure], change=change, key=f"{here.territory}-{level}")
    left, right = st.columns(2)
    with left, panel(_("Open appeals by territory")):
        place_charts.standing(regions.territories(here, level))
    with right, panel(_("Open day by day where most are overdue")):
        place_charts.by_day(regions.open_by_day(here, level))
    with panel(_("Territories in figures")):
        leagues.league(regions.table(here, level), CATALOGUE, _("Territory"), "parts", 200)


board()
