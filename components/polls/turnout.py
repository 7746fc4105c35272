"""Who voted: votes by day, and by one property of the voters."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from components.charts.chart import Chart, show_chart
from components.charts.theme import (
    MAX_DAY_TICKS,
    NAMED_DATA,
    DayAxisOptions,
    Spec,
    count_axis,
    day_axis,
    palette_colour,
    to_spec,
)
from components.layout.empty_state import empty_state
from components.tables.columns import columns_of
from components.tables.data_table import data_table
from components.text.poll_text import STATUS_LABELS, group_label
from otklik.i18n import _, current_language, formats

if TYPE_CHECKING:
    from queries.polls.details import Poll
    from queries.polls.results import Breakdown

DAY_CHART_HEIGHT = 220  # pixels
MAX_GROUPS_SHOWN = 12
NAME_WIDTH, SHARE_WIDTH, STATE_WIDTH = 120, 90, 85  # pixels


def votes_by_day_chart(rows: pd.DataFrame, poll: "Poll") -> None:
    """Bars of the votes of each day. `rows`: queries.polls.results.votes_by_day."""
    if rows.empty:
        empty_state(_("Nobody has voted yet."))
    else:
        show_chart(build_day_chart(rows, poll))


def build_day_chart(rows: pd.DataFrame, poll: "Poll") -> Chart:
    """Build the bars of days, whose rows say in a file whether the poll is running."""
    days = (rows["day"].max() - rows["day"].min()).days + 1
    display_rows = rows.assign(
        ballots=rows["ballots"].astype("int64"),
        date=[formats.day(day) for day in rows["day"]],
        state=_(STATUS_LABELS[poll.status]),
    )
    best = display_rows.iloc[int(display_rows["ballots"].to_numpy().argmax())]
    alt_text = _("Votes by day, most of them, {n}, on {day}").format(
        n=formats.number(best["ballots"]), day=best["date"]
    )
    spec = day_spec(current_language(), _("Votes"), days // MAX_DAY_TICKS + 1)
    return Chart(display_rows, spec, DAY_CHART_HEIGHT, alt_text)


@cache
def day_spec(language: str, title: str, tick_step: int) -> Spec:
    """Bars by day."""
    chart = (
        alt.Chart(NAMED_DATA)
        .mark_bar(width=8)
        .encode(
            x=day_axis(DayAxisOptions(16, tick_step, weekly=False), show_labels=True),
            y=alt.Y("ballots:Q", axis=count_axis(3)),
            color=palette_colour("received"),
            tooltip=[alt.Tooltip("date:N", title=" "), alt.Tooltip("ballots:Q", title=title, format=",.0f")],
        )
    )
    return to_spec(chart, language)


def voters_table(breakdown: "Breakdown", dimension: str, population_shares: Mapping[int, float], poll: "Poll") -> None:
    """How many of each group voted, their share of all votes, and of all who live there, where that is known.

    `population_shares`: queries.polls.representativeness.population_shares.
    """
    groups = breakdown.groups
    if groups.empty:
        empty_state(_("Too few people have voted: nothing is shown yet."))
        return
    names = [group_label(dimension, key, name) for key, name in zip(groups["key"], groups["name"], strict=True)]
    living = pd.Series([population_shares.get(key) for key in groups["key"]], groups.index, dtype="float64")
    rows = groups.assign(name=names, population_share=living, state=_(STATUS_LABELS[poll.status]))
    shares = ["share", "population_share"] if population_shares else ["share"]
    data_table(
        rows,
        columns_of({"name": NAME_WIDTH, "ballots": 74, **dict.fromkeys(shares, SHARE_WIDTH), "state": STATE_WIDTH}),
        key="poll-voters",
        max_rows_shown=MAX_GROUPS_SHOWN,
        alt_text=_("Votes of each group, and their share of all votes"),
    )
