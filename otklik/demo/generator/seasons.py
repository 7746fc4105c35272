"""When appeals arrive: by month, weekday, holiday and hour."""

import calendar
from datetime import date

import holidays
import numpy as np
from numpy.typing import NDArray

from otklik.demo.catalogue_data import Floats

Days = NDArray[np.datetime64]

SEASON_WEIGHTS: dict[str, tuple[float, ...]] = {
    # January to December, relative to the topic's weight
    "flat": (1,) * 12,
    "heating": (2.6, 2.2, 1.3, 0.7, 0.2, 0.05, 0.05, 0.05, 0.6, 1.6, 1.6, 2.2),
    "autumn": (0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 1.2, 2.8, 2.6, 1.0, 0.6),
    "winter": (1.6, 1.5, 1.3, 1.0, 0.8, 0.7, 0.6, 0.7, 0.8, 1.0, 1.2, 1.4),
    "snow": (3.0, 2.6, 2.0, 0.5, 0.02, 0.0, 0.0, 0.0, 0.02, 0.4, 1.6, 2.6),
    "thaw": (0.5, 0.8, 2.0, 2.6, 1.7, 1.0, 0.7, 0.6, 0.7, 0.8, 0.6, 0.5),
    "spring": (0.5, 0.5, 0.9, 1.9, 2.1, 1.4, 1.0, 0.9, 0.9, 0.8, 0.6, 0.5),
    "summer": (0.4, 0.4, 0.5, 0.9, 1.5, 1.9, 2.0, 1.7, 1.2, 0.8, 0.5, 0.4),
    "school": (1.1, 1.2, 1.2, 1.2, 1.0, 0.2, 0.1, 0.4, 2.0, 1.6, 1.3, 1.1),
    "flu": (1.3, 1.4, 1.1, 0.9, 0.7, 0.6, 0.5, 0.6, 1.2, 1.6, 1.5, 1.2),
    "dark": (1.5, 1.2, 0.9, 0.7, 0.5, 0.4, 0.4, 0.7, 1.1, 1.5, 1.7, 1.7),
    "newyear": (1.8, 1.4, 1.1, 0.9, 0.8, 0.8, 0.8, 0.8, 0.9, 0.9, 1.0, 1.4),
}
WEEKDAY_FACTORS = np.array([1.16, 1.13, 1.09, 1.06, 1.0, 0.62, 0.5])
"""Monday to Sunday, relative to Friday."""
HOLIDAY_FACTOR = 0.5
HOUR_WEIGHTS = np.array([9, 5, 3, 2, 2, 4, 12, 28, 52, 76, 88, 86, 74, 72, 74, 72, 66, 60, 58, 62, 60, 46, 30, 17])
"""Of the 24 hours of the local day."""
CUMULATIVE_HOUR_SHARES: Floats = np.concatenate([[0.0], np.cumsum(HOUR_WEIGHTS) / HOUR_WEIGHTS.sum()])
"""The share of a day's appeals received by each full hour."""


def public_holidays(start: date, end: date) -> Days:
    """Holidays of the Russian production calendar, from the year before `start` to the year after `end`."""
    years = range(start.year - 1, end.year + 2)
    return np.array(sorted(holidays.country_holidays("RU", years=years)), dtype="datetime64[D]")


def months_before(day: date, months: int) -> date:
    """A day some months earlier, or that month's last day, as PostgreSQL subtracts an interval."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_range(start: date, end: date) -> Days:
    """Every day of the half-open range [start, end)."""
    return np.arange(np.datetime64(start, "D"), np.datetime64(end, "D"))


def month_index(day_axis: Days) -> NDArray[np.int64]:
    """The month of each day; 0 is January."""
    return day_axis.astype("datetime64[M]").astype(np.int64) % 12


def relative_volume(day: Days, holiday_days: Days, rng: np.random.Generator) -> Floats:
    """How many appeals each day gets relative to others, by growth, weekday, holidays and chance.

    The seasons of topics aren't included.
    """
    growth = np.linspace(0.86, 1.14, len(day))
    weekday_factor = WEEKDAY_FACTORS[(day.astype(np.int64) + 3) % 7]  # 1 January 1970 was a Thursday
    holiday_factor = np.where(np.isin(day, holiday_days) & (weekday_factor > WEEKDAY_FACTORS[5]), HOLIDAY_FACTOR, 1.0)
    chance = rng.lognormal(0.0, 0.06, len(day))
    return np.asarray(growth * weekday_factor * holiday_factor * chance)


def second_of_day(share: Floats) -> Floats:
    """The second of the day by which a share of its appeals has arrived."""
    return np.asarray(np.interp(share, CUMULATIVE_HOUR_SHARES, np.arange(25.0)) * 3600)


def share_of_day(second: float) -> float:
    """The share of a day's appeals that has arrived by a second of it."""
    return float(np.interp(second / 3600, np.arange(25.0), CUMULATIVE_HOUR_SHARES))
