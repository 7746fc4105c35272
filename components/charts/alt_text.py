"""What each chart says, in words: for those who listen to a screen, and beside the chart."""

import pandas as pd

from otklik.i18n import _, formats


def flow(daily: pd.DataFrame) -> str:
    """How much was received and closed, and on which day most came."""
    peak = daily["received"].to_numpy().argmax()
    said = _("{received} received and {closed} closed from {start} to {end}; most received on {day}: {n}")
    return said.format(
        received=formats.number(daily["received"].sum()),
        closed=formats.number(daily["closed"].sum()),
        start=formats.day(daily["day"].iloc[0]),
        end=formats.day(daily["day"].iloc[-1]),
        day=formats.day(daily["day"].iloc[peak]),
        n=formats.number(daily["received"].iloc[peak]),
    )


def backlog(daily: pd.DataFrame) -> str:
    """How many were open at first and at the end."""
    before, after = daily["backlog"].iloc[0], daily["backlog"].iloc[-1]
    said = _("Backlog: {before} open at first, {after} at the end")
    return said.format(before=formats.number(before), after=formats.number(after))


def hours(hourly: pd.DataFrame) -> str:
    """How today stands against a usual such day, by the hours that are over."""
    over = hourly[hourly["today"].notna()].iloc[:-1]
    if over.empty:
        return _("{n} so far").format(n=formats.number(hourly["today"].sum()))
    said = _("{n} by {time}; usually {usual}")
    today, usual = formats.number(over["today"].sum()), formats.number(over["usual"].sum())
    return said.format(n=today, time=f"{len(over):02}:00", usual=usual)


def ranked(rows: pd.DataFrame, what: str) -> str:
    """The first of a ranking, and the one least often on time."""
    first = _("{what}: most in {name}, {n} received").format(
        what=what, name=rows["name"].iloc[0], n=formats.number(rows["received"].iloc[0])
    )
    sure = rows[~rows["small"] & rows["on_time_rate"].notna()]
    if sure.empty:
        return first
    worst = sure["on_time_rate"].to_numpy().argmin()
    share = formats.percent(sure["on_time_rate"].iloc[worst], 1)
    return first + _("; least often on time: {name}, {share}").format(name=sure["name"].iloc[worst], share=share)
