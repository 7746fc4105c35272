"""Numbers, shares, days and moments, written by the rules of the current language."""

import re
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from babel import Locale, dates, numbers

from otklik.i18n import _, current_language

# British English: the day before the month and a clock of 24 hours.
BABEL_LOCALES = {"en": "en_GB", "ru": "ru", "hr": "hr"}
CACHE_ENTRIES = 16_384
HOURS_A_DAY = 24
MINUS = "\N{MINUS SIGN}"
LIST_MARKER = re.compile(r"^(\d+\.) ")


@cache
def babel_locale(language: str) -> Locale:
    """Babel's locale of a language: a code of `otklik.i18n.LANGUAGES`."""
    return Locale.parse(BABEL_LOCALES[language])


def current_locale() -> Locale:
    """Babel's locale of the current language."""
    return babel_locale(current_language())


def number(value: float, digits: int = 0) -> str:
    """12912 -> `12,912`; at most `digits` decimals."""
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return _decimal(value, pattern, current_language())


def fixed_decimal(value: float, digits: int) -> str:
    """1.1 -> `1.10`; always `digits` decimals."""
    return _decimal(value, "#,##0." + "0" * digits, current_language())


def percent(share: float, digits: int = 0) -> str:
    """0.955 -> `96%`; with one digit, `95.5%`."""
    return _percent(share, digits, current_language())


# A page writes hundreds of numbers, and most of them were on it at its last refresh.
@lru_cache(maxsize=CACHE_ENTRIES)
def _decimal(value: float, pattern: str, language: str) -> str:
    return _with_minus_sign(numbers.format_decimal(value, pattern, locale=babel_locale(language)))


@lru_cache(maxsize=CACHE_ENTRIES)
def _percent(share: float, digits: int, language: str) -> str:
    pattern = babel_locale(language).percent_formats[None].pattern
    if digits:
        pattern = pattern.replace("0", "0." + "0" * digits, 1)
    return _with_minus_sign(numbers.format_percent(share, pattern, locale=babel_locale(language)))


def _with_minus_sign(text: str) -> str:
    """The text with a minus sign in place of a hyphen, and without a sign before zero."""
    return text.replace("-", MINUS if shows_amount(text) else "")


def signed_text(text: str, value: float) -> str:
    """A change as text with its sign in front; zero has none, and a fall has its minus already."""
    return f"+{text}" if value > 0 and shows_amount(text) else text


def shows_amount(text: str) -> bool:
    """Whether a number as it is written differs from zero: `0.1%` does, `0.0%` doesn't."""
    return any(character in "123456789" for character in text)


def percentage_points(difference: float) -> str:
    """A difference of two shares, in percentage points: 0.012 -> `+1.2 pp`."""
    percentage_difference = round(difference * 100, 1) + 0.0  # not -0.0
    return signed_text(_("{n} pp").format(n=fixed_decimal(percentage_difference, 1)), percentage_difference)


def days(value: float, beside: float | None = None) -> str:
    """A duration in days: 3 -> `3.0 d`, and below one day in hours: 0.19 -> `4.6 h`.

    With `beside` in the unit of that duration: for a difference, or the values of one scale.
    """
    hours = round(abs(value if beside is None else beside) * HOURS_A_DAY, 1)
    if hours < HOURS_A_DAY:
        return _("{n} h").format(n=fixed_decimal(value * HOURS_A_DAY, 1))
    return _("{n} d").format(n=fixed_decimal(value, 1))


def day(value: date) -> str:
    """A calendar day: `24 Nov 2025`."""
    return _without_list_marker(dates.format_date(value, "medium", locale=current_locale()))


def date_range(start: date, end: date) -> str:
    """A half-open range of days by its first and last: `26 Oct – 24 Nov 2025`."""
    last = end - timedelta(days=1)
    if last <= start:
        return day(start)
    return _without_list_marker(dates.format_interval(start, last, "yMMMd", locale=current_locale()))


def _without_list_marker(text: str) -> str:
    """A date with a no-break space after its day: Markdown would read the start of a Croatian one as a list."""
    return LIST_MARKER.sub("\\1\N{NO-BREAK SPACE}", text)


def moment(value: datetime) -> str:
    """A day and a time of day, in the value's own time zone: `24 Nov, 14:03`; in another year `24 Nov 2025, 14:03`."""
    return _moment(value.replace(tzinfo=None), current_language(), with_year=not is_this_year(value))


def is_this_year(value: datetime) -> bool:
    """Whether a moment lies in the current year of its own time zone, so that its year goes without saying."""
    return value.year == datetime.now(value.tzinfo).year


@lru_cache(maxsize=CACHE_ENTRIES)
def _moment(local: datetime, language: str, *, with_year: bool) -> str:
    locale = babel_locale(language)
    local_day = (
        dates.format_date(local, "medium", locale=locale)
        if with_year
        else dates.format_skeleton("MMMd", local, locale=locale)
    )
    return f"{local_day}, {dates.format_time(local, 'HH:mm', locale=locale)}"


def relative_time(past: datetime, now: datetime) -> str:
    """`3 min ago`, in whole minutes: within a minute a refresh changes nothing."""
    minutes = max(1, (now - past) // timedelta(minutes=1))
    return dates.format_timedelta(
        timedelta(minutes=-minutes), add_direction=True, format="short", locale=current_locale()
    )


def clock(value: datetime) -> str:
    """A time of day with seconds, in the value's own time zone: `14:03:22`."""
    return dates.format_time(value, "HH:mm:ss", locale=current_locale())


def duration_range(lower: float, upper: float | None) -> str:
    """A range of durations in days: `up to 1 d`, `3–8 d`, or, without an upper bound, `over 30 d`."""
    if upper is None:
        return _("over {n} d").format(n=number(lower))
    if not lower:
        return _("up to {n} d").format(n=number(upper))
    return _("{above}–{upto} d").format(above=number(lower), upto=number(upper))
