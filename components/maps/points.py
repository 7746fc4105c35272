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
        which = switch("points", _("Show"), {"open": _("Open now"), "received": _("Received in the period")})
        form = switch("form", _("As"), {name: _(word) for name, word in FORMS.items()})
    return "received" if which == "received" else "open", form


def spots(rows: pd.DataFrame, ground: tuple[str, ...], most: int, key: str, form: str) -> None:
    """Points, each of which opens its appeal, or hexagons of many (`form`: a key of `FORMS`).

    `rows`: queries.regions.points (number, lon, lat, state, topic); `ground`: the regions they lie in.
    """
    if rows.empty:
        empty(_("No appeal here has a point."))
        return
    look = styling.theme()
    there = [name for name in STATES if rows["state"].eq(name).any()]
    told = [f"{_(STATES[name][0])} ({formats.number(int(rows['state'].eq(name).sum()))})" for name in there]
    if form == "points":
        told = [f":{STATES[name][2]}[●] {said}" for name, said in zip(there, told, strict=True)]
    said = ("&nbsp; " if form == "points" else " · ").join(told)
    if len(rows) >= most:
        said += (
            " &nbsp;:gray["
            + _("Only the first {n} are drawn: narrow the filters.").format(n=formats.number(most))
            + "]"
        )
    st.markdown(said)
    wide = width(f"{key}-width")
    n = len(rows)
    alt = ngettext("{n} appeal as a point", "{n} appeals as points", n).format(n=formats.number(n))
    of, meant = drawn(rows, ground, look, wide, form)
    if form == "hexagons":
        st.caption(_("Appeals in a hexagon, overdue or not:"))
        legend(list(meant))
        st.pydeck_chart(of, key=key, height=HEIGHT, alt=alt)
        return

    def act(selection: dict[str, Any]) -> bool:
        clicked = selection["objects"].get("spots", [])
        for one in clicked[:1]:
            navigation.ask(str(one["number"]))
        return bool(clicked)

    st.pydeck_chart(of, **once(key, act), height=HEIGHT, alt=alt, selection_mode="single-object")


@st.cache_resource(max_entries=50, show_spinner=False)
def drawn(
    rows: pd.DataFrame, ground: tuple[str, ...], look: str, wide: int, form: str
) -> tuple[pdk.Deck, tuple[Entry, ...]]:
    """The deck of the points or hexagons, and what the colours of hexagons mean."""
    known = tuple(code for code in ground if code in boundaries())
    middle = (float(rows["lon"].median()), float(rows["lat"].median()))
    ordered = rows.assign(rank=rows["state"].map(ORDER.index)).sort_values("rank", kind="stable")
    data: list[dict[str, Any]] = [
        {
            "at": albers(row["lon"], row["lat"]) if known else flat(row["lon"], row["lat"], middle),
            "fill": rgb(STATES[row["state"]][1][look]),
            "number": row["number"],
            "tip": f"{row['number']}\n{row['topic']}\n{_(STATES[row['state']][0])}",
        }
        for row in ordered.to_dict("records")
    ]
    base = [ground_layer(known, look)] if known else []
    sight = [point for code in known for point in outline(code)] or inner([one["at"] for one in data])
    if form == "hexagons":
        left, _top, right, _bottom = box(sight)
        held, meant = hexagon_layer([one["at"] for one in data], list(ordered["state"]), right - left, look)
        return territory_map.deck([*base, held], sight, wide, HEIGHT, look), meant
    dots = pdk.Layer(
        "ScatterplotLayer",
        data,
        id="spots",
        pickable=True,
        get_position="at",
        get_fill_color="fill",
        opacity=0.75,
        radius_units=pdk.types.String("pixels"),
        get_radius=3.5 if len(data) < CROWD else 2.2,
        stroked=True,
        get_line_color=[*rgb(INK[look]), 90],
        line_width_units=pdk.types.String("pixels"),
        get_line_width=0.5,
    )
    return territory_map.deck([*base, dots], sight, wide, HEIGHT, look), ()


def inner(points: list[Point]) -> list[Point]:
    """The corners that hold all but the outermost of the points: one that lies far off must not make the rest a dot."""
    found = pd.DataFrame(points, columns=["x", "y"])
    low, high = found.quantile(0.001), found.quantile(0.999)
    spare = (high - low).max() * MARGIN + 1e-3
    return [(low["x"] - spare, low["y"] - spare), (high["x"] + spare, high["y"] + spare)]
