"""The legend of a territory map: the bounds and number of territories of each class, and the target."""

from math import inf
from typing import TYPE_CHECKING

import pandas as pd

from components.charts.colour_legend import LegendEntry
from components.maps import classification
from components.maps.hatching import HATCH_COLOURS
from components.text.metric_text import format_difference, format_in_unit, format_relative_change
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from components.maps.classification import Classification
    from queries.metrics.metric import Metric

UNIT_MAXIMA = {"share": 1, "rating": 5}
"""The most that a value of a unit can be."""


def legend_entries(
    rows: pd.DataFrame, classes: "Classification", metric: "Metric", *, change: bool, theme: str
) -> list[LegendEntry]:
    """One entry per class, then for unclear classes, few cases and no data.

    `rows`: components.maps.styling.style_territories.
    """
    counts_by_class = rows.loc[rows["sure"], "shade"].map(classes.class_index).value_counts()
    items = []
    for class_index, fill in enumerate(classes.colours):
        target = None
        if classes.target is not None and class_index and classes.bounds[class_index - 1] == classes.target:
            message = _("overall {value}") if classes.is_overall else _("target {value}")
            target = message.format(value=format_in_unit(classes.target, metric.unit))
        range_label = class_range_label(class_index, classes, metric, change=change)
        count_text = formats.number(int(counts_by_class.get(class_index, 0)))
        items.append(LegendEntry(fill, f"{range_label} ({count_text})", target))
    few_count = int((~rows["sure"] & rows["fill"].eq(classification.FEW_CASES_COLOURS[theme])).sum())
    no_data_count = int(rows["fill"].eq(classification.NO_DATA_COLOURS[theme]).sum())
    if unclear_count := int(rows["unclear"].sum()):
        label = _("colour says nothing: 95% interval wider than the scale ({n})").format(
            n=formats.number(unclear_count)
        )
        items.append(LegendEntry(HATCH_COLOURS[theme], label, is_hatched=True))
    if few_count:
        label = _("fewer than 30 cases ({n})").format(n=formats.number(few_count))
        items.append(LegendEntry(classification.FEW_CASES_COLOURS[theme], label))
    if no_data_count:
        label = _("nothing to count ({n})").format(n=formats.number(no_data_count))
        items.append(LegendEntry(classification.NO_DATA_COLOURS[theme], label))
    return items


def class_range_label(class_index: int, classes: "Classification", metric: "Metric", *, change: bool) -> str:
    """The range of a class as text, such as `60.0% – 70.0%`; all bounds of a map are in one unit."""
    largest_bound = max((abs(bound) for bound in classes.bounds), default=None)

    def format_value(value: float) -> str:
        if not change:
            return format_in_unit(value, metric.unit, largest_bound)
        if metric.denominator is None:
            return format_relative_change(value)
        return format_difference(value, metric.unit, largest_bound)

    if not classes.bounds:
        return _("no change") if change else _("all alike")
    if class_index == 0:
        return _("below {high}").format(high=format_value(classes.bounds[0]))
    if class_index == len(classes.bounds):
        if not change and classes.bounds[-1] >= UNIT_MAXIMA.get(metric.unit, inf):
            return format_value(classes.bounds[-1])
        return _("{low} and over").format(low=format_value(classes.bounds[-1]))
    return f"{format_value(classes.bounds[class_index - 1])} – {format_value(classes.bounds[class_index])}"
