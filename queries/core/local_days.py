"""Local days: when a day begins in each region, which day is running, and bounds in UTC around a range of days."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters

DAY = timedelta(days=1)
DAY_SECONDS = 86_400


def local_midnight(day: date, timezone: str) -> datetime:
    """The moment at which a day begins in a time zone."""
    return datetime.combine(day, time.min, ZoneInfo(timezone))


def day_starts(day: date, timezones: Iterable[str]) -> list[datetime]:
    """The moment at which a day begins in each of the time zones, in their order."""
    return [local_midnight(day, timezone) for timezone in timezones]


def utc_bounds(start: date, end: date, timezones: Sequence[str] = ()) -> tuple[datetime, datetime]:
    """Two moments around the local days [start, end) of these time zones, or of any time zone if none is given.

    Coarse bounds for the index; the exact local day is checked after. They are moments, not dates, since row-level
    security lets an index use a comparison of two moments but not one of a moment with a date.
    """
    if timezones:
        return min(day_starts(start, timezones)), max(day_starts(end, timezones))
    # A local day lies within a day of the same date in UTC.
    lower, upper = (datetime.combine(day, time.min, UTC) for day in (start - DAY, end + DAY))
    return lower, upper


def running_day(resolved: ResolvedFilters, now: datetime | None = None) -> tuple[date, list[datetime]]:
    """The earliest local day that is not over in every region shown, and when it began in each of them."""
    now = now or datetime.now(UTC)
    day = min((now.astimezone(ZoneInfo(timezone)).date() for timezone in resolved.timezones), default=now.date())
    return day, day_starts(day, resolved.timezones)


def through_running_day(filters: Filters) -> Filters:
    """The filters with a period that lasts at least until the running day is over, so that its state is the one now."""
    return replace(filters, end=max(filters.end, running_day(resolve(filters))[0] + DAY))


def is_period_over(resolved: ResolvedFilters, end: date) -> bool:
    """Whether the local days before `end` are over in every region shown."""
    return end <= running_day(resolved)[0]
