"""Whether appeals still arrive: the last one of each channel, beside how long ago it is at this time of other days."""

from datetime import UTC, datetime, timedelta
from math import isnan
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import ARRAY, ColumnElement, Double, Integer, Select, cast, func, literal, select

from otklik.database.tables import appeal, timestamptz
from otklik.database.transactions import query_dataframe
from otklik.deadlines.calendars import territory_calendar
from queries.cache.background import background_timed
from queries.cache.live import live
from queries.core.conditions import filter_conditions
from queries.core.local_days import DAY
from queries.core.reference import dimension_members, jurisdiction_of
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.summaries.received_today import top_timezone

FeedState = Literal["alive", "quiet", "silent", "unknown"]
BASE_DAYS = 20
MAX_BASE_AGE = 70
"""Of the last so many days, the last 20 of today's kind (working day or day off) are what is usual."""
MIN_BASE_DAYS = 10
REACH = timedelta(days=7)
"""How far back the last appeal is looked for on each of those days, at least."""
RECENT = timedelta(minutes=15)
"""Longer than a base is cached: what has arrived since it was read is read at each change."""
SHORT_GAP_HOURS = 0.25
"""No shorter gap is quiet, however busy a channel is."""
SILENT_RATIO = 2
HOUR_SECONDS = 3600


class Arrivals(NamedTuple):
    """When the base was read, and one row per channel (its id): the last arrival before each of some moments.

    Arrivals and moments, which are the columns, oldest first, are in seconds since 1970; the last moment is that of the
    reading. NaN where there is no arrival within reach.
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
    recent = query_dataframe(_last_query(resolve(feed_filters), arrivals.read_at - RECENT)).set_index("channel_id")
    last_known = arrivals.last_before.iloc[:, -1]
    last_at = pd.concat([last_known, recent["last_at"].astype(float)]).groupby(level=0).max().dropna()
    usual = _usual_hours(arrivals.last_before).reindex(last_at.index)
    hours = (now.timestamp() - last_at) / HOUR_SECONDS
    members = dimension_members("channel", filters.language)
    rows = pd.DataFrame(
        {
            "code": members["code"].reindex(last_at.index),
            "name": members["name"].reindex(last_at.index),
            "last_at": pd.Series([datetime.fromtimestamp(at, UTC) for at in last_at], last_at.index, object),
            "hours": hours,
            "usual_hours": usual,
            "state": [_state(age, limit) for age, limit in zip(hours, usual, strict=True)],
        }
    )
    excess = (hours / usual.clip(lower=SHORT_GAP_HOURS)).fillna(0)
    order = excess.sort_values(ascending=False, kind="stable").index
    sorted_rows: pd.DataFrame = rows.loc[order].reset_index(drop=True)
    return sorted_rows


def _state(hours: float, usual_hours: float) -> FeedState:
    if isnan(usual_hours):
        return "unknown"
    limit = max(usual_hours, SHORT_GAP_HOURS)
    return "alive" if hours <= limit else "quiet" if hours <= SILENT_RATIO * limit else "silent"


def _usual_hours(last_before: pd.DataFrame) -> "pd.Series[float]":
    """The longest time since the last arrival, over the base moments, in hours.

    A channel whose arrivals have no time of day, as of a source that gives days alone, is a day behind before its file
    of the day is read: it is allowed that day besides.
    """
    base = last_before.iloc[:, :-1]
    ages = base.rsub(base.columns.to_numpy(float), axis="columns") / HOUR_SECONDS
    is_by_day = ((base % HOUR_SECONDS == 0) | base.isna()).all(axis=1)
    is_known = ages.notna().sum(axis=1) >= MIN_BASE_DAYS
    usual: pd.Series[float] = (ages.max(axis=1) + 24 * is_by_day).where(is_known)
    return usual


@background_timed
def arrivals_by_channel(filters: Filters) -> Arrivals:
    """The last arrival of each channel before this time of the base days, and before now: one pass over the appeals."""
    resolved, now = resolve(filters), datetime.now(UTC)
    moments = [*_base_moments(resolved, now), now]
    rows = query_dataframe(_arrivals_query(resolved, moments))
    channel_ids = sorted({int(channel_id) for channel_id in rows["channel_id"]})
    table = pd.DataFrame(np.nan, channel_ids, [moment.timestamp() for moment in moments])
    for channel_id, position, last_at in rows.itertuples(index=False):
        table.iloc[channel_ids.index(channel_id), position] = float(last_at)
    return Arrivals(now, table.cummax(axis="columns").ffill(axis="columns"))


def _base_moments(resolved: ResolvedFilters, now: datetime) -> list[datetime]:
    """The same time of the last days of today's kind, by the clock of the topmost territory, oldest first."""
    zone, calendar = (
        ZoneInfo(top_timezone(resolved.territories)),
        territory_calendar(*jurisdiction_of(resolved.regions)),
    )
    local_now = now.astimezone(zone)
    today, clock = local_now.date(), local_now.time().replace(fold=0)
    days = [today - age * DAY for age in range(1, MAX_BASE_AGE + 1)]
    alike = [day for day in days if calendar.is_working_day(day) == calendar.is_working_day(today)]
    return [datetime.combine(day, clock, zone).astimezone(UTC) for day in reversed(alike[:BASE_DAYS])]


def _epoch(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """A moment in seconds since 1970."""
    return cast(func.extract("epoch", moment), Double)


def _arrivals_query(resolved: ResolvedFilters, moments: list[datetime]) -> Select[Any]:
    """One row per channel and position of the next of the moments: the last arrival before it."""
    position = func.width_bucket(appeal.c.received_at, literal(moments, ARRAY(timestamptz)), type_=Integer)
    return (
        select(appeal.c.channel_id, position.label("position"), _epoch(func.max(appeal.c.received_at)).label("last_at"))
        .where(appeal.c.received_at >= moments[0] - REACH, appeal.c.received_at < moments[-1])
        .where(*filter_conditions(resolved, appeal))
        .group_by(appeal.c.channel_id, position)
    )


def _last_query(resolved: ResolvedFilters, since: datetime) -> Select[Any]:
    """One row per channel with anything received since a moment, and not in the future: channel_id, last_at."""
    return (
        select(appeal.c.channel_id, _epoch(func.max(appeal.c.received_at)).label("last_at"))
        .where(appeal.c.received_at >= since, appeal.c.received_at <= func.now())
        .where(*filter_conditions(resolved, appeal))
        .group_by(appeal.c.channel_id)
    )
