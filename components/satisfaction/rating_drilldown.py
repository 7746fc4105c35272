"""The answers behind a bar of a rating chart, listed below the chart; which bar it is stands in the address."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.satisfaction import low_rating_outcomes, verdicts
from components.tables.appeals import appeals_table
from components.tables.columns import RATED, columns_of
from components.tables.row_limit import last_rows_note
from components.url import query_params
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from queries.satisfaction.drilldown import BarKind

PARAM = "answers"  # the query parameter with the bar
TITLES = {
    "rating": N_("Answers rated {which}"),
    "delay": N_("Rated answers, {which}"),
    "fate": N_("Low ratings: {which}"),
    "verdict": N_("Answers “resolved”: {which}"),
}


def bar_codes(bars: "Mapping[BarKind, Sequence[str]]") -> list[str]:
    """All values of the parameter. `bars`: queries.satisfaction.drilldown.BAR_VALUES."""
    return [f"{bar}-{bar_value}" for bar, bar_values in bars.items() for bar_value in bar_values]


def selected_bar(bars: "Mapping[BarKind, Sequence[str]]") -> "tuple[BarKind, str] | None":
    """The kind and value of the bar whose answers are listed, from the address; None without one.

    `bars`: queries.satisfaction.drilldown.BAR_VALUES.
    """
    param = query_params.read(PARAM, bar_codes(bars), "")
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
    """The title of the list of a bar. `bounds`: queries.satisfaction.by_answer_time.CLASS_END_DAYS."""
    if bar == "delay":
        n = int(bar_value)
        label = formats.duration_range(0 if not n else bounds[n - 1], bounds[n] if n < len(bounds) else None)
    elif bar == "verdict":
        label = _(verdicts.VERDICT_LABELS[bar_value][0])
    else:
        label = _(low_rating_outcomes.OUTCOME_LABELS[bar_value][0]) if bar == "fate" else bar_value
    return _(TITLES[bar]).format(which=label)


def rated_appeals_table(rows: pd.DataFrame, heading: str, max_rows: int) -> None:
    """Show the list and a button that closes it. `rows`: queries.satisfaction.drilldown.appeals_behind_bar."""
    st.button(_("Close the list"), icon=":material/close:", key="answers-close", type="tertiary", on_click=close_list)
    if rows.empty:
        empty_state(_("There are none in these days with these filters."))
        return
    appeals_table(rows, columns_of(RATED), "answers", heading)
    last_rows_note(len(rows), max_rows)


def close_list() -> None:
    """Close the list: a callback that removes the bar from the address."""
    query_params.write(**{PARAM: None})
