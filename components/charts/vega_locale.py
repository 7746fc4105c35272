"""Locales with which Vega writes numbers and dates, taken from Babel."""

from functools import cache
from typing import Any

from otklik.i18n.formats import babel_locale


@cache
def vega_locale(language: str) -> dict[str, Any]:
    """The number and time locale of a language, in the format of d3.

    Source: https://vega.github.io/vega-lite/docs/config.html#locale.
    """
    locale = babel_locale(language)
    symbols = locale.number_symbols["latn"]
    months, weekdays = locale.months["format"], locale.days["format"]
    # In Babel a week starts on Monday, in d3 on Sunday.
    weekday_order = [6, 0, 1, 2, 3, 4, 5]
    return {
        "number": {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["", ""],
            "percent": locale.percent_formats[None].pattern.lstrip("#,0"),
            "minus": "\N{MINUS SIGN}",
        },
        "time": {
            "dateTime": "%-d %B %Y, %H:%M:%S",
            "date": "%d.%m.%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [weekdays["wide"][day] for day in weekday_order],
            "shortDays": [weekdays["abbreviated"][day] for day in weekday_order],
            "months": [months["wide"][month] for month in range(1, 13)],
            "shortMonths": [strip_full_stop(months["abbreviated"][month]) for month in range(1, 13)],
        },
    }


def strip_full_stop(month: str) -> str:
    """Remove the full stop after an abbreviated month."""
    return month.rstrip(".")
