"""Every refusal is a sentence of its own in each language."""

from datetime import UTC, datetime

import pytest

from components.actions import refusal_messages
from otklik.actions.operations import FAILURE_CODES, REFUSAL_CODES, ActionResult
from otklik.i18n import LANGUAGES, set_language

AT = datetime(2026, 11, 24, 14, 3, tzinfo=UTC)


def test_every_code_has_a_sentence() -> None:
    assert set(refusal_messages.APPEAL_REFUSALS) == set(REFUSAL_CODES)
    assert set(refusal_messages.ACTION_REFUSALS) == set(FAILURE_CODES)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_the_sentences_are_translated_and_differ(language: str) -> None:
    def said() -> list[str]:
        rows = [ActionResult(1, 1, "A-1", code) for code in REFUSAL_CODES]
        rows += [ActionResult(1, 1, "A-1", code, who, AT) for code in ("closed", "changed") for who in ("Anna", None)]
        return [
            *(refusal_messages.for_appeal(row) for row in rows),
            *(refusal_messages.for_action(code) for code in FAILURE_CODES),
        ]

    set_language("en")
    english = said()
    set_language(language)
    translated = said()
    set_language("en")
    assert len(set(english)) == len(english)
    assert len(set(translated)) == len(translated)
    assert not set(english) & set(translated)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Anna changed it meanwhile, 24 Nov, 14:03."),
        ("ru", "Тем временем обращение изменено: Anna, 24 нояб., 14:03."),
        ("hr", "Podnesak je u međuvremenu promijenjen: Anna, 24. stu, 14:03."),
    ],
)
def test_who_was_quicker_is_named_with_the_time(language: str, sentence: str) -> None:
    set_language(language)
    assert refusal_messages.for_appeal(ActionResult(1, 1, "A-1", "changed", "Anna", AT)) == sentence
    set_language("en")


def test_what_is_done_has_no_sentence() -> None:
    assert refusal_messages.for_appeal(ActionResult(1, 1, "A-1")) == ""
