"""A line of colour swatches with their labels."""

from html import escape
from typing import NamedTuple

import streamlit as st

BORDER_COLOUR = "#6B7787"
HATCH_CSS = "repeating-linear-gradient(135deg, {line} 0 1.5px, transparent 1.5px 5px)"
SWATCH_HTML = (
    '<span style="display:inline-flex;align-items:center;gap:6px">'
    '<span style="flex:none;width:18px;height:14px;border-radius:3px;background:{fill};border:1px solid {line}"></span>'
    "{label}</span>"
)
LINE_HTML = (
    '<div class="colour-legend" style="display:flex;flex-wrap:wrap;gap:4px 16px;font-size:14px">{swatches}</div>'
)


class LegendEntry(NamedTuple):
    """A colour and its label; with a target's label, a mark of the target stands before it.

    `is_hatched`: the colour is drawn as lines over nothing.
    """

    fill: str
    label: str
    target_label: str | None = None
    is_hatched: bool = False


def colour_legend(entries: list[LegendEntry]) -> None:
    """Show the entries in a line, which wraps where it is too long."""
    swatches = []
    for entry in entries:
        if entry.target_label:
            swatches.append(
                '<span style="border-left:3px solid currentColor;padding-left:6px">'
                f"<b>{escape(entry.target_label)}</b></span>"
            )
        fill = HATCH_CSS.format(line=entry.fill) if entry.is_hatched else entry.fill
        swatches.append(SWATCH_HTML.format(fill=fill, line=BORDER_COLOUR, label=escape(entry.label)))
    st.html(LINE_HTML.format(swatches="".join(swatches)))
