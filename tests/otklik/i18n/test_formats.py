import re
from datetime import UTC, date, datetime

import pytest
from babel.messages.pofile import read_po

from otklik import i18n
from otklik.i18n import formats

NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{THIN SPACE}"


@pytest.mark.parametrize(
    ("language", "number", "share"),
    [
        ("en", "1,234,567.9", "95.5%"),
        ("ru", f"1{NBSP}234{NBSP}567,9", f"95,5{NBSP}%"),
        ("hr", "1.234.567,9", f"95,5{NBSP}%"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language: str, number: str, share: str) -> None:
    i18n.set_language(language)
    assert formats.number(1234567.89, 1) == number
    assert formats.percent(0.9553, 1) == share


def test_a_fall_has_a_true_minus_and_a_rise_its_plus() -> None:
    assert formats.percentage_points(-0.0123) == "−1.2 pp"
    assert formats.percentage_points(0.0123) == "+1.2 pp"
    assert formats.percentage_points(0.0004) == "0.0 pp"
    assert formats.percentage_points(-0.0004) == "0.0 pp"
    assert formats.fixed_decimal(-0.0, 1) == "0.0"
    assert formats.percent(-0.0004, 1) == "0.0%"


def test_a_croatian_day_is_no_line_of_a_list_in_markdown() -> None:
    i18n.set_language("hr")
    assert formats.day(date(2026, 9, 29)) == f"29.{NBSP}ruj 2026."
    assert formats.date_range(date(2026, 10, 26), date(2026, 11, 25)).startswith(f"26.{NBSP}lis")


def test_short_durations_are_hours() -> None:
    assert formats.days(0.25) == "6.0 h"
    assert formats.days(0.924) == "22.2 h"
    assert formats.days(0.9999) == "1.0 d"
    assert formats.days(4.86) == "4.9 d"
    assert formats.days(3) == "3.0 d"


def test_a_difference_is_in_the_unit_of_the_value_beside_it() -> None:
    assert formats.days(-0.52, beside=4.86) == "−0.5 d"
    assert formats.days(1.5, beside=0.5) == "36.0 h"


@pytest.mark.parametrize(("language", "text"), [("ru", f"+1,2{NBSP}п.{NBSP}п."), ("hr", f"+1,2{NBSP}p.{NBSP}b.")])
def test_percentage_points_are_abbreviated_by_the_rules_of_the_language(language: str, text: str) -> None:
    i18n.set_language(language)
    assert formats.percentage_points(0.012) == text


@pytest.mark.parametrize(("language", "wrong"), [("ru", "[0-9]( ?)%|п\\. ?п\\."), ("hr", "[0-9]( ?)%|p\\. ?b\\.")])
def test_units_in_translations_are_spaced_as_those_of_numbers(language: str, wrong: str) -> None:
    path = i18n.CATALOGUE_FOLDER / language / "LC_MESSAGES" / "otklik.po"
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale=language) if message.id]
    assert not [message.string for message in messages if re.search(wrong, str(message.string))]
    # English has no space before the sign.
    assert not [message.id for message in messages if re.search("[0-9][ \u00a0]%", str(message.id))]


def test_a_range_is_said_by_its_last_day_and_not_by_its_end() -> None:
    assert formats.date_range(date(2025, 11, 1), date(2025, 11, 25)) == "1–24 Nov 2025"
    assert formats.date_range(date(2025, 11, 24), date(2025, 11, 25)) == "24 Nov 2025"


def test_ago_is_the_same_for_all_of_a_minute() -> None:
    past = datetime(2025, 11, 24, 14, 0, tzinfo=UTC)
    texts = {formats.relative_time(past, datetime(2025, 11, 24, 14, 3, second, tzinfo=UTC)) for second in (0, 29, 59)}
    assert texts == {"3 min ago"}
