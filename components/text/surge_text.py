"""A surge in words: how many appeals in how many days and places, how many are usual, since when."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from otklik.i18n import _, formats, ngettext


def surge_sentence(surge: Mapping[Any, Any]) -> str:
    """`41 appeals within 7 days, in 5 municipalities; usual 6–12`, of a row of queries.surges.episodes.surges."""
    counts = surge_counts(surge["observed"], surge["window_days"])
    usual = usual_range(surge["usual_low"], surge["usual_high"])
    if not surge["place_count"]:
        return _("{counts}; usual {usual}").format(counts=counts, usual=usual)
    places = _places(surge["place_level"], surge["place_count"])
    return _("{counts}, {places}; usual {usual}").format(counts=counts, places=places, usual=usual)


def surge_counts(observed: int, window_days: int) -> str:
    """`41 appeals within 7 days`."""
    appeals = ngettext("{n} appeal", "{n} appeals", observed).format(n=formats.number(observed))
    days = ngettext("within {n} day", "within {n} days", window_days).format(n=formats.number(window_days))
    return f"{appeals} {days}"


def usual_range(low: int, high: int) -> str:
    """`6–12`, or one number where both are the same."""
    return formats.number(low) if low == high else f"{formats.number(low)}–{formats.number(high)}"


def surge_course(surge: Mapping[Any, Any]) -> str:
    """Since when, whether it goes on, its peak where that was another day, and how many appeals there are by now."""
    first, last, peak = (formats.day(surge[name]) for name in ("starts", "last_alarm", "peak"))
    parts = [
        _("since {first}, goes on").format(first=first)
        if surge["is_going_on"]
        else _("since {first}, last found on {last}").format(first=first, last=last)
    ]
    if surge["peak"] != surge["last_alarm"]:
        parts.append(_("peak on {day}").format(day=peak))
    if surge["received"] != surge["observed"]:
        parts.append(_("by now {n} in the same days").format(n=formats.number(surge["received"])))
    return "; ".join(parts)


def search_trouble(searched_day: date | None, *, is_current: bool) -> str:
    """That surges haven't been searched for, or not for long; empty where they have."""
    if searched_day is None:
        return _("Surges have not been searched for yet.")
    if is_current:
        return ""
    return _("Surges were last searched for on {day}: what came later is unknown.").format(
        day=formats.day(searched_day)
    )


def search_day(searched_day: date) -> str:
    """Up to which day surges have been searched for."""
    return _("Searched for surges up to {day}").format(day=formats.day(searched_day))


def _places(level: str, count: int) -> str:
    texts = {
        "region": ngettext("in {n} region", "in {n} regions", count),
        "municipality": ngettext("in {n} municipality", "in {n} municipalities", count),
        "organisation": ngettext("at {n} organisation", "at {n} organisations", count),
    }
    return texts[level].format(n=formats.number(count))
