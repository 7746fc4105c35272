"""Charts and maps as pictures in the theme of the viewer, drawn here and not in the browser."""

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st
import vl_convert

from components.locales import vega
from components.map_pictures import map_svg
from components.rows_shown import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from streamlit.proto.Element_pb2 import Element

FONT = "Liberation Sans"  # comes with the converter
WIDTH, PAD, TOP, SCALE = 900, 24, 68, 2.0
HEIGHT = re.compile(r'<svg[^>]*?\bheight="([\d.]+)"')


class Look(NamedTuple):
    """Of a picture: `light` or `dark`, and the language of its numbers."""

    theme: str
    language: str


def colour(name: str, look: Look) -> str:
    """A colour of the theme, as `.streamlit/config.toml` has it."""
    return str(st.get_option(f"theme.{look.theme}.{name}"))


def config(look: Look) -> dict[str, Any]:
    """Vega's settings that look as charts do on the page."""
    ink, muted, line = (colour(name, look) for name in ("textColor", "grayColor", "borderColor"))
    return {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "range": {"category": st.get_option(f"theme.{look.theme}.chartCategoricalColors")},
        "axis": {
            "labelColor": muted,
            "titleColor": muted,
            "gridColor": line,
            "tickColor": line,
            "domainColor": line,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": 400,
            "grid": True,
            "ticks": False,
            "domain": False,
            "labelPadding": 8,
        },
        "axisX": {"grid": False},
        "text": {"color": ink},
        "legend": {"labelColor": ink, "titleColor": ink},
    }


def chart_svg(element: "Element", look: Look, width: int = WIDTH) -> str:
    """One chart as SVG."""
    spec = json.loads(element.vega_lite_chart.spec)
    height = element.height_config.pixel_height or 300
    spec |= {"data": {"values": records(rows_of(element))}, "width": width, "height": height}
    spec |= {"autosize": {"type": "fit", "contains": "padding"}}
    spec["config"] = merged(config(look), spec.get("config", {}))
    locale = vega(look.language)
    return vl_convert.vegalite_to_svg(
        spec, allowed_base_urls=[], format_locale=locale["number"], time_format_locale=locale["time"]
    )


def records(rows: "pd.DataFrame") -> list[dict[str, Any]]:
    """The rows as JSON knows them."""
    found: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", date_format="iso"))
    return found


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Two settings as one; the second one's count."""
    parts = {
        name: merged(under[name], over[name]) for name in under.keys() & over.keys() if isinstance(over[name], dict)
    }
    return under | over | parts


def picture(noted: "Iterable[Element]", title: str, about: str, look: Look) -> str:
    """The charts and maps of a panel below one another, under its title and what they are narrowed to, as SVG."""
    drawn = [
        map_svg(json.loads(element.deck_gl_json_chart.json), look.theme, WIDTH)
        if element.WhichOneof("type") == "deck_gl_json_chart"
        else chart_svg(element, look)
        for element in noted
        if element.WhichOneof("type") != "dataframe"
    ]
    at, parts = float(TOP), []
    for svg in drawn:
        parts.append(f'<g transform="translate({PAD},{at})">{svg}</g>')
        at += high(svg) + PAD / 2
    across = WIDTH + 2 * PAD
    ink, muted, paper = (colour(name, look) for name in ("textColor", "grayColor", "backgroundColor"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{at:.0f}" viewBox="0 0 {across} {at:.0f}">'
        f'<rect width="100%" height="100%" fill="{paper}"/><g font-family="{FONT}">'
        f'<text x="{PAD}" y="34" font-size="19" font-weight="600" fill="{ink}">{escape(title)}</text>'
        f'<text x="{PAD}" y="54" font-size="12.5" fill="{muted}">{escape(about)}</text></g>'
        f"{''.join(parts)}</svg>"
    )


def high(svg: str) -> float:
    """How high a picture is. Raises ValueError for one that doesn't say."""
    found = HEIGHT.search(svg)
    if found is None:
        raise ValueError(svg[:80])
    return float(found.group(1))


def png(svg: str) -> bytes:
    """A picture as PNG, twice as fine as a screen."""
    return bytes(vl_convert.svg_to_png(svg, scale=SCALE))
