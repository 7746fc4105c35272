"""A process of its own that draws pictures: the converter holds Python's lock, and screens are not to wait for it.

It reads the pictures as JSON and writes the files as JSON, see `pictures.converted`. It imports nothing of ours.
"""

import base64
import json
import re
import sys
from html import escape
from typing import Any

import vl_convert

FONT = "Liberation Sans"  # comes with the converter
PAD, TOP, SCALE = 24, 68, 2.0
HEIGHT = re.compile(r'<svg[^>]*?\bheight="([\d.]+)"')


def main() -> None:
    """Draw what is asked for."""
    json.dump([base64.b64encode(drawn(one)).decode() for one in json.load(sys.stdin)], sys.stdout)


def drawn(picture: dict[str, Any]) -> bytes:
    """One file: its parts below one another, under a head where there is one."""
    svg = stacked([part(one) for one in picture["parts"]], picture)
    if picture["kind"] == "png":
        return bytes(vl_convert.svg_to_png(svg, scale=SCALE))
    return bytes(vl_convert.svg_to_pdf(svg)) if picture["kind"] == "pdf" else svg.encode()


def part(one: dict[str, Any]) -> str:
    """A chart, or what is SVG already."""
    if "svg" in one:
        return str(one["svg"])
    return vl_convert.vegalite_to_svg(
        one["spec"], allowed_base_urls=[], format_locale=one["number"], time_format_locale=one["time"]
    )


def stacked(svgs: list[str], picture: dict[str, Any]) -> str:
    """Several pictures as one. Its colours: ink, muted and paper (None: none)."""
    headed = bool(picture["title"])
    pad, at = (PAD, float(TOP)) if headed else (0, 0.0)
    parts = []
    for svg in svgs:
        parts.append(f'<g transform="translate({pad},{at})">{svg}</g>')
        at += high(svg) + PAD / 2
    across = picture["width"] + 2 * pad
    head, paper = "", ""
    if headed:
        head = (
            f'<g font-family="{FONT}"><text x="{PAD}" y="34" font-size="19" font-weight="600" fill="{picture["ink"]}">'
            f"{escape(picture['title'])}</text>"
            f'<text x="{PAD}" y="54" font-size="12.5" fill="{picture["muted"]}">{escape(picture["about"])}</text></g>'
        )
    if picture["paper"]:
        paper = f'<rect width="100%" height="100%" fill="{picture["paper"]}"/>'
    size = f'width="{across}" height="{at:.0f}" viewBox="0 0 {across} {at:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{paper}{head}{"".join(parts)}</svg>'


def high(svg: str) -> float:
    """How high a picture is. Raises ValueError for one that doesn't say."""
    found = HEIGHT.search(svg)
    if found is None:
        raise ValueError(svg[:80])
    return float(found.group(1))


if __name__ == "__main__":
    main()
