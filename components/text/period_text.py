"""A period and the one that it is compared with, in words."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from otklik.deadlines.calendars import WorkingCalendar, territory_calendar
from otklik.i18n import _, current_language, formats

if TYPE_CHECKING:
    from queries.filters import Filters

ONE_DAY = timedelta(days=1)
DAYS_ACROSS_A_WEEKEND = 3


def period_label(filters: "Filters", today: date) -> str:
    """The days shown and the days they are compared with; the holidays where these have other working days.

    `today`: the day that goes on, compared up to the time of day that it is now.
    """
    period = formats.date_range(filters.start, filters.end)
    comparison = filters.comparison_filters()
    if filters.compare != "none" and comparison is None and filters.data_start is not None:
        return _("{days}; nothing to compare with: no data before {first}").format(
            days=period, first=formats.day(filters.data_start)
        )
    if comparison is None:
        return period
    template = (
        _("{days}, compared with {others} up to this hour")
        if filters.end > today
        else _("{days}, compared with {others}")
    )
    periods = template.format(days=period, others=formats.date_range(comparison.start, comparison.end))
    calendar = territory_calendar(*filters.jurisdiction)
    n, m = (calendar.count_working_days(part.start - ONE_DAY, part.end - ONE_DAY) for part in (filters, comparison))
    if n == m:
        return periods
    names = [name for part in (comparison, filters) for name in holiday_texts(calendar, part.start, part.end)]
    return _("{periods}; working days: {n} and {m} ({holidays})").format(
        periods=periods, n=n, m=m, holidays=", ".join(names)
    )


def holiday_texts(calendar: WorkingCalendar, start: date, end: date) -> list[str]:
    """The days [start, end) that are off or worked other than the week has it: dates and name, in order."""
    runs: list[tuple[date, date, str | None]] = []
    for day, name in calendar.unusual_days(start, end, current_language()):
        # A weekend may lie between days of the same holiday.
        if runs and runs[-1][2] == name and (day - runs[-1][1]).days <= DAYS_ACROSS_A_WEEKEND:
            runs[-1] = (runs[-1][0], day, name)
        else:
            runs.append((day, day, name))
    exchanged = _("worked in exchange")
    return [
        f"{formats.date_range(first, last + ONE_DAY)}: {exchanged if name is None else name}"
        for first, last, name in runs
    ]
