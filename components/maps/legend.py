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
    swatches = []
    for entry in entries:
        if entry.target:
            swatches.append(
                f'<span style="border-left:3px solid currentColor;padding-left:6px"><b>{escape(entry.target)}</b></span>'
            )
        swatches.append(SWATCH.format(fill=entry.fill, line=LINE, label=escape(entry.label)))
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:4px 16px;font-size:14px">{"".join(swatches)}</div>')


def entries(rows: pd.DataFrame, classes: "Classes", metric: "Figure", *, change: bool, look: str) -> list[Entry]:
    """What each colour means. `rows`: components.maps.styling.coloured."""
    counts_by_class = rows.loc[rows["sure"], "measure"].map(classes.of).value_counts()
    items = []
    for class_index, fill in enumerate(classes.colours):
        target = None
        if classes.target is not None and class_index and classes.bounds[class_index - 1] == classes.target:
            target = _("target {value}").format(value=in_unit(classes.target, metric.unit))
        label = f"{span(class_index, classes, metric, change=change)} ({formats.number(int(counts_by_class.get(class_index, 0)))})"
        items.append(Entry(fill, label, target))
    few_count = int((~rows["sure"] & rows["fill"].eq(classification.FEW[look])).sum())
    no_data_count = int(rows["fill"].eq(classification.NOTHING[look]).sum())
    if few_count:
        label = _("fewer than 30 cases ({n})").format(n=formats.number(few_count))
        items.append(Entry(classification.FEW[look], label))
    if no_data_count:
        label = _("nothing to count ({n})").format(n=formats.number(no_data_count))
        items.append(Entry(classification.NOTHING[look], label))
    return items


def span(class_index: int, classes: "Classes", metric: "Figure", *, change: bool) -> str:
    """The bounds of a class in words."""

    def format_value(value: float) -> str:
        return changed(value, metric) if change else in_unit(value, metric.unit)

    if not classes.bounds:
        return _("no change") if change else _("all alike")
    if class_index == 0:
        return _("below {high}").format(high=format_value(classes.bounds[0]))
    if class_index == len(classes.bounds):
        return _("{low} and over").format(low=format_value(classes.bounds[-1]))
    return f"{format_value(classes.bounds[class_index - 1])} – {format_value(classes.bounds[class_index])}"
