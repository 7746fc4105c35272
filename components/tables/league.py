"""Organisations, topics and channels side by side: numbers to sort by, none of few cases among them."""

from collections.abc import Hashable, Mapping
from functools import partial
from math import isnan, nan
from numbers import Real
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components.layout.empty_state import empty_state
from components.render_cache import cached_render
from components.tables.shown_table import show_table
from components.text.metric_text import format_in_unit
from otklik.i18n import _, formats
from otklik.small_numbers import MIN_CASES

if TYPE_CHECKING:
    from queries.metrics.metric import Metric

MetricUnits = tuple[tuple[str, str], ...]  # names of figures, and what they are in
MAX_VISIBLE_ROWS = 12  # rows before a table scrolls
MAX_NAME_WIDTH = 310  # pixels of a name
LETTER_WIDTH = 6.3  # pixels, of a usual one
NAME_SAMPLE_ROWS = 30  # rows whose names are looked at
UNCERTAIN_STYLE = {"light": "color: #5B6675", "dark": "color: #A3B0C0"}


@cached_render
def league_table(rows: pd.DataFrame, metrics: "Mapping[str, Metric]", name_title: str, key: str, width: int) -> None:
    """One row a name with its figures; those of few appeals in grey, after all others.

    `rows`: name, small, and a column a figure of the catalogue; NaN where its cases are too few.
    """
    if rows.empty:
        empty_state()
        return
    show_table(
        format_league_rows(rows, metric_units(rows, metrics)),
        key=key,
        **table_options(rows, metrics, name_title, width),
    )
    st.caption(" ".join(table_notes(rows)))


def metric_units(rows: pd.DataFrame, metrics: "Mapping[str, Metric]") -> MetricUnits:
    """The figures among the columns, with their units."""
    return tuple((name, metrics[name].unit) for name in rows.columns if name in metrics)


def format_league_rows(rows: pd.DataFrame, units: MetricUnits) -> Styler:
    """Names and figures as they are written, what is of few cases in grey."""
    metric_names = [name for name, _unit in units]
    display_rows = rows[["name", *metric_names]]
    styled = display_rows.style.format({name: partial(format_value, unit=unit) for name, unit in units})
    grey = UNCERTAIN_STYLE[st.context.theme.type or "light"]
    is_uncertain = rows["small"].to_numpy()[:, None] | display_rows[metric_names].isna().to_numpy()
    style = pd.DataFrame("", display_rows.index, display_rows.columns)
    style[metric_names] = style[metric_names].mask(is_uncertain, grey)
    style.loc[rows["small"].to_numpy(), "name"] = grey
    return styled.apply(lambda _all: style, axis=None)


def table_options(rows: pd.DataFrame, metrics: "Mapping[str, Metric]", name_title: str, width: int) -> dict[str, Any]:
    """How the table is laid out."""
    config = {
        name: st.column_config.NumberColumn(
            _(metrics[name].name), help=metric_help(metrics[name]), width=24 + round(6.5 * len(_(metrics[name].name)))
        )
        for name in rows.columns
        if name in metrics
    }
    name_width = min(
        MAX_NAME_WIDTH,
        max(width, *(round(LETTER_WIDTH * len(name)) + 16 for name in rows["name"].head(NAME_SAMPLE_ROWS))),
    )
    return {
        "hide_index": True,
        "height": "content" if len(rows) <= MAX_VISIBLE_ROWS else 36 * MAX_VISIBLE_ROWS,
        "column_config": {"name": st.column_config.TextColumn(name_title, width=name_width, pinned=True), **config},
        "placeholder": _("few"),
        "alt": _("{what} with all their figures, most received first").format(what=name_title),
    }


def table_notes(rows: pd.DataFrame) -> list[str]:
    """What is to be said of few cases."""
    message = _("A share or mean over fewer than {n} cases is not shown: it could not be compared.")
    sentences = [message.format(n=formats.number(MIN_CASES))]
    if n := int(rows["small"].sum()):
        message = _("After all others: those with few appeals ({n}).")
        sentences.append(message.format(n=formats.number(n)))
    return sentences


def metric_help(metric: "Metric") -> str:
    """How the figure is computed, with its target."""
    explanation = _(metric.explanation)
    if metric.target is None:
        return explanation
    return f"{explanation}\n\n" + _("Target: {value}.").format(value=format_in_unit(metric.target, metric.unit))


def format_value(value: object, unit: str) -> str:
    """A figure in a cell."""
    number = float(value) if isinstance(value, Real) else nan
    if isnan(number):
        return _("few")
    # Under one another, decimals are as many.
    return formats.fixed_decimal(number, 2) if unit in ("ratio", "rating") else format_in_unit(number, unit)


@cached_render
def recurring_problems_table(rows: pd.DataFrame, metrics: "Mapping[str, Metric]") -> None:
    """Place and topic by what was received, beside the period compared with.

    `rows`: territory, topic, above, received, before, resolution_rate, reopened_rate.
    """
    if rows.empty:
        empty_state()
        return
    has_comparison = bool(rows["before"].notna().any())
    display_rows = pd.DataFrame(
        {
            "territory": rows["territory"],
            "topic": [
                f"{parent_topic} › {topic}" if parent_topic else topic
                for parent_topic, topic in zip(rows["above"], rows["topic"], strict=True)
            ],
            "received": rows["received"],
            **({"before": rows["before"].astype("int64")} if has_comparison else {}),
            "resolution_rate": rows["resolution_rate"],
            "reopened_rate": rows["reopened_rate"],
        }
    )
    count_columns: list[Hashable] = ["received", "before"] if has_comparison else ["received"]
    styled = display_rows.style.format(partial(format_value, unit="count"), subset=count_columns)
    for name in ("resolution_rate", "reopened_rate"):
        styled = styled.format(partial(format_value, unit="share"), subset=[name])
    config = {
        name: st.column_config.NumberColumn(_(metrics[name].name), help=metric_help(metrics[name]), width=115)
        for name in ("received", "resolution_rate", "reopened_rate")
    }
    show_table(
        styled,
        key="recurring",
        hide_index=True,
        height="content",
        column_config={
            "territory": st.column_config.TextColumn(_("Territory"), width=220),
            "topic": st.column_config.TextColumn(_("Topic"), width=380),
            "before": st.column_config.NumberColumn(
                _("Before"), help=_("Received in the period compared with."), width=100
            ),
            **config,
        },
        placeholder=_("few"),
        alt=_("Places and topics from which most appeals came"),
    )
