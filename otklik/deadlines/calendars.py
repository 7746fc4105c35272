"""Working days: weekends, holidays, days off that were transferred, and Saturdays worked in exchange.

The calendars come from the library `holidays`: for Russia the production calendar as decreed each autumn for the year
ahead. A year without a decree has only its fixed holidays.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays

from otklik.deadlines.holiday_names import translated_name

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class WorkingCalendar:
    """The working days of a country, or of a subdivision with holidays of its own."""

    def __init__(self, country: str | None = None, subdivision: str | None = None) -> None:
        """Load the calendar of an ISO 3166-1 alpha-2 country; an unknown one has only weekends, Saturday and Sunday."""
        supported = holidays.list_supported_countries()
        self._country = country if country in supported else None
        self._subdivision = subdivision if self._country and subdivision in supported[self._country] else None
        self._holidays = _holiday_names(self._country, self._subdivision, "en_US")

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

    def unusual_days(self, start: date, end: date, language: str) -> list[tuple[date, str | None]]:
        """The days [start, end) that are off or worked other than the week has it: the day and the holiday's name.

        The name is in the language, by the library or else by `holiday_names`; None for a day worked in exchange.
        """
        names = _holiday_names(self._country, self._subdivision, language)
        return [
            (day, None if self.is_working_day(day) else translated_name(_holiday_name(names, day), language))
            for day in days_between(start - ONE_DAY, end - ONE_DAY)
            if self.is_working_day(day) == self.is_weekend(day)
        ]

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


@lru_cache(maxsize=64)
def _holiday_names(country: str | None, subdivision: str | None, language: str) -> holidays.HolidayBase | None:
    """The holidays of a country with their names in a language; in English, or else its own, where that is lacking."""
    if country is None:
        return None
    supported = holidays.country_holidays(country, subdiv=subdivision).supported_languages
    return holidays.country_holidays(
        country,
        subdiv=subdivision,
        language=next((name for name in (language, "en_US") if name in supported), None),
    )


def _holiday_name(names: holidays.HolidayBase | None, day: date) -> str:
    # In brackets the library says that a day was moved, and from when.
    return str(names.get(day, "")).partition(" (")[0] if names is not None else ""


@lru_cache(maxsize=256)
def territory_calendar(country: str | None, region: str | None = None) -> WorkingCalendar:
    """The calendar of a territory by the codes of its country and region, such as `US` and `US-MA`."""
    _, _, subdivision = (region or "").partition("-")
    return WorkingCalendar(country, subdivision or None)
