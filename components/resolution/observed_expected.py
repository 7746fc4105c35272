"""Observed ÷ expected bad cases by organisation and region, within groups of similar volume."""

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
from components.url.choice import url_segmented_control
from otklik.i18n import N_, _, current_language, formats
from otklik.small_numbers import MIN_CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ComparedKind = Literal["organisation", "region"]
MAX_ROWS = 12
ROW_HEIGHT = 30  # pixels
FILTER_NAMES: dict[ComparedKind, str] = {"organisation": "organisation", "region": "territory"}
NAMES_WIDTH = 236
NUMBER_COLUMNS_WIDTH = 190
# The bad outcome counted for each metric that can be compared.
BAD_OUTCOMES = {
    "closed_on_time_rate": N_("Late answers"),
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
            observed_expected_chart(volume_group(rows, f"group-{kind}"), bad_outcome, subject, FILTER_NAMES[kind])


def volume_group(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of one volume group; where there are several, the choice is in the address under `key`.

    `rows`: queries.resolution.observed_expected.adjusted_ratios.
    """
    lower_bounds = list(map(int, rows["group"].unique()))
    if len(lower_bounds) <= 1:
        return rows
    upper_bounds = dict(zip(lower_bounds, [None, *lower_bounds], strict=False))
    labels = {str(bound): _volume_label(bound, upper_bounds[bound]) for bound in lower_bounds}
    chosen = url_segmented_control(key, _("How many cases"), labels)
    return rows[rows["group"] == int(chosen)].reset_index(drop=True)


def _volume_label(lower: int, upper: int | None) -> str:
    if upper is None:
        return _("{n} cases and more").format(n=formats.number(lower))
    return f"{formats.number(lower)}–{formats.number(upper - 1)}"


def method_note() -> str:
    """How the ratios are computed, in two sentences for readers."""
    return _(
        "Expected: the cases there would be if each topic went here as it goes on the whole. The dot is observed "
        "÷ expected, drawn towards the middle the more the fewer the cases (empirical Bayes), the bar its 95% "
        "interval."
    )


def observed_expected_chart(rows: pd.DataFrame, bad_outcome: str, subject: str, filter_name: str) -> None:
    """Show one dot per member on the scale of observed ÷ expected, worst first; a click sets the filter `filter_name`.

    `rows`: queries.resolution.observed_expected.adjusted_ratios, of one volume group. `bad_outcome` and `subject` (what
    the rows are): translated.
    """
    if rows.empty:
        empty_state(_("Nobody has {n} cases in these days: too few to compare.").format(n=formats.number(MIN_CASES)))
        return
    chart = build_observed_expected_chart(rows, bad_outcome, subject)
    st.caption(escape_markdown(chart.alt_text, 600))
    show_chart(chart, **filter_on_click(filter_name, key="fair"))
    hidden_count = len(rows) - MAX_ROWS
    hidden_note = " " + _("{n} more").format(n=formats.number(hidden_count)) if hidden_count > 0 else ""
    st.caption(method_note() + hidden_note)


@cached_render
def build_observed_expected_chart(rows: pd.DataFrame, bad_outcome: str, subject: str) -> Chart:
    """Build the chart of `observed_expected_chart` from at least one row, of which it shows the first `MAX_ROWS`."""
    chart_rows = rows.head(MAX_ROWS)
    worse = chart_rows["low"] > 1
    better = chart_rows["high"] < 1
    chart_rows = chart_rows.assign(
        tone=pd.Series("muted", chart_rows.index).mask(worse, "bad").mask(better, "good"),
        times=[f"{formats.fixed_decimal(value, 2)} ×" for value in chart_rows["shrunk"]],
        from_ratio=chart_rows["low"],
        to_ratio=chart_rows["high"],
        counted=[
            _("{observed} for {expected}").format(
                observed=formats.number(observed), expected=formats.number(expected, 1)
            )
            for observed, expected in zip(chart_rows["observed"], chart_rows["expected"], strict=True)
        ],
        between=[
            f"{formats.fixed_decimal(low, 2)}–{formats.fixed_decimal(high, 2)}"
            for low, high in zip(chart_rows["low"], chart_rows["high"], strict=True)
        ],
        reach=max(2.0, float(chart_rows["high"].max()) * 1.05),
    ).drop(columns=["low", "high", "group"])
    summary = _summary_text(chart_rows, worse, better, subject, bad_outcome)
    labels = (
        _("observed ÷ expected"),
        _("observed for expected"),
        _("95% interval"),
        _("Cases"),
    )
    return Chart(
        chart_rows,
        observed_expected_spec(current_language(), labels, name_column_width(chart_rows["name"], NAMES_WIDTH)),
        ROW_HEIGHT * len(chart_rows) + 74,
        summary,
    )


def _summary_text(rows: pd.DataFrame, worse: pd.Series, better: pd.Series, subject: str, bad_outcome: str) -> str:
    """Name the worst member with surely more than expected, else the best with surely fewer, else say there is none."""
    if not worse.any() and better.any():
        best_row = rows[better].iloc[-1]
        template = _(
            "{what}: fewest “{bad}” for its topics: {name}, {times} what is expected ({counted}); nobody has more."
        )
        return template.format(
            what=subject, bad=bad_outcome, name=best_row["name"], times=best_row["times"], counted=best_row["counted"]
        )
    if not worse.any():
        return _("{what}: no difference in “{bad}” that chance could not make.").format(what=subject, bad=bad_outcome)
    worst_row = rows[worse].iloc[0]
    template = _("{what}: most “{bad}” for its topics: {name}, {times} what is expected ({counted}).")
    return template.format(
        what=subject, bad=bad_outcome, name=worst_row["name"], times=worst_row["times"], counted=worst_row["counted"]
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
