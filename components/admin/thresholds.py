"""The thresholds of the wall's figures: the table of those that hold, and the form that sets them for a territory."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from components.admin.person_form import reason_input
from components.tables.columns import columns_of
from components.tables.data_table import data_table
from components.text.escape import clean_line
from otklik.i18n import N_, _

UNIT_LABELS = {
    "share of open": N_("share of the open appeals"),
    "times usual": N_("times what has usually come by now"),
}
MAX_ROWS_SHOWN = 10
ORIGIN_LABELS = {True: N_("set here"), False: N_("from the file")}


class ThresholdFormResult(NamedTuple):
    """A submitted form; `levels` (watch, act) is None where the figure's own numbers are to be removed."""

    figure: str
    territory: str
    levels: tuple[float, float] | None
    reason: str


def threshold_table(rows: pd.DataFrame, territory_names: Mapping[str, str]) -> None:
    """One row a figure and territory. `rows`: queries.screens.threshold_rows."""
    data_table(
        rows.assign(
            figure=[_(name) for name in rows["name"]],
            territory=[territory_label(code, territory_names) for code in rows["territory"]],
            base=[_(UNIT_LABELS[unit]) for unit in rows["unit"]],
            source=[_(ORIGIN_LABELS[is_stored]) for is_stored in rows["is_stored"]],
        ),
        columns_of({"figure": 235, "territory": 200, "watch": 125, "act": 140, "base": 335, "source": 115}),
        key="thresholds",
        max_rows_shown=MAX_ROWS_SHOWN,
        alt_text=_("Thresholds of the wall's figures by territory"),
    )


def territory_label(code: str, territory_names: Mapping[str, str]) -> str:
    """A territory's name; every territory for the empty code."""
    return clean_line(territory_names.get(code, code)) if code else _("All territories")


def threshold_form(
    figure_names: Mapping[str, str], territory_names: Mapping[str, str], rows: pd.DataFrame
) -> ThresholdFormResult | None:
    """Choose a figure and a territory, and set its numbers; the values in the run after the form is submitted.

    `rows`: queries.screens.threshold_rows: the numbers begin with those that hold everywhere.
    """
    left, right = st.columns(2)
    figure_labels = {name: _(label) for name, label in figure_names.items()}
    figure = left.selectbox(
        _("Figure"), list(figure_labels), format_func=figure_labels.__getitem__, key="threshold-figure"
    )
    territory_labels = {code: territory_label(code, territory_names) for code in ("", *territory_names)}
    territory = right.selectbox(
        _("Territory"), list(territory_labels), format_func=territory_labels.__getitem__, key="threshold-territory"
    )
    own = _row_of(rows, figure, (territory, ""))
    key = f"threshold-{figure}-{territory}-{own['watch']}-{own['act']}"
    with st.form(key, border=False):
        left, right = st.columns(2)
        watch = left.number_input(_("“Watch” above"), 0.0, None, float(own["watch"]), 0.01, key=f"{key}-watch")
        act = right.number_input(_("“Act” above"), 0.0, None, float(own["act"]), 0.01, key=f"{key}-act")
        st.caption(_("Measured in: {unit}.").format(unit=_(UNIT_LABELS[str(own["unit"])])))
        reason = reason_input(f"{key}-reason")
        with st.container(horizontal=True, gap="small"):
            saves = st.form_submit_button(_("Set the thresholds"), type="primary")
            is_own = bool(own["is_stored"]) and own["territory"] == territory
            removes = is_own and st.form_submit_button(_("Remove what is set here"))
    if not saves and not removes:
        return None
    return ThresholdFormResult(figure, territory, None if removes else (watch, act), reason)


def _row_of(rows: pd.DataFrame, figure: str, territories: Sequence[str]) -> Mapping[Hashable, Any]:
    of_figure = rows[rows["figure"] == figure]
    row = next(of_figure[of_figure["territory"] == code] for code in territories if code in set(of_figure["territory"]))
    return row.to_dict("records")[0]
