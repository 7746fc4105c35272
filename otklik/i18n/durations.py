"""Time left, time overdue and durations in words, in the current language."""

from babel.units import format_unit

from otklik.i18n import _, formats


def time_left(hours: float) -> str:
    """The time until a deadline: 76.5 -> `3 days left`."""
    return _("{time} left").format(time=format_duration(hours))


def time_overdue(hours: float) -> str:
    """The time since a deadline passed: 76.5 -> `overdue by 3 days`."""
    return _("overdue by {time}").format(time=format_duration(hours))


def format_duration(hours: float) -> str:
    """A duration in its largest whole unit, rounded down, at least a minute: `3 days`, `5 hrs`, `12 mins`."""
    minutes = max(1, int(hours * 60))
    days, whole_hours = minutes // (24 * 60), minutes // 60
    if days:
        return format_unit(days, "duration-day", "long", locale=formats.current_locale())
    if whole_hours:
        return format_unit(whole_hours, "duration-hour", "short", locale=formats.current_locale())
    return format_unit(minutes, "duration-minute", "short", locale=formats.current_locale())
