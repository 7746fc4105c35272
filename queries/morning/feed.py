"""Whether appeals still arrive: the last one of each channel, beside how long ago it is at this time of other days."""

from datetime import UTC, datetime, timedelta
from math import isnan
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import ARRAY, Integer, Select, func, literal, select

from otklik.database.tables import appeal, timestamptz
from otklik.database.transactions import query_dataframe
from otklik.deadlines.calendars import territory_calendar
from queries.cache.background import background_timed
from queries.cache.live import live
from queries.core.conditions import filter_conditions
from queries.core.local_days import DAY
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.summaries.received_today import country_and_region, top_timezone

FeedState = Literal["alive", "quiet", "silent", "unknown"]
BASE_DAYS = 20
MAX_BASE_AGE = 70
"""Of the last so many days, the last 20 of today's kind (working day or day off) are what is usual."""
MIN_BASE_DAYS = 10
REACH = timedelta(days=7)
"""How far back the last appeal is looked for on each of those days, at least."""
RECENT = timedelta(minutes=15)
"""Longer than a base is cached: what has arrived since it was read is read at each change."""
SHORT_GAP = timedelta(minutes=15)
"""No shorter gap is quiet, however busy a channel is."""
SILENT_RATIO = 2


class Arrivals(NamedTuple):
    """When the base was read, and one row per channel and moment: the last arrival before it.

    Rows are channels by id, columns the moments, oldest first, the last one that of the reading; NaT where there is
    none within reach.
    """

    read_at: datetime
    last_before: pd.DataFrame


@live
def feed(filters: Filters) -> pd.DataFrame:
    """One row per channel from which anything came lately, those longest beyond their usual first.

    Columns: code, name, last_at (UTC), hours (since then), usual_hours (the longest that it was at this time on the
    last 20 days of today's kind; NaN with fewer than 10 known), and state: `quiet` beyond the usual (a quarter of an
    hour at least), `silent` beyond twice that, otherwise `alive`; `unknown` without a usual. All appeals of the
    territory and channel count, whatever the other filters.
    """
    feed_filters = Filters(
        filters.start, filters.start, "none", territory=filters.territory, channel=filters.channel
    ).without_period()
    now, arrivals = datetime.now(UTC), arrivals_by_channel(feed_filters)
    recent = query_dataframe(_last_query(resolve(feed_filters), arrivals.read_at - RECENT))
    last_before = arrivals.last_before
    newest = pd.concat([last_before.iloc[:, -1], pd.to_datetime(recent.set_index("channel_id")["last_at"], utc=True)])
    last_at = newest.groupby(level=0).max()
    usual = _usual_hours(last_before).reindex(last_at.index)
    members = dimension_members("channel", filters.language)
    hours = (pd.Timestamp(now) - last_at).dt.total_seconds() / 3600
    rows = pd.DataFrame(
        {
            "code": members["code"].reindex(last_at.index),
            "name": members["name"].reindex(last_at.index),
            "last_at": [moment.to_pydatetime() for moment in last_at],
            "hours": hours,
            "usual_hours": usual,
            "state": [_state(age, limit) for age, limit in zip(hours, usual, strict=True)],
        }
    )
    excess = (rows["hours"] / rows["usual_hours"].clip(lower=SHORT_GAP / timedelta(hours=1))).fillna(0)
    return (
        rows.assign(excess=excess).sort_values("excess", ascending=False).drop(columns="excess").reset_index(drop=True)
    )


def _state(hours: float, usual_hours: float) -> FeedState:
    if isnan(usual_hours):
        return "unknown"
    limit = max(usual_hours, SHORT_GAP / timedelta(hours=1))
    return "alive" if hours <= limit else "quiet" if hours <= SILENT_RATIO * limit else "silent"


def _usual_hours(last_before: pd.DataFrame) -> "pd.Series[float]":
    """The longest time since the last arrival, over the base moments, in hours.

    A channel whose moments have no time of day, as of a source that gives days alone, is a day behind before its file
    of the day is read: it is allowed that day besides.
    """
    moments = pd.DatetimeIndex(last_before.columns[:-1])
    ages = pd.DataFrame(
        {moment: (pd.Timestamp(moment) - last_before[moment]).dt.total_seconds() / 3600 for moment in moments},
        last_before.index,
    )
    is_by_day = pd.DataFrame(
        {
            moment: last_before[moment].isna() | (last_before[moment].dt.floor("h") == last_before[moment])
            for moment in moments
        },
        last_before.index,
    ).all(axis=1)
    known = ages.notna().sum(axis=1) >= MIN_BASE_DAYS
    return (ages.max(axis=1) + 24 * is_by_day).where(known)


@background_timed
def arrivals_by_channel(filters: Filters) -> Arrivals:
    """The last arrival of each channel before this time of the base days, and before now: one pass over the appeals."""
    resolved, now = resolve(filters), datetime.now(UTC)
    moments = [*_base_moments(resolved, now), now]
    rows = query_dataframe(_arrivals_query(resolved, moments))
    table = rows.pivot_table(index="channel_id", columns="position", values="last_at", aggfunc="max")
    table = table.reindex(columns=range(len(moments))).ffill(axis=1)
    table.columns = pd.DatetimeIndex(pd.to_datetime(moments, utc=True))
    return Arrivals(now, table.apply(pd.to_datetime, utc=True))


def _base_moments(resolved: ResolvedFilters, now: datetime) -> list[datetime]:
    """The same time of the last days of today's kind, by the clock of the topmost territory, oldest first."""
    zone, calendar = ZoneInfo(top_timezone(resolved.territories)), territory_calendar(*country_and_region(resolved))
    local_now = now.astimezone(zone)
    today, clock = local_now.date(), local_now.time().replace(fold=0)
    days = [today - age * DAY for age in range(1, MAX_BASE_AGE + 1)]
    alike = [day for day in days if calendar.is_working_day(day) == calendar.is_working_day(today)]
    return [datetime.combine(day, clock, zone).astimezone(UTC) for day in reversed(alike[:BASE_DAYS])]


def _arrivals_query(resolved: ResolvedFilters, moments: list[datetime]) -> Select[Any]:
    """One row per channel and position of the next of the moments: the last arrival before it."""
    position = func.width_bucket(appeal.c.received_at, literal(moments, ARRAY(timestamptz)), type_=Integer)
    return (
        select(appeal.c.channel_id, position.label("position"), func.max(appeal.c.received_at).label("last_at"))
        .where(appeal.c.received_at >= moments[0] - REACH, appeal.c.received_at < moments[-1])
        .where(*filter_conditions(resolved, appeal))
        .group_by(appeal.c.channel_id, position)
    )


def _last_query(resolved: ResolvedFilters, since: datetime) -> Select[Any]:
    """One row per channel with anything received since a moment, and not in the future: channel_id, last_at."""
    return (
        select(appeal.c.channel_id, func.max(appeal.c.received_at).label("last_at"))
        .where(appeal.c.received_at >= since, appeal.c.received_at <= func.now())
        .where(*filter_conditions(resolved, appeal))
        .group_by(appeal.c.channel_id)
    )
