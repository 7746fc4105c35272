"""The overview's first row: what is due, what was missed since yesterday, and what breaks the law."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from components.filters.figure_link import figure_link
from components.text.metric_text import SHORT_REASONS, value_text
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from queries.metrics.metric import MetricValue

ROW_KEY = "due-figures"
MIN_WIDTH = 150  # pixels that a figure needs
# The number above its name, as large as on a tile.
FIGURES_CSS = f"""<style>
.st-key-{ROW_KEY} a, .st-key-{ROW_KEY} a * {{ white-space: normal; height: auto; overflow: visible }}
.st-key-{ROW_KEY} strong {{ display: block; font-size: 2rem; line-height: 1.15; font-variant-numeric: tabular-nums }}
</style>"""
LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "due_today": ("queue", {"due": "today"}),
    "due_tomorrow": ("queue", {"due": "tomorrow"}),
    "due_week": ("queue", {"due": "week"}),
    "newly_overdue": ("queue", {"due": "missed"}),
    "overdue_59fz": ("overdue", {"regime": "law59"}),
}
"""By metric: the page with its list, and the parameters by which that is narrowed."""
NONE_TEXTS = {
    "due_today": N_("Nothing is due today"),
    "due_tomorrow": N_("Nothing is due tomorrow"),
    "due_week": N_("Nothing is due within 7 days"),
    "newly_overdue": N_("Nothing missed since yesterday"),
    "overdue_59fz": N_("Nothing overdue under 59-FZ"),
}
LATE_METRICS = ("newly_overdue", "overdue_59fz")


def due_figures(values: "Sequence[MetricValue]") -> None:
    """Show queries.morning.deadlines.due_values, each as a link to its list; without those that can't be known."""
    st.html(FIGURES_CSS)
    known = [value for value in values if value.value is not None]
    if not known:
        unknown_field = next((value.unknown for value in values if value.unknown), None)
        st.caption(_(SHORT_REASONS[unknown_field]) if unknown_field else "")
        return
    with st.container(key=ROW_KEY), st.grid(len(known), min_column_width=MIN_WIDTH):
        for value in known:
            with st.container(border=True, height="stretch"):
                _due_figure(value)


def _due_figure(value: "MetricValue") -> None:
    metric, number = value.metric, f"**{value_text(value)}**"
    if not value.value:
        st.markdown(f":gray[{number}] {_(NONE_TEXTS[metric.id])}", help=_(metric.explanation))
        return
    page, params = LISTS[metric.id]
    shown_number = f":red[{number}]" if metric.id in LATE_METRICS else number
    figure_link(f"{shown_number} {_(metric.name)}", page, help_text=_(metric.explanation), **params)
