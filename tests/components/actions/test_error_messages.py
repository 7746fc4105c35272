"""Messages for what the database refuses, in every language."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from components.actions.error_messages import (
    MESSAGE_PATTERNS,
    MESSAGES,
    failure_message,
    refusal_message,
    translate_refusal,
)
from otklik import i18n
from otklik.actions.model import ActionResult
from otklik.actions.refusals import FAILURES, REFUSALS
from otklik.database.refusal import CONSTRAINT_MESSAGES
from otklik.errors import DatabaseRefusal
from otklik.i18n import LANGUAGES, translations

CHANGED_AT = datetime(2024, 11, 24, 14, 3, tzinfo=UTC)


@pytest.fixture(params=["ru", "hr"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    language: str = request.param
    yield i18n.set_language(language)
    i18n.set_language("en")


def test_the_translated_message_keeps_the_value_of_the_original(language: str) -> None:
    expected = {"ru": "Территории «RU-XX» нет.", "hr": "Područje „RU-XX” ne postoji."}
    assert translate_refusal(DatabaseRefusal('There is no territory "RU-XX".')) == expected[language]
    expected = {"ru": "Для этого нужно право «people».", "hr": "Za to je potrebno pravo „people”."}
    assert translate_refusal(DatabaseRefusal('This needs the right "people".')) == expected[language]
    expected = {"ru": "Учётная запись № 7 — не настенный экран.", "hr": "Osoba br. 7 nije zaslon."}
    assert translate_refusal(DatabaseRefusal("Person 7 is no screen.")) == expected[language]


@pytest.mark.usefixtures("language")
def test_an_unknown_message_is_shown_as_the_database_raised_it() -> None:
    assert translate_refusal(DatabaseRefusal("Something new.")) == "Something new."


def test_each_message_is_translated_and_each_constraint_has_one() -> None:
    constraint_messages = {
        message
        for name, message in CONSTRAINT_MESSAGES.items()
        if name.startswith(("person_", "device_", "playlist_", "wall_threshold_"))
    }
    assert constraint_messages
    assert constraint_messages <= set(MESSAGES)
    for language in set(LANGUAGES) - {"en"}:
        for message in (*MESSAGES, *MESSAGE_PATTERNS):
            assert translations(language).gettext(message) != message, (language, message)


def test_the_codes_of_refusals_and_failures_have_different_translated_messages(language: str) -> None:
    def messages() -> list[str]:
        rows = [ActionResult(1, 1, "A-1", code) for code in REFUSALS]
        rows += [
            ActionResult(1, 1, "A-1", code, actor, CHANGED_AT)
            for code in ("closed", "changed")
            for actor in ("Anna", None)
        ]
        return [*(refusal_message(row) for row in rows), *(failure_message(code) for code in FAILURES)]

    translated = messages()
    i18n.set_language("en")
    english = messages()
    assert language != "en"
    assert len(set(english)) == len(english)
    assert len(set(translated)) == len(translated)
    assert not set(english) & set(translated)


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "Anna changed it meanwhile, 24 Nov 2024, 14:03 (UTC)."),
        ("ru", "Тем временем обращение изменено: Anna, 24 нояб. 2024\N{NARROW NO-BREAK SPACE}г., 14:03 (UTC)."),
        ("hr", "Podnesak je u međuvremenu promijenjen: Anna, 24. stu 2024., 14:03 (UTC)."),
    ],
)
def test_the_person_who_changed_the_appeal_first_is_named_with_the_time(language: str, message: str) -> None:
    i18n.set_language(language)
    assert refusal_message(ActionResult(1, 1, "A-1", "changed", "Anna", CHANGED_AT)) == message
    i18n.set_language("en")


def test_an_accepted_appeal_has_no_message() -> None:
    assert refusal_message(ActionResult(1, 1, "A-1")) == ""
