"""Observed ÷ expected bad cases by organisation and region, those most probably far above first."""

from functools import cache
from typing import TYPE_CHECKING, Literal

import altair as alt
import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.interaction import filter_on_click, row_click_layer
from components.charts.name_column import bar_scale, name_layer, named_rows_y, row_offset
from components.charts.theme import NAMED_DATA, PALETTE_SCALE, Spec, name_column_width, palette_colour, to_spec
from components.layout.empty_state import empty_state
from components.panel import panel
from components.render_cache import cached_render
from components.text.escape import escape_markdown
from components.text.metric_text import unknown_reason
from components.url.choice import url_segmented_control
from otklik.i18n import N_, _, current_language, formats
from otklik.small_numbers import MIN_CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ComparedKind = Literal["organisation", "region"]
MAX_ROWS = 12
ROW_HEIGHT = 30  # pixels
MAX_NAMED = 5
# As in queries.statistics.shrinkage.
EXCESS_RATIO = 1.2
FILTER_NAMES: dict[ComparedKind, str] = {"organisation": "organisation", "region": "territory"}
NAMES_WIDTH = 236
NUMBER_COLUMNS_WIDTH = 190
# The bad outcome counted for each metric that can be compared.
BAD_OUTCOMES = {
    "on_time_rate": N_("Missed deadlines"),
    "resolution_rate": N_("Not resolved"),
    "satisfaction": N_("Ratings below 4"),
    "reopened_rate": N_("Re-opened"),
    "redirect_rate": N_("Redirected"),
}


def observed_expected_panels(
    rows_by_kind: "Callable[[ComparedKind, str], pd.DataFrame]", metric_ids: "Sequence[str]"
) -> None:
    """Show organisations and regions in two panels, by one of the metrics; which one is a choice in the address.

    `rows_by_kind`: queries.resolution.observed_expected.adjusted_ratios, called with a kind and the id of a metric.
    """
    metric_id = metric_ids[0]
    if len(metric_ids) > 1:
        metric_id = url_segmented_control(
            "fair", _("Compare"), {option: _(BAD_OUTCOMES[option]) for option in metric_ids}
        )
    bad_outcome = _(BAD_OUTCOMES[metric_id])
    titles: dict[ComparedKind, tuple[str, str]] = {
        "organisation": (_("Organisations"), _("Organisations, adjusted for topic mix: {bad}")),
        "region": (_("Regions"), _("Regions, adjusted for topic mix: {bad}")),
    }
    for column, (kind, (subject, title)) in zip(st.columns(2), titles.items(), strict=True):
        with column, panel(title.format(bad=bad_outcome)):
            rows = rows_by_kind(kind, metric_id)
            if len(rows) == 1:
                empty_state(_("There is only one here: nothing to compare it with."))
                continue
            observed_expected_chart(rows, bad_outcome, subject, FILTER_NAMES[kind])


def method_note() -> str:
    """How the ratios are computed, for readers."""
    note = _(
        "Expected: the cases there would be if appeals went here as those of the same topic, regime and age go on the "
        "whole. The dot is observed ÷ expected, drawn towards the middle the more the fewer the cases, the bar its 95% "
        "interval. The order is by the probability of more than {times} times the expected."
    )
    return note.format(times=formats.number(EXCESS_RATIO, 1))


def observed_expected_chart(rows: pd.DataFrame, bad_outcome: str, subject: str, filter_name: str) -> None:
    """Show a dot per member on the scale of observed ÷ expected, in their order; a click sets the filter `filter_name`.

    `rows`: queries.resolution.observed_expected.adjusted_ratios. `bad_outcome` and `subject` (what the rows are):
    translated.
    """
    if rows.empty:
        too_few = _("Nobody has {n} cases in these days: too few to compare.").format(n=formats.number(MIN_CASES))
        field = rows.attrs.get("unknown")
        empty_state(unknown_reason(field) if field else too_few)
        return
    chart = build_observed_expected_chart(rows, bad_outcome, subject)
    st.caption(escape_markdown(chart.alt_text, 600))
    show_chart(chart, **filter_on_click(filter_name, key="fair"))
    hidden_count = len(rows) - MAX_ROWS
    hidden_note = " " + _("Not shown: {n}.").format(n=formats.number(hidden_count)) if hidden_count > 0 else ""
    st.caption(method_note() + hidden_note)


