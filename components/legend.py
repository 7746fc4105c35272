"""The legend of a map: the bounds of each class, how many territories are in it, and where the target lies."""

from html import escape
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components import classes, units
from components.figures import in_unit
from components.measures import changed
from components.words import _

if TYPE_CHECKING:
    from components.classes import Classes
    from queries.figures import Figure

SWATCH = (
    '<span style="display:inline-flex;align-items:center;gap:6px;white-space:nowrap">'
    '<span style="width:18px;height:14px;border-radius:3px;background:{fill};border:1px solid {line}"></span>'
    "{label}</span>"
)


def legend(rows: pd.DataFrame, found: "Classes", figure: "Figure", *, change: bool, look: str) -> None:
    """One line of swatches. `rows`: components.measures.coloured."""
    line = "#6B7787"
    counts = rows.loc[rows["sure"], "measure"].map(found.of).value_counts()
    parts = []
    for n, fill in enumerate(found.colours):
        if found.target is not None and n and found.bounds[n - 1] == found.target:
            target = _("target {value}").format(value=in_unit(found.target, figure.unit))
            parts.append(
                f'<span style="border-left:3px solid currentColor;padding-left:6px"><b>{escape(target)}</b></span>'
            )
        label = f"{span(n, found, figure, change=change)} ({units.number(int(counts.get(n, 0)))})"
        parts.append(SWATCH.format(fill=fill, line=line, label=escape(label)))
    few = int((~rows["sure"] & rows["fill"].eq(classes.FEW[look])).sum())
    nothing = int(rows["fill"].eq(classes.NOTHING[look]).sum())
    if few:
        label = _("fewer than 30 cases ({n})").format(n=units.number(few))
        parts.append(SWATCH.format(fill=classes.FEW[look], line=line, label=escape(label)))
    if nothing:
        label = _("nothing to count ({n})").format(n=units.number(nothing))
        parts.append(SWATCH.format(fill=classes.NOTHING[look], line=line, label=escape(label)))
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:4px 16px;font-size:14px">{"".join(parts)}</div>')


def span(n: int, found: "Classes", figure: "Figure", *, change: bool) -> str:
    """The bounds of a class in words."""

    def said(value: float) -> str:
        return changed(value, figure) if change else in_unit(value, figure.unit)

    if not found.bounds:
        return _("all alike")
    if n == 0:
        return _("below {high}").format(high=said(found.bounds[0]))
    if n == len(found.bounds):
        return _("{low} and over").format(low=said(found.bounds[-1]))
    return f"{said(found.bounds[n - 1])} – {said(found.bounds[n])}"
