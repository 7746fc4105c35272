"""The head of an open cell: its ratios and marks in words, ways on, and its weeks."""

from collections.abc import Hashable, Mapping
from functools import cache
from math import isnan
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.theme import NAMED_DATA, Spec, count_axis, palette_colour, to_spec
from components.matrix.controls import close_cell, narrow_to
from components.matrix.labels import (
    MARK_LABELS,
    MARK_SIGNS,
    PART_LABELS,
    SIDE_LABELS,
    VALUE_LABELS,
    counts_text,
    ratio_text,
)
from components.render_cache import cached_render
from components.tables.column_types import Column
from components.tables.data_table import data_table
from components.text.escape import escape_markdown
from otklik.i18n import N_, _, current_language, formats

TREND_HEIGHT = 230  # pixels
Cell = Mapping[Hashable, Any]
PART_COLUMNS = (
    Column("figure", N_("Figure"), width=120),
    Column("ratio", N_("Ratio"), width=140),
    Column("verdict", N_("Verdict"), width=190),
    Column("counts", N_("Counted"), width=290),
)


def cell_title(cell: Cell) -> str:
    """The topic and the territory."""
    return f"{escape_markdown(cell['topic'])} · {escape_markdown(cell['territory'])}"


def cell_head(cell: Cell, weeks: int) -> None:
    """The index and its parts as a table, the marks with their numbers, and buttons. `cell`: a row of the matrix."""
    rows = pd.DataFrame(
        [
            {
                "figure": _(label),
                "ratio": ratio_text(cell, name),
                "verdict": _verdict(cell, name),
                "counts": counts_text(cell, name) if name in PART_LABELS else "",
            }
            for name, label in VALUE_LABELS.items()
        ]
    )
    key = f"cell-{cell['topic_code']}-{cell['territory_code']}"
    data_table(rows, PART_COLUMNS, key=key, alt_text=_("The ratios of the cell"))
    for line in mark_lines(cell, weeks):
        st.markdown(line)
    with st.container(horizontal=True, gap="small"):
        codes = {"topic": str(cell["topic_code"]), "territory": str(cell["territory_code"])}
        st.button(_("Narrow the page to the cell"), icon=":material/filter_alt:", on_click=narrow_to, kwargs=codes)
        st.button(_("Close"), icon=":material/close:", key="close-cell", on_click=close_cell)


def mark_lines(cell: Cell, weeks: int) -> list[str]:
    """One line per mark that the cell has, or what it has instead of the last two."""
    sign = {mark: f"{MARK_SIGNS[mark]} **{_(label)}**" for mark, label in MARK_LABELS.items()}
    above = _("above 1 in {n} of {weeks} weeks").format(
        n=formats.number(cell["weeks_above"]), weeks=formats.number(weeks)
    )
    goes_on = _("goes on, see the overview")
    lines = [f"{sign['is_surging']}: {goes_on}"] if cell["is_surging"] else []
    lines.append(f"{sign['is_persistent']}: {above}" if cell["is_persistent"] else above.capitalize())
    if not isnan(cell["places_now"]):
        places = _("too many in {before} places in the first half of these weeks, in {now} in the second").format(
            before=formats.number(cell["places_before"]), now=formats.number(cell["places_now"])
        )
        lines.append(f"{sign['is_spreading']}: {places}" if cell["is_spreading"] else places.capitalize())
    if cell["is_decided"]:
        lines.append(f"{sign['is_decided']}: {_('a problem is being solved, see below')}")
    return lines


def trend_chart(rows: pd.DataFrame) -> None:
    """Show what a cell received by week against what was expected. `rows`: queries.matrix.cell_details.weekly_trend."""
    show_chart(build_trend_chart(rows))


@cached_render
def build_trend_chart(rows: pd.DataFrame) -> Chart:
    """Build bars of what was received, with a line at what was expected."""
    alt_text = _("{received} received in {weeks} weeks, {expected} expected").format(
        received=formats.number(rows["received"].sum()),
        weeks=formats.number(len(rows)),
        expected=formats.fixed_decimal(rows["expected"].sum(), 1),
    )
    st.caption(_("Bars: received by week. Lines: expected, by the week's own totals."))
    chart_rows = rows.assign(
        week=[formats.day(day) for day in rows["day"]],
        expected_text=[formats.fixed_decimal(value, 1) for value in rows["expected"]],
    )
    return Chart(
        chart_rows, trend_spec(current_language(), (_("Week of"), _("Received"), _("Expected"))), TREND_HEIGHT, alt_text
    )


@cache
def trend_spec(language: str, labels: tuple[str, str, str]) -> Spec:
    """Bars by week with a tick each."""
    base = alt.Chart(NAMED_DATA).encode(
        x=alt.X("week:O", sort=None, axis=alt.Axis(title=None, labelAngle=0, labelOverlap="greedy")),
        tooltip=[
            alt.Tooltip("week:N", title=labels[0]),
            alt.Tooltip("received:Q", title=labels[1], format=",.0f"),
            alt.Tooltip("expected_text:N", title=labels[2]),
        ],
    )
    bars = base.mark_bar(opacity=0.85, cornerRadiusEnd=2).encode(
        y=alt.Y("received:Q", axis=count_axis()), color=palette_colour("received")
    )
    ticks = base.mark_tick(thickness=3, bandSize=22).encode(
        y=alt.Y("expected:Q", axis=count_axis()), color=palette_colour("closed")
    )
    return to_spec(alt.layer(bars, ticks, data=NAMED_DATA), language)


def _verdict(cell: Cell, name: str) -> str:
    if isnan(cell[name]):
        return _("unknown")
    return _(SIDE_LABELS[int(cell[f"{name}_side"])])
