"""What is said in a discussion day by day."""

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
from components.text.discussion_text import PHASE_LABELS
from otklik.i18n import _, current_language, formats

if TYPE_CHECKING:
    from queries.discussions.details import Discussion

CHART_HEIGHT = 200  # pixels


def activity_chart(rows: pd.DataFrame, discussion: "Discussion") -> None:
    """Bars of the comments of each day, with the reactions on hover. `rows`: details.activity_by_day."""
    if rows.empty:
        empty_state(_("Nobody has commented or reacted yet."))
        return
    show_chart(build_activity_chart(rows, discussion))


def build_activity_chart(rows: pd.DataFrame, discussion: "Discussion") -> Chart:
    """Build the bars of days, whose rows say in a file which phase the discussion is in."""
    days = (rows["day"].max() - rows["day"].min()).days + 1
    display_rows = rows.assign(date=[formats.day(day) for day in rows["day"]], phase=_(PHASE_LABELS[discussion.phase]))
    most = display_rows.iloc[int(display_rows["comments"].to_numpy().argmax())]
    alt_text = _("Comments by day, most of them, {n}, on {day}").format(
        n=formats.number(most["comments"]), day=most["date"]
    )
    labels = (_("Comments"), _("Reactions"))
    return Chart(
        display_rows, activity_spec(current_language(), labels, days // MAX_DAY_TICKS + 1), CHART_HEIGHT, alt_text
    )


@cache
def activity_spec(language: str, labels: tuple[str, str], tick_step: int) -> Spec:
    """Bars of comments by day."""
    chart = (
        alt.Chart(NAMED_DATA)
        .mark_bar(width=8)
        .encode(
            x=day_axis(DayAxisOptions(16, tick_step, weekly=False), show_labels=True),
            y=alt.Y("comments:Q", axis=count_axis(3)),
            color=palette_colour("received"),
            tooltip=[
                alt.Tooltip("date:N", title=" "),
                alt.Tooltip("comments:Q", title=labels[0], format=",.0f"),
                alt.Tooltip("reactions:Q", title=labels[1], format=",.0f"),
            ],
        )
    )
    return to_spec(chart, language)
