"""A process that draws pictures: vl-convert holds Python's global lock, for which pages would have to wait.

Reads requests and writes base64 files as JSON, see `components.export.images.render_images`. Imports no module of ours.
"""

import base64
import json
import re
import sys
from html import escape
from pathlib import Path
from typing import Any

import vl_convert
from noto_cjk_sans_jp_regular import FONT_PATH

FONT = "Liberation Sans"  # comes with vl-convert
PADDING, TITLE_HEIGHT, PNG_SCALE = 24, 68, 2.0
HEIGHT_PATTERN = re.compile(r'<svg[^>]*?\bheight="([\d.]+)"')


def main() -> None:
    """Draw the pictures that standard input asks for."""
    vl_convert.register_font_directory(str(Path(str(FONT_PATH)).parent))  # for Chinese, Japanese and Korean
    json.dump([base64.b64encode(render_image(request)).decode() for request in json.load(sys.stdin)], sys.stdout)


def render_image(request: dict[str, Any]) -> bytes:
    """One file: its parts below one another, under a title if there is one."""
    svg = stacked_svg([part_svg(image_part) for image_part in request["parts"]], request)
    if request["kind"] == "png":
        return bytes(vl_convert.svg_to_png(svg, scale=PNG_SCALE))
    return bytes(vl_convert.svg_to_pdf(svg)) if request["kind"] == "pdf" else svg.encode()


def part_svg(image_part: dict[str, Any]) -> str:
    """A part as SVG: a chart is drawn, a map is SVG already."""
    if "svg" in image_part:
        return str(image_part["svg"])
    return vl_convert.vegalite_to_svg(
        image_part["spec"],
        allowed_base_urls=[],
        format_locale=image_part["number"],
        time_format_locale=image_part["time"],
    )


def stacked_svg(svgs: list[str], request: dict[str, Any]) -> str:
    """Pictures below one another as one, in the request's colours: ink, muted and paper (None: transparent)."""
    has_title = bool(request["title"])
    side_padding, offset = (PADDING, float(TITLE_HEIGHT)) if has_title else (0, 0.0)
    groups = []
    for svg in svgs:
        groups.append(f'<g transform="translate({side_padding},{offset})">{svg}</g>')
        offset += svg_height(svg) + PADDING / 2
    total_width = request["width"] + 2 * side_padding
    title_svg, background_svg = "", ""
    if has_title:
        title_svg = (
            f'<g font-family="{FONT}">'
            f'<text x="{PADDING}" y="34" font-size="19" font-weight="600" fill="{request["ink"]}">'
            f"{escape(request['title'])}</text>"
            f'<text x="{PADDING}" y="54" font-size="12.5" fill="{request["muted"]}">'
            f"{escape(request['about'])}</text></g>"
        )
    if request["paper"]:
        background_svg = f'<rect width="100%" height="100%" fill="{request["paper"]}"/>'
    size = f'width="{total_width}" height="{offset:.0f}" viewBox="0 0 {total_width} {offset:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{background_svg}{title_svg}{"".join(groups)}</svg>'


def svg_height(svg: str) -> float:
    """The height of a picture in pixels. Raises ValueError if it states none."""
    match = HEIGHT_PATTERN.search(svg)
    if match is None:
        raise ValueError(svg[:80])
    return float(match.group(1))


if __name__ == "__main__":
    main()
