"""Charts and maps as pictures in the theme of the viewer, drawn here and not in the browser."""

import base64
import json
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from components.charts.vega_locale import vega
from components.export import render_worker
from components.export.map_svg import map_svg
from components.export.panel_rows import rows_of
from otklik.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from streamlit.proto.Element_pb2 import Element

    from components.charts.theme import Spec

THEMES = ROOT / ".streamlit" / "config.toml"
WIDTH = 900
SECONDS = 60  # after which a picture is given up

Part = dict[str, Any]
"""A part of a picture: `svg`, or `spec` with the locale of its numbers and days."""


class Look(NamedTuple):
    """Of a picture: `light` or `dark`, and the language of its numbers."""

    theme: str
    language: str


class Picture(NamedTuple):
    """Parts below one another as a file of a kind (`svg`, `png` or `pdf`); a title and what it is narrowed to."""

    parts: "Sequence[Part]"
    kind: str
    title: str = ""
    about: str = ""
    width: int = WIDTH


def converted(pictures: "Iterable[Picture]", look: Look) -> list[bytes]:
    """The pictures as files. Raises CalledProcessError, TimeoutExpired."""
    inks = {"ink": colour("textColor", look), "muted": colour("grayColor", look)}
    asked = [
        one._asdict() | inks | {"paper": colour("backgroundColor", look) if one.title else None} for one in pictures
    ]
    # Isolated: of our own modules none is in its way.
    done = subprocess.run(
        [sys.executable, "-I", str(Path(render_worker.__file__))],
        input=json.dumps(asked),
        capture_output=True,
        check=True,
        text=True,
        timeout=SECONDS,
    )
    return [base64.b64decode(one) for one in json.loads(done.stdout)]


def parts(noted: "Iterable[Element]", look: Look, width: int = WIDTH) -> list[Part]:
    """The charts and maps among some elements."""
    return [
        {"svg": map_svg(json.loads(element.deck_gl_json_chart.json), look.theme, width)}
        if element.WhichOneof("type") == "deck_gl_json_chart"
        else chart(
            json.loads(element.vega_lite_chart.spec), rows_of(element), element.height_config.pixel_height, look, width
        )
        for element in noted
        if element.WhichOneof("type") != "dataframe"
    ]


def chart(spec: "Spec", rows: "pd.DataFrame", height: int, look: Look, width: int = WIDTH) -> Part:
    """A chart of some rows, as high as on the page."""
    whole = spec | {"data": {"values": records(rows)}, "width": width, "height": height or 300}
    settings = merged(config(look), spec.get("config", {}))
    whole |= {"autosize": {"type": "fit", "contains": "padding"}, "config": settings}
    return {"spec": whole} | vega(look.language)


def records(rows: "pd.DataFrame") -> list[dict[str, Any]]:
    """The rows as JSON knows them."""
    found: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", date_format="iso"))
    return found


@cache
def themes() -> dict[str, dict[str, Any]]:
    """The colours of `light` and `dark`, also where no page is served: a report from the console looks the same."""
    settings: dict[str, Any] = tomllib.loads(THEMES.read_text(encoding="utf-8"))
    return {name: settings["theme"][name] for name in ("light", "dark")}


def colour(name: str, look: Look) -> str:
    """A colour of the theme."""
    return str(themes()[look.theme][name])


def config(look: Look) -> "Spec":
    """Vega's settings that look as charts do on the page."""
    ink, muted, line = (colour(name, look) for name in ("textColor", "grayColor", "borderColor"))
    return {
        "font": render_worker.FONT,
        "view": {"stroke": None},
        "range": {"category": themes()[look.theme]["chartCategoricalColors"]},
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


def merged(under: "Spec", over: "Spec") -> "Spec":
    """Two settings as one; the second one's count."""
    both = under.keys() & over.keys()
    inner = {name: merged(under[name], over[name]) for name in both if isinstance(over[name], dict)}
    return under | over | inner
