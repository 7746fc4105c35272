"""Colours and texts of territories' metric values: for the map, its legend and the list."""

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from components.maps import classification
from components.render_cache import cached_render
from components.text.metric_text import NO_VALUE, format_difference, format_in_unit, format_relative_change
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from components.maps.classification import Classification
    from queries.metrics.metric import Metric

ESTIMATE_COLUMNS = {"value": "shrunk", "low": "low", "high": "high"}


@cached_render
def style_territories(
    rows: pd.DataFrame,
    metric: "Metric",
    *,
    change: bool,
    theme: str,
    overall: float | None = None,
    equal_groups: bool = False,
) -> "tuple[pd.DataFrame, Classification]":
    """Add what the map draws to each row, and return the classes of the colours as well.

    `rows`: queries.regions.territories.map_values. `overall`: what classes lie about where there is no target.
    `equal_groups`: classes with about equally many territories each instead. Columns added: measure (the value, or its
    change), sure (enough cases), shade (what the colour follows: the shrunken value, or the change), fill (a colour),
    unclear (the interval covers all classes, so that the colour says nothing), text (the value as text), tip (the
    tooltip). Few cases are grey; no data is nearly blank.
    """
    measure = rows["change"] if change else rows["value"]
    shade = rows["change"] if change else rows["shrunk"]
    too_few = rows["change_few"] if change else rows["few"]
    reliable = ~too_few & measure.notna()
    classes = metric_classes(
        list(shade[reliable]), metric, change=change, theme=theme, overall=overall, equal_groups=equal_groups
    )
    fills = [
        classes.colours[classes.class_index(value)]
        if is_reliable
        else classification.FEW_CASES_COLOURS[theme]
        if is_scarce
        else classification.NO_DATA_COLOURS[theme]
        for value, is_reliable, is_scarce in zip(shade, reliable, too_few & rows["cases"].gt(0), strict=True)
    ]
    has_interval = reliable & rows["low"].notna() & (not change)
    unclear = [
        is_known and classes.covers_all(low, high)
        for low, high, is_known in zip(rows["low"], rows["high"], has_interval, strict=True)
    ]
    styled_rows = rows.assign(measure=measure, sure=reliable, shade=shade, fill=fills, unclear=unclear)
    styled_rows["text"] = [format_territory_value(row, metric, change=change) for row in styled_rows.to_dict("records")]
    styled_rows["tip"] = [territory_tooltip(row, metric, change=change) for row in styled_rows.to_dict("records")]
    return styled_rows, classes


def metric_classes(
    values: list[float],
    metric: "Metric",
    *,
    change: bool,
    theme: str,
    overall: float | None = None,
    equal_groups: bool = False,
) -> "Classification":
    """Classes for a metric's values: on both sides of no change, of the target or of the overall value.

    From little to much where there is neither, where neither side is better, and for `equal_groups`.
    """
    if change:
        return classification.change_classes(values, metric.better, theme)
    centre = metric.target if metric.target is not None else overall
    if equal_groups or centre is None or metric.better is None:
        return classification.sequential_classes(values, theme)
    classes = classification.diverging_classes(values, centre, metric.better, theme)
    return replace(classes, is_overall=metric.target is None)


def has_class_choice(metric: "Metric", overall: float | None, *, change: bool) -> bool:
    """Whether classes may lie about a target or the overall value, or be of equal groups."""
    return not change and metric.better is not None and (metric.target is not None or overall is not None)


def format_territory_value(row: dict[Hashable, Any], metric: "Metric", *, change: bool) -> str:
    """A territory's value (or its change) as text; with few cases, the numbers behind it."""
    if change:
        if pd.isna(row["change"]):
            return "—"
        return _("few") if row["change_few"] else format_row_change(row, metric)
    if pd.isna(row["value"]):
        return "—"
    if row["few"]:
        n = int(row["cases"])
        if metric.unit == "share":
            numerator = formats.number(row["value"] * n)
            return _("few: {part} of {whole}").format(part=numerator, whole=formats.number(n))
        return ngettext("few: {n} case", "few: {n} cases", n).format(n=formats.number(n))
    return format_in_unit(row["value"], metric.unit)


def format_row_change(row: dict[Hashable, Any], metric: "Metric") -> str:
    """A territory's change with its sign, in the unit of its value."""
    if metric.denominator is None:
        return format_relative_change(row["change"], row["previous"])
    return format_difference(row["change"], metric.unit, row["value"])


def territory_tooltip(row: dict[Hashable, Any], metric: "Metric", *, change: bool) -> str:
    """The tooltip of a territory: name, value with the numbers behind it, change, and its counts of appeals."""
    metric_name = _(metric.name)
    lines = [str(row["name"])]
    value = "—" if pd.isna(row["value"]) else format_in_unit(row["value"], metric.unit)
    if metric.denominator and not pd.isna(row["value"]):
        numerator = row["value"] * row["cases"]
        fraction = _("{part} of {whole}") if metric.unit == "share" else _("of {whole}")
        fraction = fraction.format(part=formats.number(numerator), whole=formats.number(row["cases"]))
        lines.append(f"{metric_name}: {value} ({fraction})")
    else:
        lines.append(f"{metric_name}: {value}")
    if row["sure"] and not change and not pd.isna(row["low"]):
        estimate = _("Likely {value} (95% between {low} and {high})")
        values = {key: format_in_unit(row[name], metric.unit) for key, name in ESTIMATE_COLUMNS.items()}
        lines.append(estimate.format(**values))
    if row["few"] or (change and row["change_few"]):
        lines.append(_("Fewer than 30 cases: too few to judge"))
    elif change and not pd.isna(row["change"]):
        previous = format_in_unit(row["previous"], metric.unit, row["value"])
        lines.append(
            _("{change} against {before} before").format(change=format_row_change(row, metric), before=previous)
        )
    counts = _("Received {received}, open {open}, overdue {overdue}")
    amounts = {key: formats.number(row[key]) for key in ("received", "open", "overdue")}
    if not row["overdue"] and "deadline_at" in row.get("lacking", ()):
        amounts["overdue"] = NO_VALUE
    lines.append(counts.format(**amounts))
    return "\n".join(lines)
