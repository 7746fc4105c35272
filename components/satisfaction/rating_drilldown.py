"""The answers behind a bar of ratings, which a click on it opens below it: the address says which."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.satisfaction import low_rating_outcomes
from components.tables.appeals import appeals_table
from components.tables.columns import RATED, columns_of
from components.tables.row_limit import last_rows_note
from components.url import query_params
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from queries.satisfaction.drilldown import BarKind

PARAM = "answers"  # in the address
TITLES = {
    "rating": N_("Answers rated {which}"),
    "delay": N_("Rated answers, {which}"),
    "fate": N_("Low ratings: {which}"),
}


def selected_bar(bars: "Mapping[BarKind, Sequence[str]]") -> "tuple[BarKind, str] | None":
    """Which bar is open: the kind of its chart and what it stands for. `bars`: queries.satisfaction.drilldown.BAR_VALUES."""
    allowed = [f"{bar}-{bar_value}" for bar, bar_values in bars.items() for bar_value in bar_values]
    param = query_params.read(PARAM, allowed, "", [])
    return next(
        (
            (bar, bar_value)
            for bar, bar_values in bars.items()
            for bar_value in bar_values
            if param == f"{bar}-{bar_value}"
        ),
        None,
    )


def list_title(bar: "BarKind", bar_value: str, bounds: "Sequence[int]") -> str:
    """What is listed. `ends`: queries.satisfaction.by_answer_time.CLASS_END_DAYS."""
    if bar == "delay":
        n = int(bar_value)
        label = formats.duration_range(0 if not n else bounds[n - 1], bounds[n] if n < len(bounds) else None)
    else:
        label = _(low_rating_outcomes.OUTCOME_LABELS[bar_value][0]) if bar == "fate" else bar_value
    return _(TITLES[bar]).format(which=label)


def rated_appeals_table(rows: pd.DataFrame, heading: str, max_rows: int) -> None:
    """The list, and what closes it. `rows`: queries.satisfaction.drilldown.appeals_behind_bar."""
    st.button(_("Close the list"), icon=":material/close:", key="answers-close", type="tertiary", on_click=close_list)
    if rows.empty:
        empty_state(_("There are none in these days with these filters."))
        return
    appeals_table(rows, columns_of(RATED), "answers", heading)
    last_rows_note(len(rows), max_rows)


def close_list() -> None:
    """Back to the page without a list."""
    query_params.write(**{PARAM: None})
