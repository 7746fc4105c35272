"""Counts of two periods with other working days are shown per working day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from otklik.deadlines.calendars import territory_calendar
from otklik.i18n import LANGUAGES
from queries import filter_options
from queries.filters import Filters
from queries.summaries.metric_values import differing_working_days, metric_values
from tests.support import factories

# The four weeks with Unity Day, against those before.
NOVEMBER = Filters(date(2025, 11, 3), date(2025, 12, 1), jurisdiction=("RU", None))


def test_counts_have_the_working_days_of_both_periods_and_stocks_and_shares_do_not(connection: Connection) -> None:
    for day in (date(2025, 11, 10), date(2025, 10, 10)):
        factories.appeal(connection, received_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    values = metric_values(NOVEMBER, ["received", "closed", "open", "overdue", "on_time_rate", "flow_ratio"])
    # Off are the 3rd and 4th of November; the 1st was worked in exchange.
    assert [value.working_days for value in values] == [(18, 21), (18, 21), None, None, None, None]


@pytest.mark.parametrize(
    "filters",
    [
        replace(NOVEMBER, jurisdiction=(None, None)),
        replace(NOVEMBER, compare="none"),
        replace(NOVEMBER, start=date(2025, 9, 29), end=date(2025, 10, 27)),
        # One holiday is no day to count by.
        replace(NOVEMBER, start=date(2025, 11, 4), end=date(2025, 11, 5)),
    ],
)
def test_periods_with_as_many_working_days_have_none(filters: Filters) -> None:
    assert differing_working_days(filters) is None


@pytest.mark.parametrize(
    ("territories", "territory", "expected"),
    [
        (["US", "US-MA"], None, ("US", "US-MA")),
        (["US", "US-MA", "US-TX"], None, ("US", None)),
        (["US", "US-MA", "US-TX"], "US-TX", ("US", "US-TX")),
        (["US", "US-MA", "RU", "RU-MOW"], None, (None, None)),
        (["US", "US-MA", "RU", "RU-MOW"], "RU", ("RU", "RU-MOW")),
    ],
)
def test_the_working_days_are_those_of_the_country_shown_and_of_a_single_region(
    connection: Connection, territories: list[str], territory: str | None, expected: tuple[str | None, str | None]
) -> None:
    for code in territories:
        country, _, region = code.partition("-")
        factories.territory(connection, code, "region" if region else "country", country if region else None)
    assert filter_options.jurisdiction(territory) == expected


def test_unusual_days_are_named_in_the_language_of_the_screen() -> None:
    russia = territory_calendar("RU")
    november = (date(2025, 11, 1), date(2025, 11, 10))
    assert russia.unusual_days(*november, "ru") == [
        (date(2025, 11, 1), None),
        (date(2025, 11, 3), "Выходной"),
        (date(2025, 11, 4), "День народного единства"),
    ]
    # The library has no Croatian names of Russia's holidays.
    assert russia.unusual_days(*november, "hr")[1:3] == [
        (date(2025, 11, 3), "Slobodan dan"),
        (date(2025, 11, 4), "Dan nacionalnog jedinstva"),
    ]
    assert territory_calendar("HR").unusual_days(date(2026, 8, 5), date(2026, 8, 6), "hr") == [
        (date(2026, 8, 5), "Dan pobjede i domovinske zahvalnosti i Dan hrvatskih branitelja")
    ]
    assert territory_calendar(None).unusual_days(*november, "ru") == []


@pytest.mark.parametrize("jurisdiction", [("RU", None), ("HR", None), ("US", "US-MA")])
def test_no_holiday_has_an_english_name_on_a_screen_in_another_language(jurisdiction: tuple[str, str | None]) -> None:
    twelve_years = (date(2020, 1, 1), date(2032, 1, 1))
    names = {
        language: [name for _day, name in territory_calendar(*jurisdiction).unusual_days(*twelve_years, language)]
        for language in LANGUAGES
    }
    english = set(names.pop("en")) - {None}
    assert english
    assert {name for other in names.values() for name in other} & english == set()
