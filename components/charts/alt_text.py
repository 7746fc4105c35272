"""What each chart says, in words: for those who listen to a screen, and beside the chart."""

import pandas as pd

from otklik.i18n import _, formats


def received_closed_summary(daily: pd.DataFrame) -> str:
    """How much was received and closed, and on which day most came."""
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
    """How many were open at first and at the end."""
    first, last = daily["backlog"].iloc[0], daily["backlog"].iloc[-1]
    template = _("Backlog: {before} open at first, {after} at the end")
    return template.format(before=formats.number(first), after=formats.number(last))


def hourly_summary(hourly: pd.DataFrame) -> str:
    """How today stands against a usual such day, by the hours that are over."""
    past_hours = hourly[hourly["today"].notna()].iloc[:-1]
    if past_hours.empty:
        return _("{n} so far").format(n=formats.number(hourly["today"].sum()))
    template = _("{n} by {time}; usually {usual}")
    today_count, usual_count = formats.number(past_hours["today"].sum()), formats.number(past_hours["usual"].sum())
    return template.format(n=today_count, time=f"{len(past_hours):02}:00", usual=usual_count)


def ranking_summary(rows: pd.DataFrame, subject: str) -> str:
    """The first of a ranking, and the one least often on time."""
    summary = _("{what}: most in {name}, {n} received").format(
        what=subject, name=rows["name"].iloc[0], n=formats.number(rows["received"].iloc[0])
    )
    reliable = rows[~rows["small"] & rows["on_time_rate"].notna()]
    if reliable.empty:
        return summary
    worst_index = reliable["on_time_rate"].to_numpy().argmin()
    worst_rate = formats.percent(reliable["on_time_rate"].iloc[worst_index], 1)
    return summary + _("; least often on time: {name}, {share}").format(
        name=reliable["name"].iloc[worst_index], share=worst_rate
    )
