"""The map with its legend, and the list beside it that does all the map does."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.filters.territory import go, switch
from components.layout.container_width import width
from components.layout.panel import empty
from components.maps import styling, territory_map
from components.maps.legend import entries, legend
from components.maps.territory_list import ranking
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from queries.metrics.metric import Figure

DRAWN = ["code", "name", "regions", "lon", "lat", "received", "fill", "text", "tip"]
FORMS = {"flat": N_("Flat"), "risen": N_("Height: received")}
LOW, HIGH = 380, 620


def atlas(rows: pd.DataFrame, ground: tuple[str, ...], figure: "Figure", *, change: bool, key: str) -> None:
    """Territories by a figure or its change; a click on one, or on its row, opens it.

    `rows`: queries.regions.territories.coloured. `ground`: the regions that circles of municipalities stand on.
    """
    if rows.empty:
        empty(_("This territory has no parts."))
        return
    look = styling.theme()
    drawn, found = styling.coloured(rows, figure, change=change, look=look)
    # What a wide screen has room for beside the list.
    left, right = st.columns([2.05, 1])
    with left:
        form = switch("map", _("Map"), {name: _(word) for name, word in FORMS.items()})
        said = entries(drawn, found, figure, change=change, look=look)
        legend(said)
        wide = width("map-width")
        high = min(max(round(wide * 0.56), LOW), HIGH)
        ordered = drawn.sort_values("received", ascending=False)[DRAWN].reset_index(drop=True)
        deck = territory_map.drawn(ordered, ground, look, wide, high, risen=form == "risen")
        territory_map.territory_map(deck, f"map-{key}-{form}", high, finding(drawn, figure), go)
    with right:
        head = _("Change") if change else _(figure.name)
        ranking(drawn, (_("Territory"), head), f"list-{key}", high + 40, go)


def finding(drawn: pd.DataFrame, figure: "Figure") -> str:
    """What the map says: the highest and the lowest that are sure."""
    name = _(figure.name)
    sure = drawn[drawn["sure"]]
    if sure.empty:
        return _("{figure} by territory: nothing that is sure").format(figure=name)
    values = sure["measure"].to_numpy()
    high, low = sure.iloc[int(values.argmax())], sure.iloc[int(values.argmin())]
    said = _("{figure} in {n} territories: from {low} ({least}) to {high} ({most})")
    return said.format(
        figure=name,
        n=formats.number(len(sure)),
        low=low["text"],
        least=low["name"],
        high=high["text"],
        most=high["name"],
    )
