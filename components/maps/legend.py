"""The legend of a map: the bounds of each class, how many territories are in it, and where the target lies."""

from html import escape
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from components.maps import classification
from components.maps.styling import changed
from components.tiles.kpi_tile import in_unit
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from components.maps.classification import Classes
    from queries.metrics.metric import Figure

LINE = "#6B7787"
SWATCH = (
    '<span style="display:inline-flex;align-items:center;gap:6px;white-space:nowrap">'
    '<span style="width:18px;height:14px;border-radius:3px;background:{fill};border:1px solid {line}"></span>'
    "{label}</span>"
)


class Entry(NamedTuple):
    """A colour, what it stands for with how many territories have it, and the target that it begins at."""

    fill: str
    label: str
    target: str | None = None


def legend(entries: list[Entry]) -> None:
    """One line of swatches."""
    parts = []
    for one in entries:
        if one.target:
            parts.append(
                f'<span style="border-left:3px solid currentColor;padding-left:6px"><b>{escape(one.target)}</b></span>'
            )
        parts.append(SWATCH.format(fill=one.fill, line=LINE, label=escape(one.label)))
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:4px 16px;font-size:14px">{"".join(parts)}</div>')


def entries(rows: pd.DataFrame, found: "Classes", figure: "Figure", *, change: bool, look: str) -> list[Entry]:
    """What each colour means. `rows`: components.maps.styling.coloured."""
    counts = rows.loc[rows["sure"], "measure"].map(found.of).value_counts()
    listed = []
    for n, fill in enumerate(found.colours):
        target = None
        if found.target is not None and n and found.bounds[n - 1] == found.target:
            target = _("target {value}").format(value=in_unit(found.target, figure.unit))
        label = f"{span(n, found, figure, change=change)} ({formats.number(int(counts.get(n, 0)))})"
        listed.append(Entry(fill, label, target))
    few = int((~rows["sure"] & rows["fill"].eq(classification.FEW[look])).sum())
    nothing = int(rows["fill"].eq(classification.NOTHING[look]).sum())
    if few:
        label = _("fewer than 30 cases ({n})").format(n=formats.number(few))
        listed.append(Entry(classification.FEW[look], label))
    if nothing:
        label = _("nothing to count ({n})").format(n=formats.number(nothing))
        listed.append(Entry(classification.NOTHING[look], label))
    return listed


def span(n: int, found: "Classes", figure: "Figure", *, change: bool) -> str:
    """The bounds of a class in words."""

    def said(value: float) -> str:
        return changed(value, figure) if change else in_unit(value, figure.unit)

    if not found.bounds:
        return _("no change") if change else _("all alike")
    if n == 0:
        return _("below {high}").format(high=said(found.bounds[0]))
    if n == len(found.bounds):
        return _("{low} and over").format(low=said(found.bounds[-1]))
    return f"{said(found.bounds[n - 1])} – {said(found.bounds[n])}"
