"""Alt texts of the overview's charts: one sentence each, for screen readers and beside the chart."""

from typing import TYPE_CHECKING

import pandas as pd

from otklik.i18n import _, formats

if TYPE_CHECKING:
    from queries.summaries.received_today import ReceivedToday


def received_closed_summary(daily: pd.DataFrame) -> str:
    """Sum up what was received and closed, with the day on which most was received.

    `daily`: at least one row of queries.overview.flow_by_day.
    """
    peak_index = daily["received"].to_numpy().argmax()
    template = _("{received} received and {closed} closed from {start} to {end}; most received on {day}: {n}")
    return template.format(
        received=formats.number(daily["received"].sum()),
        closed=formats.number(daily["closed"].sum()),
        start=formats.day(daily["day"].iloc[0]),
        end=formats.day(daily["day"].iloc[-1]),
        day=formats.day(daily["day"].iloc[peak_index]),
        n=formats.number(daily["received"].iloc[peak_index]),
    )


def backlog_summary(daily: pd.DataFrame) -> str:
    """Name the backlog at the end of the first and of the last day.

    `daily`: at least one row of queries.overview.flow_by_day.
    """
    first, last = daily["backlog"].iloc[0], daily["backlog"].iloc[-1]
    template = _("Backlog: {before} open at first, {after} at the end")
    return template.format(before=formats.number(first), after=formats.number(last))


def hourly_summary(received: "ReceivedToday") -> str:
    """What was received today, and what is usual by now; a word where it is outside of that.

    `received`: queries.summaries.received_today.received_by_hour.
    """
    n = formats.number(received.so_far)
    if received.usual_by_now is None:
        return _("{n} so far today").format(n=n)
    low, high = (round(bound) for bound in received.usual_by_now)
    template = (
        _("{n} so far today, fewer than usual: {low}–{high} by now")
        if received.so_far < low
        else _("{n} so far today, more than usual: {low}–{high} by now")
        if received.so_far > high
        else _("{n} so far today; usually {low}–{high} by now")
    )
    return template.format(n=n, low=formats.number(low), high=formats.number(high))


def ranking_summary(rows: pd.DataFrame, subject: str) -> str:
    """Name the member with most received and, of those with enough cases, the one with the lowest on-time rate.

    `rows`: at least one row of queries.overview.topic_ranking or queries.overview.territory_ranking. `subject`: what
    the rows are, translated.
    """
    summary = _("{what}: most in {name}, {n} received").format(
        what=subject, name=rows["name"].iloc[0], n=formats.number(rows["received"].iloc[0])
    )
    reliable = rows[~rows["small"] & rows["on_time_rate"].notna()]
    if len(reliable) < 2:  # noqa: PLR2004 -- a lone one would be compared with itself
        return summary
    worst_index = reliable["on_time_rate"].to_numpy().argmin()
    worst_rate = formats.percent(reliable["on_time_rate"].iloc[worst_index], 1)
    return summary + _("; least often on time: {name}, {share}").format(
        name=reliable["name"].iloc[worst_index], share=worst_rate
    )