@cached_render
def build_observed_expected_chart(rows: pd.DataFrame, bad_outcome: str, subject: str) -> Chart:
    """Build the chart of `observed_expected_chart` from at least one row, of which it shows the first `MAX_ROWS`."""
    chart_rows = rows.head(MAX_ROWS)
    worse = chart_rows["low"] > 1
    better = chart_rows["high"] < 1
    chart_rows = chart_rows.assign(
        tone=pd.Series("muted", chart_rows.index).mask(worse, "bad").mask(better, "good"),
        times=list(map(_times_text, chart_rows["shrunk"])),
        from_ratio=chart_rows["low"],
        to_ratio=chart_rows["high"],
        counted=list(map(_count_text, chart_rows["observed"], chart_rows["expected"])),
        between=[
            f"{formats.fixed_decimal(low, 2)}–{formats.fixed_decimal(high, 2)}"
            for low, high in zip(chart_rows["low"], chart_rows["high"], strict=True)
        ],
        chance=[formats.percent(probability) for probability in chart_rows["excess_probability"]],
        reach=max(2.0, float(chart_rows["high"].max()) * 1.05),
    ).drop(columns=["low", "high", "excess_probability"])
    summary = _summary_text(rows, subject, bad_outcome)
    labels = (
        _("observed ÷ expected"),
        _("observed for expected"),
        _("95% interval"),
        _("Cases"),
        _("Probability of more than {times} ×").format(times=formats.number(EXCESS_RATIO, 1)),
    )
    return Chart(
        chart_rows,
        observed_expected_spec(current_language(), labels, name_column_width(chart_rows["name"], NAMES_WIDTH)),
        ROW_HEIGHT * len(chart_rows) + 74,
        summary,
    )


def _summary_text(rows: pd.DataFrame, subject: str, bad_outcome: str) -> str:
    """Name those with surely more than expected, wherever in the list, else the best with surely fewer."""
    worse, better = rows[rows["low"] > 1], rows[rows["high"] < 1]
    if worse.empty and better.empty:
        return _("{what}: no difference in “{bad}” that chance could not make.").format(what=subject, bad=bad_outcome)
    if worse.empty:
        template = _(
            "{what}: fewest “{bad}” for its topics: {name}, {times} what is expected ({counted}); nobody has more."
        )
        best_row = better.sort_values("high").iloc[0]
        return template.format(
            what=subject,
            bad=bad_outcome,
            name=best_row["name"],
            times=_times_text(best_row["shrunk"]),
            counted=_count_text(best_row["observed"], best_row["expected"]),
        )
    named_rows = worse.head(MAX_NAMED)
    names = ", ".join(
        f"{name} ({_times_text(ratio)})" for name, ratio in zip(named_rows["name"], named_rows["shrunk"], strict=True)
    )
    if (unnamed_count := len(worse) - len(named_rows)) > 0:
        names = _("{names} and {n} more").format(names=names, n=formats.number(unnamed_count))
    return _("{what}: surely more “{bad}” than expected: {names}.").format(what=subject, bad=bad_outcome, names=names)


def _times_text(ratio: float) -> str:
    return f"{formats.fixed_decimal(ratio, 2)} ×"


def _count_text(observed: float, expected: float) -> str:
    return _("{observed} for {expected}").format(
        observed=formats.number(observed), expected=formats.number(expected, 1)
    )


@cache
def observed_expected_spec(language: str, labels: tuple[str, ...], names_width: int) -> Spec:
    """Dots within their intervals, and a rule at 1, where observed equals expected."""
    base = alt.Chart(NAMED_DATA).encode(
        y=named_rows_y(),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("times:N", title=labels[0]),
            alt.Tooltip("between:N", title=labels[2]),
            alt.Tooltip("counted:N", title=labels[1]),
            alt.Tooltip("cases:Q", title=labels[3], format=",.0f"),
            alt.Tooltip("chance:N", title=labels[4]),
        ],
    )
    tone = alt.Color("tone:N", scale=PALETTE_SCALE, legend=None)
    scale = bar_scale(names_width, NUMBER_COLUMNS_WIDTH, domainMin=0, nice=False)
    axis = alt.Axis(title=labels[0], titleAnchor="start", tickCount=5, format=".1f")
    reference_layer = base.mark_rule(strokeDash=[5, 4]).encode(
        x=alt.X("parity:Q", scale=scale, axis=axis), y=alt.value(0), y2=alt.value("height"), color=palette_colour("ink")
    )
    interval_layer = base.mark_rule(strokeWidth=5, opacity=0.3, yOffset=row_offset()).encode(
        x=alt.X("from_ratio:Q", scale=scale), x2="to_ratio:Q", color=tone
    )
    point_layer = base.mark_point(filled=True, size=80, opacity=1, yOffset=row_offset()).encode(
        x=alt.X("shrunk:Q", scale=scale),
        color=tone,
    )
    ratio_layer = base.mark_text(align="right", fontWeight=600, yOffset=row_offset()).encode(
        x=alt.value(alt.expr("width - 118")), text="times:N", color=tone
    )
    count_layer = base.mark_text(align="right", yOffset=row_offset()).encode(
        x=alt.value("width"), text="counted:N", color=palette_colour("muted")
    )
    domain_layer = base.mark_point(opacity=0).encode(x=alt.X("reach:Q", scale=scale))
    click_layer = row_click_layer(base, 24)
    chart = alt.layer(
        reference_layer,
        domain_layer,
        interval_layer,
        point_layer,
        name_layer(base, names_width),
        ratio_layer,
        count_layer,
        click_layer,
        data=NAMED_DATA,
    )
    return to_spec(chart.transform_calculate(parity="1"), language)
