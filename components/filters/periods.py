"""Preset periods of the filter bar, with their labels and days."""

from datetime import date, timedelta
from typing import NamedTuple

from otklik.i18n import N_

PRESET_LABELS = {
    "today": N_("Today"),
    "7d": N_("7 days"),
    "28d": N_("28 days"),
    "91d": N_("91 days"),
    "month": N_("This month"),
    "quarter": N_("This quarter"),
    "year": N_("This year"),
    "12m": N_("12 months"),
    "all": N_("All time"),
    "range": N_("Choose days"),
}
WHOLE_WEEKS = {"7d": timedelta(weeks=1), "28d": timedelta(weeks=4), "91d": timedelta(weeks=13)}
"""Presets that end with yesterday: each has every weekday equally often, and no day that goes on."""
DEFAULT_PRESET = "28d"
FORMER_PRESETS = {"30d": "28d", "90d": "91d"}
"""Codes in addresses saved before, and the presets that took their place."""
STALE_AFTER = timedelta(days=60)
"""Without a new appeal for so long, data count as old."""


class RunningDays(NamedTuple):
    """The days that go on: `first`, the earliest that isn't over in every region shown, and `last`, the viewer's."""

    first: date
    last: date


def current_preset(code: str) -> str:
    """The code of a preset as it is now, for that of an older address."""
    return FORMER_PRESETS.get(code, code)


def default_preset(last_received: date, today: date) -> str:
    """The preset of an address without a period: 28 days, or all time where the data are old."""
    return "all" if today - last_received > STALE_AFTER else DEFAULT_PRESET


def preset_range(preset: str, first_received: date, running: RunningDays) -> tuple[date, date]:
    """The half-open range of days of a preset.

    Whole weeks end with yesterday, the last day that is over in every region shown. The others end with today; `month`,
    `quarter` and `year` are those so far. Raises KeyError for `range`, whose days the viewer chooses, and for unknown
    presets.
    """
    if preset in WHOLE_WEEKS:
        return running.first - WHOLE_WEEKS[preset], running.first
    today = running.last
    start_by_preset = {
        "today": today,
        "month": today.replace(day=1),
        "quarter": today.replace(month=today.month - (today.month - 1) % 3, day=1),
        "year": today.replace(month=1, day=1),
        "12m": year_before(today) + timedelta(days=1),
        "all": min(first_received, today),
    }
    return start_by_preset[preset], today + timedelta(days=1)


def year_before(value: date) -> date:
    """The same day one year earlier; 28 February for the 29th."""
    try:
        return value.replace(year=value.year - 1)
    except ValueError:
        return value.replace(year=value.year - 1, day=28)
