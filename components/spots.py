"""Appeals as points on the ground of their region, or on nothing where it has no boundaries."""

from typing import Any

import pandas as pd
import pydeck as pdk
import streamlit as st

from components import maps, measures, units
from components.classes import rgb
from components.layers import INK, ground_layer, outline
from components.live import empty
from components.shapes import Point, albers, boundaries, flat
from components.width import width
from components.words import N_, _, ngettext

# State, colour in light and dark, and the same colour of Streamlit's words.
STATES = {
    "overdue": (N_("overdue"), {"light": "#B42318", "dark": "#FF8A80"}, "red"),
    "open": (N_("open"), {"light": "#1F5FBF", "dark": "#6AA9FF"}, "blue"),
    "closed": (N_("closed"), {"light": "#7C8796", "dark": "#8A97A8"}, "gray"),
}
# Overdue ones lie on top.
ORDER = ("closed", "open", "overdue")
HEIGHT = 420


def spots(rows: pd.DataFrame, ground: tuple[str, ...], most: int, key: str) -> None:
    """`rows`: queries.points (number, lon, lat, state, topic); `ground`: the regions they lie in."""
    if rows.empty:
        empty(_("No appeal here has a point."))
        return
    look = measures.theme()
    there = [name for name in STATES if rows["state"].eq(name).any()]
    said = "&nbsp; ".join(
        f":{STATES[name][2]}[●] {_(STATES[name][0])} ({units.number(int(rows['state'].eq(name).sum()))})"
        for name in there
    )
    if len(rows) >= most:
        said += (
            " &nbsp;:gray[" + _("Only the first {n} are drawn: narrow the filters.").format(n=units.number(most)) + "]"
        )
    st.markdown(said)
    wide = width(f"{key}-width")
    n = len(rows)
    alt = ngettext("{n} appeal as a point", "{n} appeals as points", n).format(n=units.number(n))
    st.pydeck_chart(drawn(rows, ground, look, wide), key=key, height=HEIGHT, alt=alt)


@st.cache_resource(max_entries=50, show_spinner=False)
def drawn(rows: pd.DataFrame, ground: tuple[str, ...], look: str, wide: int) -> pdk.Deck:
    """The deck of the points."""
    known = tuple(code for code in ground if code in boundaries())
    middle = (float(rows["lon"].median()), float(rows["lat"].median()))
    ordered = rows.assign(rank=rows["state"].map(ORDER.index)).sort_values("rank", kind="stable")
    data: list[dict[str, Any]] = [
        {
            "at": albers(row["lon"], row["lat"]) if known else flat(row["lon"], row["lat"], middle),
            "fill": rgb(STATES[row["state"]][1][look]),
            "tip": f"{row['number']}\n{row['topic']}\n{_(STATES[row['state']][0])}",
        }
        for row in ordered.to_dict("records")
    ]
    dots = pdk.Layer(
        "ScatterplotLayer",
        data,
        id="spots",
        pickable=True,
        get_position="at",
        get_fill_color="fill",
        opacity=0.75,
        radius_units=pdk.types.String("pixels"),
        get_radius=3.5,
        stroked=True,
        get_line_color=[*rgb(INK[look]), 90],
        line_width_units=pdk.types.String("pixels"),
        get_line_width=0.5,
    )
    base = [ground_layer(known, look)] if known else []
    sight = [point for code in known for point in outline(code)] or inner([one["at"] for one in data])
    return maps.deck([*base, dots], sight, wide, HEIGHT, look)


def inner(points: list[Point]) -> list[Point]:
    """The corners that hold all but the outermost of the points: one that lies far off must not make the rest a dot."""
    found = pd.DataFrame(points, columns=["x", "y"])
    low, high = found.quantile(0.005), found.quantile(0.995)
    spare = 1e-3
    return [(low["x"] - spare, low["y"] - spare), (high["x"] + spare, high["y"] + spare)]
