"""What the database refuses is said in the viewer's language."""

from collections.abc import Iterator

import pytest

from components.actions.error_messages import MESSAGE_PATTERNS, MESSAGES, translate_refusal
from otklik import i18n
from otklik.database.refusal import CONSTRAINT_MESSAGES
from otklik.errors import DatabaseRefusal
from otklik.i18n import LANGUAGES, translations


@pytest.fixture(params=["ru", "hr"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    spoken: str = request.param
    yield i18n.set_language(spoken)
    i18n.set_language("en")


def test_what_is_told_stands_in_the_translated_sentence(language: str) -> None:
    said = {"ru": "Территории «RU-XX» нет.", "hr": "Područje „RU-XX” ne postoji."}
    assert translate_refusal(DatabaseRefusal('There is no territory "RU-XX".')) == said[language]
    said = {"ru": "Для этого нужно право «people».", "hr": "Za to je potrebno pravo „people”."}
    assert translate_refusal(DatabaseRefusal('This needs the right "people".')) == said[language]
    said = {"ru": "Учётная запись № 7 — не экран.", "hr": "Osoba br. 7 nije zaslon."}
    assert translate_refusal(DatabaseRefusal("Person 7 is no screen.")) == said[language]


def test_what_nobody_translated_stands_as_it_came(language: str) -> None:
    assert language
    assert translate_refusal(DatabaseRefusal("Something new.")) == "Something new."


def test_each_sentence_is_translated_and_each_constraint_has_one() -> None:
    ours = {said for name, said in CONSTRAINT_MESSAGES.items() if name.startswith(("person_", "device_"))}
    assert ours
    assert ours <= set(MESSAGES)
    for spoken in set(LANGUAGES) - {"en"}:
        for sentence in (*MESSAGES, *MESSAGE_PATTERNS):
            assert translations(spoken).gettext(sentence) != sentence, (spoken, sentence)
