"""Tiles of metrics: value, change against the comparison period, sparkline, and how the metric is computed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import streamlit as st

from components.palette import css_colour
from components.render_cache import cached_render
from components.text.metric_help import help_text, per_working_day, within_days
from components.text.metric_text import (
    SHORT_REASONS,
    MetricChange,
    format_in_unit,
    is_uncertain,
    metric_change,
    value_text,
)
from components.tiles.sparkline import sparkline_image, sparkline_scale
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from queries.metrics.metric import MetricValue

FLOW_METRICS = {"received", "closed", "resolved"}
ARROWS: dict[int, Literal["up", "down", "off"]] = {1: "up", -1: "down", 0: "off"}
"""By the direction of a change."""


@cached_render
def kpi_row(metric_values: "Sequence[MetricValue]", *, unfinished: bool) -> None:
    """Tiles of eight metrics with sparklines: one row on a wide screen, two on a laptop.

    If the last day is still running (`unfinished`), the sparklines of counts by day end before it.
    """
    halves = st.grid(2, min_column_width=800)
    middle = (len(metric_values) + 1) // 2
    quiet_days = next(
        (
            trailing_empty_days(metric_value.series)
            for metric_value in metric_values
            if metric_value.metric.id == "received"
        ),
        0,
    )
    for half in (metric_values[:middle], metric_values[middle:]):
        with halves.cell(), st.grid(4, min_column_width=150):
            for metric_value in half:
                skipped_days = quiet_days or int(unfinished and metric_value.metric.id in FLOW_METRICS)
                kpi_tile(metric_value, metric_value.series[: len(metric_value.series) - skipped_days])


def kpi_tile(metric_value: "MetricValue", series: "Sequence[float | None]") -> None:
    """One metric's tile with its series by day; of few cases in grey, as an interval and without a verdict."""
    change = metric_change(metric_value)
    unknown_field = getattr(metric_value, "unknown", None)
    has_few_cases = is_uncertain(metric_value)
    with st.container(border=True, height="stretch", gap="xsmall", vertical_alignment="distribute"):
        st.metric(
            _(metric_value.metric.name),
            f":gray[{value_text(metric_value)}]" if has_few_cases else value_text(metric_value),
            _(SHORT_REASONS[unknown_field]) if unknown_field else change_text(change),
            delta_color="off",
            delta_arrow=ARROWS[change.direction] if change and not unknown_field else "off",
            delta_description=delta_note(metric_value, change),
            help=help_text(metric_value),
        )
        _sparkline(metric_value, [point for point in series if point is not None])


def _sparkline(metric_value: "MetricValue", points: "list[float]") -> None:
    if not points:
        return
    unit, scale = metric_value.metric.unit, sparkline_scale(points, metric_value.metric.unit)
    bottom, top, first, last = (format_in_unit(value, unit, scale[1]) for value in (*scale, points[0], points[-1]))
    label = _("By day, from {first} to {last}; drawn from {bottom} to {top}").format(
        first=first, last=last, bottom=bottom, top=top
    )
    st.html(sparkline_image(points, unit, label, css_colour("ink")))


def change_text(change: MetricChange | None) -> str | None:
    """The change in green or red where it is better or worse; None where there is nothing to compare."""
    if change is None or not change.text:
        return change.verdict if change else None
    return change.text if change.is_better is None else f":{'green' if change.is_better else 'red'}[{change.text}]"


def delta_note(metric_value: "MetricValue", change: MetricChange | None) -> str | None:
    """The text after the change: the coverage of a satisfaction, a count per working day, or verdict and age."""
    coverage = getattr(metric_value, "coverage", None)
    if coverage is not None:
        return _("{share} rated").format(share=formats.percent(coverage))
    if metric_value.working_days is not None and metric_value.value is not None:
        return per_working_day(metric_value)
    verdict = (change.verdict or None) if change and change.text else None
    if metric_value.days is None:
        return verdict
    days_note = within_days(metric_value.days)
    return f"{verdict}, {days_note}" if verdict else days_note


def trailing_empty_days(received_by_day: Sequence[float | None]) -> int:
    """The number of days at the end without an appeal received, if they are more than half of the period; otherwise 0.

    Charts leave them out, since they would take most of the room.
    """
    empty_days = next((n for n, count in enumerate(reversed(received_by_day)) if count), len(received_by_day))
    return empty_days if len(received_by_day) / 2 < empty_days < len(received_by_day) else 0


MIN_TILE_WIDTH = 165  # pixels that a tile needs


@cached_render
def kpi_grid(metric_values: "Sequence[MetricValue]", across: int) -> None:
    """Tiles of metrics, at most `across` in a row, without sparklines: the charts below show the days."""
    with st.grid(across, min_column_width=MIN_TILE_WIDTH):
        for metric_value in metric_values:
            kpi_tile(replace(metric_value, series=[]), [])
