"""What else is unusual: the recurring problems of the last weeks, each with a link to its appeals."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.filters.figure_link import figure_link, period_params
from components.layout.empty_state import empty_state
from components.text.escape import escape_markdown
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from queries.filters import Filters
    from queries.surges.episodes import Surges


def unusual_topics(rows: pd.DataFrame, filters: "Filters", surges: "Surges") -> None:
    """One block per row of queries.resolution.recurring.recurring_problems, over the days of the filters.

    Without any, that nothing is unusual is said only where surges, which stand above, were searched and not found.
    """
    day_params = period_params(filters.start, filters.end - timedelta(days=1))
    if rows.empty and not surges.rows.empty:
        return
    if rows.empty and surges.is_current:
        empty_state(_("Nothing is unusual: no topic has surely more appeals from a place than its history and season."))
    elif rows.empty:
        empty_state(_("No topic has more appeals from a place than its history and the season lead to expect."))
    with st.container(gap="xsmall"):
        for row in rows.to_dict("records"):
            with st.container(gap=None):
                st.markdown(f"**{escape_markdown(str(row['topic']))}** · {escape_markdown(str(row['territory']))}")
                label = _("{n} received, {expected} expected: {ratio} times").format(
                    n=formats.number(row["received"]),
                    expected=formats.number(row["expected"], 1),
                    ratio=formats.fixed_decimal(row["ratio"], 1),
                )
                codes = {"territory": str(row["territory_code"]), "topic": str(row["topic_code"])}
                figure_link(label, "regions", figure="received", **codes, **day_params)
    st.caption(
        _("{days}; of what is listed, at most 5% is chance.").format(
            days=formats.date_range(filters.start, filters.end)
        )
    )
