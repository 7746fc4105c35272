"""The answers behind a bar of ratings, which a click on it opens below it: the address says which."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.panel import empty
from components.satisfaction import low_rating_outcomes
from components.tables.appeals import listed
from components.url import query_params
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from queries.satisfaction.drilldown import Bar

NAME = "answers"  # in the address
ALL = {"rating": N_("Answers rated {which}"), "delay": N_("Rated answers, {which}"), "fate": N_("Low ratings: {which}")}


def chosen(bars: "Mapping[Bar, Sequence[str]]") -> "tuple[Bar, str] | None":
    """Which bar is open: the kind of its chart and what it stands for. `bars`: queries.satisfaction.drilldown.BARS."""
    allowed = [f"{bar}-{bar_value}" for bar, bar_values in bars.items() for bar_value in bar_values]
    param = query_params.read(NAME, allowed, "", [])
    return next(
        (
            (bar, bar_value)
            for bar, bar_values in bars.items()
            for bar_value in bar_values
            if param == f"{bar}-{bar_value}"
        ),
        None,
    )


def title(bar: "Bar", bar_value: str, bounds: "Sequence[int]") -> str:
    """What is listed. `ends`: queries.satisfaction.by_answer_time.ENDS."""
    if bar == "delay":
        n = int(bar_value)
        label = formats.within(0 if not n else bounds[n - 1], bounds[n] if n < len(bounds) else None)
    else:
        label = _(low_rating_outcomes.SAID[bar_value][0]) if bar == "fate" else bar_value
    return _(ALL[bar]).format(which=label)


def appeals(rows: pd.DataFrame, heading: str, max_rows: int) -> None:
    """The list, and what closes it. `rows`: queries.satisfaction.drilldown.listed."""
    st.button(_("Close the list"), icon=":material/close:", key="answers-close", type="tertiary", on_click=close)
    if rows.empty:
        empty(_("There are none in these days with these filters."))
        return
    columns = {
        "number": (_("Number"), 115),
        "received_at": (_("Received"), 110),
        "closed_at": (_("Answered"), 110),
        "rated_at": (_("Rated"), 110),
        "rating": (_("Rating"), 70),
        "topic": (_("Topic"), 180),
        "territory": (_("Territory"), 145),
        "organisation": (_("Organisation"), 320),
        "status": (_("Status"), 165),
    }
    display_rows = rows.assign(rating=["—" if pd.isna(rating) else str(int(rating)) for rating in rows["rating"]])
    listed(display_rows, columns, "answers", heading)
    if len(rows) == max_rows:
        st.caption(_("The last {n} are listed: narrow the filters to see others.").format(n=formats.number(max_rows)))


def close() -> None:
    """Back to the page without a list."""
    query_params.write(**{NAME: None})
