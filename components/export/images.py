"""Charts and maps as pictures, drawn on the server in the theme of the viewer."""

import base64
import json
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from components.charts.vega_locale import vega_locale
from components.export import render_worker
from components.export.map_svg import map_svg
from components.panel_contents import ShownMap, ShownTable
from otklik.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from components.charts.theme import Spec
    from components.panel_contents import ShownContent

THEME_FILE = ROOT / ".streamlit" / "config.toml"
DEFAULT_WIDTH = 900
TIMEOUT_SECONDS = 60  # for all pictures of one call

ImagePart = dict[str, Any]
"""A part of a picture: `svg`, or a Vega-Lite `spec` with the `number` and `time` locale of its texts."""


class ImageStyle(NamedTuple):
    """The theme of a picture (`light` or `dark`), and the language of its numbers and days."""

    theme: str
    language: str


class ImageRequest(NamedTuple):
    """A file (`svg`, `png` or `pdf`) of parts below one another, under a title and the filters in words (`about`)."""

    parts: "Sequence[ImagePart]"
    kind: str
    title: str = ""
    about: str = ""
    width: int = DEFAULT_WIDTH


def render_images(requests: "Iterable[ImageRequest]", style: ImageStyle) -> list[bytes]:
    """The contents of the files, in order. Raises CalledProcessError, TimeoutExpired."""
    colours = {"ink": theme_colour("textColor", style), "muted": theme_colour("grayColor", style)}
    payload = [
        request._asdict() | colours | {"paper": theme_colour("backgroundColor", style) if request.title else None}
        for request in requests
    ]
    # Isolated (-I), so that none of our modules hides one that the worker imports.
    process = subprocess.run(
        [sys.executable, "-I", str(Path(render_worker.__file__))],
        input=json.dumps(payload),
        capture_output=True,
        check=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    return [base64.b64decode(content) for content in json.loads(process.stdout)]


def image_parts(contents: "Iterable[ShownContent]", style: ImageStyle, width: int = DEFAULT_WIDTH) -> list[ImagePart]:
    """The charts and maps of a panel in their order, so many pixels wide; tables are left out."""
    return [
        {"svg": map_svg(json.loads(content.deck.to_json()), style.theme, width)}
        if isinstance(content, ShownMap)
        else chart_part(content.spec, content.rows, content.height, style, width)
        for content in contents
        if not isinstance(content, ShownTable)
    ]


def chart_part(
    spec: "Spec", rows: "pd.DataFrame", height: int, style: ImageStyle, width: int = DEFAULT_WIDTH
) -> ImagePart:
    """A chart of these rows, as high as on the page (in pixels)."""
    full_spec = spec | {"data": {"values": json_records(rows)}, "width": width, "height": height}
    settings = merged_config(vega_config(style), spec.get("config", {}))
    full_spec |= {"autosize": {"type": "fit", "contains": "padding"}, "config": settings}
    return {"spec": full_spec} | vega_locale(style.language)


def json_records(rows: "pd.DataFrame") -> list[dict[str, Any]]:
    """The rows as JSON objects; days and moments by ISO 8601."""
    row_dicts: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", date_format="iso"))
    return row_dicts


@cache
def theme_settings() -> dict[str, dict[str, Any]]:
    """The settings of the themes `light` and `dark`, read from the file, since the console makes reports too."""
    settings: dict[str, Any] = tomllib.loads(THEME_FILE.read_text(encoding="utf-8"))
    return {name: settings["theme"][name] for name in ("light", "dark")}


def theme_colour(name: str, style: ImageStyle) -> str:
    """A colour of the style's theme by its name in config.toml."""
    return str(theme_settings()[style.theme][name])


def vega_config(style: ImageStyle) -> "Spec":
    """The Vega config with which charts look as on the page."""
    ink, muted, line = (theme_colour(name, style) for name in ("textColor", "grayColor", "borderColor"))
    return {
        "font": render_worker.FONT,
        "view": {"stroke": None},
        "range": {"category": theme_settings()[style.theme]["chartCategoricalColors"]},
        "axis": {
            "labelColor": muted,
            "titleColor": muted,
            "gridColor": line,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": 400,
            "ticks": False,
            "domain": False,
            "labelPadding": 8,
        },
        "axisX": {"grid": False},
        "text": {"color": ink},
        "legend": {"labelColor": ink, "titleColor": ink},
    }


def merged_config(base: "Spec", overrides: "Spec") -> "Spec":
    """Two nested configs as one; where both have a value, that of `overrides`."""
    shared_keys = base.keys() & overrides.keys()
    nested = {
        name: merged_config(base[name], overrides[name]) for name in shared_keys if isinstance(overrides[name], dict)
    }
    return base | overrides | nested
