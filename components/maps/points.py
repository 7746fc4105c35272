"""Appeals as points on the ground of their region, or on nothing where it has no boundaries."""

from typing import Any, Literal

import pandas as pd
import pydeck as pdk
import streamlit as st

from components.appeal import navigation
from components.filters.territory import switch
from components.layout.container_width import width
from components.layout.panel import empty
from components.maps import styling, territory_map
from components.maps.classification import rgb
from components.maps.geometry import Point, albers, boundaries, box, flat
from components.maps.hexbin import hexagon_layer
from components.maps.layers import INK, ground_layer, outline
from components.maps.legend import Entry, legend
from components.tables.selection import once
from otklik.i18n import N_, _, formats, ngettext

# State, colour in light and dark, and the same colour of Streamlit's words.
STATES = {
    "overdue": (N_("overdue"), {"light": "#B42318", "dark": "#FF8A80"}, "red"),
    "open": (N_("open"), {"light": "#1F5FBF", "dark": "#6AA9FF"}, "blue"),
    "closed": (N_("closed"), {"light": "#7C8796", "dark": "#8A97A8"}, "gray"),
}
# Overdue ones lie on top.
ORDER = ("closed", "open", "overdue")
HEIGHT = 420
MARGIN = 0.03  # of what is in sight
CROWD = 1500  # points, from which they are smaller

FORMS = {"points": N_("Points"), "hexagons": N_("Hexagons")}


def switches() -> tuple[Literal["open", "received"], str]:
    """Which appeals are shown (`open` or `received`), and as what (a key of `FORMS`)."""
    with st.container(horizontal=True, gap="small"):
        appeal_set = switch("points", _("Show"), {"open": _("Open now"), "received": _("Received in the period")})
        form = switch("form", _("As"), {name: _(label) for name, label in FORMS.items()})
    return "received" if appeal_set == "received" else "open", form


def spots(rows: pd.DataFrame, background_regions: tuple[str, ...], max_points: int, key: str, form: str) -> None:
    """Points, each of which opens its appeal, or hexagons of many (`form`: a key of `FORMS`).

    `rows`: queries.regions.points (number, lon, lat, state, topic); `ground`: the regions they lie in.
    """
    if rows.empty:
        empty(_("No appeal here has a point."))
        return
    theme = styling.theme()
    states = [state for state in STATES if rows["state"].eq(state).any()]
    state_labels = [f"{_(STATES[state][0])} ({formats.number(int(rows['state'].eq(state).sum()))})" for state in states]
    if form == "points":
        state_labels = [f":{STATES[state][2]}[●] {text}" for state, text in zip(states, state_labels, strict=True)]
    text = ("&nbsp; " if form == "points" else " · ").join(state_labels)
    if len(rows) >= max_points:
        text += (
            " &nbsp;:gray["
            + _("Only the first {n} are drawn: narrow the filters.").format(n=formats.number(max_points))
            + "]"
        )
    st.markdown(text)
    map_width = width(f"{key}-width")
    n = len(rows)
    alt_text = ngettext("{n} appeal as a point", "{n} appeals as points", n).format(n=formats.number(n))
    deck, legend_items = drawn(rows, background_regions, theme, map_width, form)
    if form == "hexagons":
        st.caption(_("Appeals in a hexagon, overdue or not:"))
        legend(list(legend_items))
        st.pydeck_chart(deck, key=key, height=HEIGHT, alt=alt_text)
        return

    def open_clicked(selection: dict[str, Any]) -> bool:
        clicked = selection["objects"].get("spots", [])
        for point in clicked[:1]:
            navigation.ask(str(point["number"]))
        return bool(clicked)

    st.pydeck_chart(deck, **once(key, open_clicked), height=HEIGHT, alt=alt_text, selection_mode="single-object")


@st.cache_resource(max_entries=50, show_spinner=False)
def drawn(
    rows: pd.DataFrame, background_regions: tuple[str, ...], theme: str, map_width: int, form: str
) -> tuple[pdk.Deck, tuple[Entry, ...]]:
    """The deck of the points or hexagons, and what the colours of hexagons mean."""
    drawable_regions = tuple(code for code in background_regions if code in boundaries())
    centre = (float(rows["lon"].median()), float(rows["lat"].median()))
    ordered_rows = rows.assign(rank=rows["state"].map(ORDER.index)).sort_values("rank", kind="stable")
    points: list[dict[str, Any]] = [
        {
            "at": albers(row["lon"], row["lat"]) if drawable_regions else flat(row["lon"], row["lat"], centre),
            "fill": rgb(STATES[row["state"]][1][theme]),
            "number": row["number"],
            "tip": f"{row['number']}\n{row['topic']}\n{_(STATES[row['state']][0])}",
        }
        for row in ordered_rows.to_dict("records")
    ]
    base_layers = [ground_layer(drawable_regions, theme)] if drawable_regions else []
    viewport_points = [point for code in drawable_regions for point in outline(code)] or inner(
        [record["at"] for record in points]
    )
    if form == "hexagons":
        left, _top, right, _bottom = box(viewport_points)
        hexagons, legend_items = hexagon_layer(
            [record["at"] for record in points], list(ordered_rows["state"]), right - left, theme
        )
        return territory_map.deck([*base_layers, hexagons], viewport_points, map_width, HEIGHT, theme), legend_items
    point_layer = pdk.Layer(
        "ScatterplotLayer",
        points,
        id="spots",
        pickable=True,
        get_position="at",
        get_fill_color="fill",
        opacity=0.75,
        radius_units=pdk.types.String("pixels"),
        get_radius=3.5 if len(points) < CROWD else 2.2,
        stroked=True,
        get_line_color=[*rgb(INK[theme]), 90],
        line_width_units=pdk.types.String("pixels"),
        get_line_width=0.5,
    )
    return territory_map.deck([*base_layers, point_layer], viewport_points, map_width, HEIGHT, theme), ()


def inner(points: list[Point]) -> list[Point]:
    """The corners that hold all but the outermost of the points: one that lies far off must not make the rest a dot."""
    frame = pd.DataFrame(points, columns=["x", "y"])
    low, high = frame.quantile(0.001), frame.quantile(0.999)
    margin = (high - low).max() * MARGIN + 1e-3
    return [(low["x"] - margin, low["y"] - margin), (high["x"] + margin, high["y"] + margin)]
