"""Survival curves: the share of appeals closed by days since receipt, open appeals taken into account."""

from typing import Literal

import pandas as pd
import streamlit as st

from components.charts.chart import Chart, show_chart
from components.charts.time_series import spread_labels
from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from components.resolution.survival_specs import LINE_DASHES, axis_labels, survival_spec
from components.text.escape import escape_markdown
from components.url.choice import url_segmented_control
from otklik.i18n import N_, _, current_language, formats, ngettext
from otklik.small_numbers import MIN_CASES

Grouping = Literal["all", "topic", "organisation", "regime"]
CHART_HEIGHT = 300  # pixels
# Columns with the day by which a share is closed, and that share.
REACHED_SHARES = {"half_day": 0.5, "nine_tenths_day": 0.9}
LABEL_GAP = 0.09  # between labels, as a share of the height
GROUPING_LABELS: dict[Grouping, str] = {
    "all": N_("All"),
    "regime": N_("Regimes"),
    "topic": N_("Topics"),
    "organisation": N_("Organisations"),
}


def grouping_switch() -> Grouping:
    """A control for what the curves are compared by (`all`: one curve), with its state in the address."""
    chosen = url_segmented_control("curves", _("Compare"), {name: _(label) for name, label in GROUPING_LABELS.items()})
    return next(grouping for grouping in GROUPING_LABELS if grouping == chosen)


def survival_chart(grouping: str, rows: pd.DataFrame) -> None:
    """Show one curve, or one per member compared.

    `rows`: queries.resolution.survival.closing_curve for the grouping `all`, else
    queries.resolution.survival.closing_curves.
    """
    if grouping == "all":
        single_survival_chart(rows)
    else:
        grouped_survival_chart(rows)


@cached_render
def single_survival_chart(rows: pd.DataFrame) -> None:
    """Show the share closed by each day within its bounds. `rows`: queries.resolution.survival.closing_curve."""
    if rows.empty:
        empty_state(_("Nothing was received in these days with these filters."))
        return
    summary = _summary_text(rows)
    st.caption(f"{summary} {method_note()}")
    chart_rows = _format_chart_rows(rows.assign(name=_("closed"), tone="received", end=rows["share"].iloc[-1]))
    show_chart(Chart(chart_rows, survival_spec(current_language(), axis_labels(), banded=True), CHART_HEIGHT, summary))


@cached_render
def grouped_survival_chart(rows: pd.DataFrame) -> None:
    """Show one curve per member, its name at the end. `rows`: queries.resolution.survival.closing_curves."""
    if rows.empty:
        empty_state(
            _("None of them received {n} appeals in these days: too few to compare.").format(
                n=formats.number(MIN_CASES)
            )
        )
        return
    names = list(dict.fromkeys(rows["name"]))
    last_rows = rows.groupby("name", sort=False).tail(1)
    # Labels are spread downwards, since most curves end near the top: so their depths are spread.
    label_depths = spread_labels(
        {name: 1 - float(share) for name, share in zip(last_rows["name"], last_rows["share"], strict=True)}, LABEL_GAP
    )
    end_heights = {name: 1 - height for name, height in label_depths.items()}
    ordered_names = sorted(last_rows["name"], key=end_heights.__getitem__)
    summary = _("Closed soonest: {first}; slowest: {last}.").format(
        first=_median_phrase(rows, ordered_names[-1]), last=_median_phrase(rows, ordered_names[0])
    )
    st.caption(f"{escape_markdown(summary)} {method_note()}")
    tones = dict(zip(names, LINE_DASHES, strict=False))
    chart_rows = _format_chart_rows(rows.assign(tone=rows["name"].map(tones), end=rows["name"].map(end_heights)))
    show_chart(Chart(chart_rows, survival_spec(current_language(), axis_labels(), banded=False), CHART_HEIGHT, summary))


def method_note() -> str:
    """How the curves are computed, in three sentences for readers."""
    return _(
        "Counted from the receipt in days of 24 hours; what is still open counts for as long as it has been open "
        "(Kaplan–Meier). Faint where fewer than {n} were still open. Recounted every ten minutes."
    ).format(n=MIN_CASES)


def _median_phrase(rows: pd.DataFrame, name: str) -> str:
    """The name of a member with the day by which half of its appeals are closed."""
    half_day = rows.loc[rows["name"] == name, "half_day"].iloc[0]
    if pd.isna(half_day):
        return _("{name} (less than half within {n} days)").format(name=name, n=formats.number(rows["day"].max()))
    template = ngettext("{name} (half within {n} day)", "{name} (half within {n} days)", int(half_day))
    return template.format(name=name, n=formats.number(half_day))


def _summary_text(rows: pd.DataFrame) -> str:
    """The days by which the shares of `REACHED_SHARES` are closed; the last day's share if none is reached."""
    reached = [(share, rows[column].iloc[0]) for column, share in REACHED_SHARES.items()]
    n = formats.number(rows["at_risk"].iloc[0])
    phrases = [
        ngettext("{share} closed within {n} day", "{share} closed within {n} days", int(day)).format(
            share=formats.percent(share), n=formats.number(day)
        )
        for share, day in reached
        if not pd.isna(day)
    ]
    last_row = rows.iloc[-1]
    phrases = phrases or [
        _("{share} closed within {n} days").format(
            share=formats.percent(last_row["share"]), n=formats.number(last_row["day"])
        )
    ]
    return _("Of {n} received: {parts}.").format(n=n, parts=", ".join(phrases))


def _format_chart_rows(rows: pd.DataFrame) -> pd.DataFrame:
    is_last_day = rows["day"] == rows["day"].max()
    return rows.assign(
        label=rows["name"].where(is_last_day),
        height=rows["end"].where(is_last_day),
        share_text=[formats.percent(share, 1) for share in rows["share"]],
        between=[
            f"{formats.number(low * 100, 1)}–{formats.percent(high, 1)}"
            for low, high in zip(rows["low"], rows["high"], strict=True)
        ],
    )
