"""Working days: weekends, holidays, days off that were transferred, and Saturdays worked in exchange.

The calendars come from the library `holidays`: for Russia the production calendar as decreed each autumn for the year
ahead. A year without a decree has only its fixed holidays.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class WorkingCalendar:
    """The working days of a country, or of a subdivision with holidays of its own."""

    def __init__(self, country: str | None = None, subdivision: str | None = None) -> None:
        """Load the calendar of an ISO 3166-1 alpha-2 country; an unknown one has only weekends, Saturday and Sunday."""
        supported = holidays.list_supported_countries()
        self._holidays: holidays.HolidayBase | None = None
        if country in supported:
            self._holidays = holidays.country_holidays(
                country, subdiv=subdivision if subdivision in supported[country] else None
            )

    def is_working_day(self, day: date) -> bool:
        """Whether the day is a working day."""
        return self._holidays.is_working_day(day) if self._holidays is not None else day.weekday() < SATURDAY

    def is_weekend(self, day: date) -> bool:
        """Whether the day is one of the week's days off, even where it is worked in exchange for another day."""
        weekend = self._holidays.weekend if self._holidays is not None else {SATURDAY, SATURDAY + 1}
        return day.weekday() in weekend

    def count_working_days(self, after: date, until: date) -> int:
        """The number of working days after one day, up to and including another."""
        return sum(1 for day in days_between(after, until) if self.is_working_day(day))

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after a day; the day itself for 0."""
        while count > 0:
            day += ONE_DAY
            count -= self.is_working_day(day)
        return day

    def working_day_on_or_after(self, day: date) -> date:
        """The day, or the first working day after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def working_day_on_or_before(self, day: date) -> date:
        """The day, or the last working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day


def days_between(after: date, until: date) -> Iterator[date]:
    """The days after one day, up to and including another."""
    for offset in range(1, (until - after).days + 1):
        yield after + offset * ONE_DAY


@lru_cache(maxsize=256)
def territory_calendar(country: str | None, region: str | None = None) -> WorkingCalendar:
    """The calendar of a territory by the codes of its country and region, such as `US` and `US-MA`."""
    _, _, subdivision = (region or "").partition("-")
    return WorkingCalendar(country, subdivision or None)
