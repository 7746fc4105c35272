"""Preset periods of the filter bar, with their labels and days."""

from datetime import date, timedelta

from otklik.i18n import N_

PRESET_LABELS = {
    "today": N_("Today"),
    "7d": N_("7 days"),
    "30d": N_("30 days"),
    "90d": N_("90 days"),
    "month": N_("This month"),
    "quarter": N_("This quarter"),
    "year": N_("This year"),
    "12m": N_("12 months"),
    "all": N_("All time"),
    "range": N_("Choose days"),
}
STALE_AFTER = timedelta(days=60)
"""Without a new appeal for so long, data count as old."""


def default_preset(last_received: date, today: date) -> str:
    """The preset of an address without a period: 30 days, or all time where the data are old."""
    return "all" if today - last_received > STALE_AFTER else "30d"


def preset_range(preset: str, first_received: date, today: date) -> tuple[date, date]:
    """The half-open range of days of a preset, which ends with today; `month`, `quarter` and `year` are those so far.

    Raises KeyError for `range`, whose days the viewer chooses, and for unknown presets.
    """
    end = today + timedelta(days=1)
    start_by_preset = {
        "today": today,
        "7d": end - timedelta(days=7),
        "30d": end - timedelta(days=30),
        "90d": end - timedelta(days=90),
        "month": today.replace(day=1),
        "quarter": today.replace(month=today.month - (today.month - 1) % 3, day=1),
        "year": today.replace(month=1, day=1),
        "12m": year_before(today) + timedelta(days=1),
        "all": min(first_received, today),
    }
    return start_by_preset[preset], end


def year_before(value: date) -> date:
    """The same day one year earlier; 28 February for the 29th."""
    try:
        return value.replace(year=value.year - 1)
    except ValueError:
        return value.replace(year=value.year - 1, day=28)
