"""Two territories or two organisations side by side, in every metric."""

from collections.abc import Hashable, Mapping
from math import isnan
from typing import TYPE_CHECKING, Literal

import pandas as pd
import streamlit as st

from components.filters.select import indented_labels
from components.layout.empty_state import empty_state
from components.streamlit_compat.url_widget import url_widget_key
from components.tables.column_types import Column
from components.tables.columns import COLUMNS, columns_named, metric_help
from components.tables.data_table import data_table
from components.text.metric_text import format_difference, format_in_unit
from components.url import query_params
from components.url.choice import url_segmented_control, write_choice
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from queries.metrics.metric import Metric

KIND_LABELS = {"territory": N_("Territories"), "organisation": N_("Organisations")}
ComparedKind = Literal["territory", "organisation"]
SIDES = ("a", "b")
SIDE_WIDTH, TABLE_HEIGHT = 215, 430  # pixels
MetricRow = Mapping[Hashable, float]  # a row of compared_metrics; its `figure` is a text


def kind_switch() -> ComparedKind:
    """A control for what is compared, with its state in the address."""
    chosen = url_segmented_control(
        "pair", _("What to compare"), {name: _(label) for name, label in KIND_LABELS.items()}, reset=SIDES
    )
    return "organisation" if chosen == "organisation" else "territory"


def pair_select(options: pd.DataFrame, default_codes: list[str]) -> tuple[str, str] | None:
    """Two select boxes; returns the codes chosen, or None (and an empty state) with fewer than two options.

    `options`: code, name, and in a tree parent and level, in the order of display. `default_codes`: shown where the
    address names none.
    """
    if len(options) < len(SIDES):
        empty_state(_("There are no two to compare here."))
        return None
    names_by_code = indented_labels(options)
    codes = list(names_by_code)
    ordered_codes = [
        *(code for code in default_codes if code in names_by_code),
        *(code for code in codes if code not in default_codes),
    ]
    chosen_codes: list[str] = []
    for side, column, default_code in zip(SIDES, st.columns(2), ordered_codes[:2], strict=True):
        key = url_widget_key(f"versus-{side}", query_params.read(side, names_by_code, default_code), names_by_code)
        with column:
            label = _("One") if side == "a" else _("The other")
            code: str = st.selectbox(
                label,
                codes,
                format_func=names_by_code.__getitem__,
                key=key,
                label_visibility="collapsed",
                on_change=write_choice,
                args=(side, key, None),
            )
        chosen_codes.append(code)
    return chosen_codes[0], chosen_codes[1]


def pair_names(options: pd.DataFrame, pair: tuple[str, str]) -> tuple[str, str]:
    """The names of a pair of codes. `options`: code, name."""
    names = options.set_index("code")["name"]
    return str(names[pair[0]]), str(names[pair[1]])


def side_by_side_table(rows: pd.DataFrame, metrics: "Mapping[str, Metric]", names: tuple[str, str]) -> None:
    """Show every metric of both sides and the difference, with the bounds of shares.

    `rows`: queries.resolution.side_by_side.compared_metrics. `metrics`: by their ids. `names`: of the sides.
    """
    table_rows = pd.DataFrame(
        [
            {
                "figure": _(metrics[row["figure"]].name),
                "a": _format_value(row, "a", metrics[row["figure"]]),
                "b": _format_value(row, "b", metrics[row["figure"]]),
                "difference": _format_difference(row, metrics[row["figure"]]),
                "verdict": _difference_verdict(row, metrics[row["figure"]]),
                "definition": metric_help(metrics[row["figure"]]).replace("\n\n", " "),
            }
            for row in rows.to_dict("records")
        ]
    )
    sides = tuple(Column(side, "", width=SIDE_WIDTH, title=name) for side, name in zip(SIDES, names, strict=True))
    data_table(
        table_rows,
        (COLUMNS["figure"], *sides, *columns_named("difference", "verdict", "definition")),
        key="versus",
        max_rows_shown=0,
        max_height=TABLE_HEIGHT,
        alt_text=_("{a} and {b} in every figure, with their difference").format(a=names[0], b=names[1]),
    )
    st.caption(
        _(
            "In brackets: the 95% interval (Wilson; for a difference Newcombe). "
            "A difference is significant where its bounds are both above or both below zero."
        )
    )


def _format_value(row: MetricRow, side: str, metric: "Metric") -> str:
    value, low, high = (row[f"{side}_{name}"] for name in ("value", "low", "high"))
    if isnan(value):
        return "—"
    value_text = format_in_unit(value, metric.unit, _larger_value(row))
    return (
        value_text if isnan(low) else f"{value_text} ({formats.fixed_decimal(low * 100, 1)}–{formats.percent(high, 1)})"
    )


def _format_difference(row: MetricRow, metric: "Metric") -> str:
    difference = row["difference"]
    if isnan(difference):
        return "—"
    difference_text = format_difference(difference, metric.unit, _larger_value(row))
    if metric.unit != "share" or isnan(row["low"]):
        return difference_text
    bounds = [formats.signed_text(formats.fixed_decimal(row[name] * 100, 1), row[name]) for name in ("low", "high")]
    return f"{difference_text} ({bounds[0]} … {bounds[1]})"


def _larger_value(row: MetricRow) -> float:
    """The larger value of the sides: both and their difference are written in its unit."""
    return max(row[f"{side}_value"] for side in SIDES if not isnan(row[f"{side}_value"]))


def _difference_verdict(row: MetricRow, metric: "Metric") -> str:
    """Which side is significantly better, or that it isn't significant; empty without bounds of the difference."""
    if isnan(row["low"]):
        return ""
    if row["low"] <= 0 <= row["high"]:
        return _("not significant")
    if metric.better is None:
        return _("significant")
    return _("first is better") if (row["low"] > 0) == (metric.better == "up") else _("second is better")
