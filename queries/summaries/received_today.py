"""Appeals received today by the hour, beside the same hours of the same kind of day in the weeks before."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import ARRAY, Double, Select, func, literal, select, true

from otklik.database.cubes.cube_tables import cube_hour
from otklik.database.transactions import query_dataframe
from otklik.deadlines.calendars import WorkingCalendar, territory_calendar
from queries.cache.live import live
from queries.core.conditions import column_in
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.facts import appeal_facts
from queries.core.local_days import DAY
from queries.core.received_range import received_days
from queries.core.reference import dimension_members, jurisdiction_of
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters

WEEKS_COMPARED = 8
MIN_BASE_DAYS = 5  # fewer days say little about what is usual
USUAL_QUANTILES = (0.1, 0.9)
HOURS = 24
SUNDAY = 6


class ReceivedToday(NamedTuple):
    """Appeals received today, and what is usual for such a day.

    `by_hour` has one row per hour of the local day: hour; `today`, NaN for hours that have begun in no region; `over`,
    whether the hour is over in every region; and `usual`, `usual_low` and `usual_high`: the median and the
    10th and 90th percentile of the whole hour on the `base_days` days, NaN with fewer than 5 of them.

    `so_far` is the number received today; `usual_by_now` has the 10th and 90th percentile of what had come on the base
    days when the clock of each region stood where it stands now, None with fewer than 5 of them.
    """

    by_hour: pd.DataFrame
    so_far: int
    usual_by_now: tuple[float, float] | None
    base_days: int


@live
def received_by_hour(filters: Filters) -> ReceivedToday:
    """Appeals received today by the hour. The base: the same weekday of the last 8 weeks without holidays.

    Today is the day in the time zone of the topmost territory; regions further east are ahead. On a holiday the base
    are Sundays and holidays. Days before the first appeal don't count.
    """
    resolved = resolve(filters)
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(top_timezone(resolved.territories))).date()
    first_day = received_days()[0]
    calendar = territory_calendar(*jurisdiction_of(resolved.regions))
    base_days = [day for day in comparable_days(today, calendar) if day >= first_day]
    clocks = {zone: _hours_gone(now.astimezone(ZoneInfo(zone)), today) for zone in set(resolved.timezones)}
    counts = query_dataframe(_hours_query(resolved, [today, *base_days], clocks)).astype(
        {"appeals": float, "by_now": float}
    )
    by_hour = counts.pivot_table(index="hour", columns="day", values="appeals", fill_value=0).reindex(
        index=range(HOURS), columns=[today, *base_days], fill_value=0.0
    )
    begun = by_hour.index < max(clocks.values(), default=0)
    rows = pd.DataFrame(
        {
            "hour": by_hour.index,
            "today": by_hour[today].where(begun),
            "over": by_hour.index < int(min(clocks.values(), default=0)),
            **_usual(by_hour[base_days]),
        }
    )
    by_now = counts.groupby("day")["by_now"].sum().reindex(base_days, fill_value=0.0)
    has_base = len(base_days) >= MIN_BASE_DAYS
    low, high = np.quantile(by_now, USUAL_QUANTILES) if has_base else (np.nan, np.nan)
    return ReceivedToday(
        rows, int(rows["today"].sum()), (float(low), float(high)) if has_base else None, len(base_days)
    )


def _hours_query(resolved: ResolvedFilters, days: list[date], clocks: dict[str, float]) -> Select[Any]:
    """One row per day and hour: `appeals`, and `by_now`, those until the clock of each region now.

    Within the hour that goes on, appeals are taken as evenly spread.
    """
    cells = _region_cells(resolved, min(days), max(days) + DAY).subquery()
    # An array by id, in place of a join: the planner takes the cells for a handful and compares each with every region.
    first_id = min(resolved.regions, default=0)
    hours_by_id = [0.0] * (max(resolved.regions, default=0) - first_id + 1)
    for region_id, zone in zip(resolved.regions, resolved.timezones, strict=True):
        hours_by_id[region_id - first_id] = clocks[zone]
    clock = select(literal(hours_by_id, ARRAY(Double)).label("hours_by_id")).subquery("clock")
    hours_gone = clock.c.hours_by_id[cells.c.region_id - (first_id - 1)]
    share_gone = func.greatest(0, func.least(1, hours_gone - cells.c.hour))
    return (
        select(
            cells.c.day,
            cells.c.hour,
            func.sum(cells.c.appeals).label("appeals"),
            func.sum(cells.c.appeals * share_gone).label("by_now"),
        )
        .join_from(cells, clock, true())
        .where(cells.c.day.in_(days))
        .group_by(cells.c.day, cells.c.hour)
    )


def _region_cells(resolved: ResolvedFilters, start: date, end: date) -> Select[Any]:
    """One row per region, local day in [start, end) and hour, or per appeal: region_id, day, hour, appeals."""
    if is_covered_by_region_cubes(resolved):
        cube = cube_hour.c
        return select(cube.territory_id.label("region_id"), cube.day, cube.hour, cube.appeals).where(
            column_in(cube.territory_id, resolved.regions), cube.day >= start, cube.day < end
        )
    rows = appeal_facts(resolved, start, end, ("day", "hour", "received"), "region_id").subquery().c
    return select(rows.region_id, rows.day, rows.hour, rows.received.label("appeals")).where(rows.hour.is_not(None))


def _usual(base_counts: pd.DataFrame) -> dict[str, pd.Series]:
    """The median and the percentiles of each row over the base days, one column a day."""
    names, shares = ("usual_low", "usual", "usual_high"), (USUAL_QUANTILES[0], 0.5, USUAL_QUANTILES[1])
    if base_counts.shape[1] < MIN_BASE_DAYS:
        return {name: pd.Series(np.nan, base_counts.index) for name in names}
    return {name: base_counts.quantile(share, axis="columns") for name, share in zip(names, shares, strict=True)}


def comparable_days(today: date, calendar: WorkingCalendar) -> Iterable[date]:
    """The days of the last 8 weeks that today can be compared with, the newest first."""
    earlier = [today - day * DAY for day in range(1, 7 * WEEKS_COMPARED + 1)]
    if _is_holiday(today, calendar):
        return [day for day in earlier if day.weekday() == SUNDAY or _is_holiday(day, calendar)]
    return [day for day in earlier if day.weekday() == today.weekday() and not _is_holiday(day, calendar)]


def _is_holiday(day: date, calendar: WorkingCalendar) -> bool:
    """Whether a day is off, or worked, other than the week has it."""
    return calendar.is_working_day(day) == calendar.is_weekend(day)


def _hours_gone(local_time: datetime, today: date) -> float:
    """The hours of `today` that are over at a local time: 0 before that day, 24 after it."""
    if local_time.date() != today:
        return float(HOURS) if local_time.date() > today else 0.0
    return (local_time - local_time.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(hours=1)


def top_timezone(territory_ids: tuple[int, ...]) -> str:
    """The name of the time zone of the first of the topmost territories; UTC without any."""
    return str(dimension_members("territory", "en")["timezone"][territory_ids[0]]) if territory_ids else "UTC"
