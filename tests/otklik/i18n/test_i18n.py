"""The catalogues have every message of the sources in every language."""

import contextvars
import io
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_from_file
from babel.messages.pofile import read_po

from otklik import i18n
from tests.support.paths import PROJECT_ROOT

EXTRACTOR = "otklik.i18n.extraction:extract_messages"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
LANGUAGES = [language for language in i18n.LANGUAGES if language != "en"]


def sources() -> Iterator[Path]:
    yield from (PROJECT_ROOT / "app.py", PROJECT_ROOT / "server.py")
    for folder in ("pages", "components", "queries", "otklik"):
        yield from (PROJECT_ROOT / folder).rglob("*.py")


@pytest.fixture(scope="module")
def source_messages() -> Catalog:
    """Every message of the sources."""
    catalogue_of_sources = Catalog()
    for path in sources():
        for _line, message, _comments, _context in extract_from_file(EXTRACTOR, path, keywords=KEYWORDS):
            catalogue_of_sources.add(message)
    for path in (PROJECT_ROOT / "otklik").rglob("templates/*.html"):
        for _line, message, _comments, _context in extract_from_file("jinja2", path, keywords=KEYWORDS):
            catalogue_of_sources.add(message)
    return catalogue_of_sources


def catalogue(language: str) -> Catalog:
    with (PROJECT_ROOT / "locale" / language / "LC_MESSAGES" / "otklik.po").open("rb") as file:
        return read_po(file, locale=language)


def fields(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None}


def forms(message: Message) -> tuple[str, ...]:
    """What a message is translated to: one form, or one for each plural."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def test_the_sources_have_messages(source_messages: Catalog) -> None:
    assert "Overview" in source_messages
    assert len(source_messages) > 80


def test_a_message_is_found_in_whatever_expression_has_it() -> None:
    source = b"""
title = f":gray[{_('Nothing')} {ngettext('{n} day', '{n} days', n)}]" + _(
    "two "
    "lines"
)
_(title)
"""
    found = [message for _line, message, *_rest in extract(EXTRACTOR, io.BytesIO(source), KEYWORDS)]
    assert sorted(map(str, found)) == sorted(map(str, ("Nothing", ("{n} day", "{n} days"), "two lines")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_and_nothing_is_left_over(source_messages: Catalog, language: str) -> None:
    ids = {message.id for message in catalogue(language) if message.id}
    assert ids == {message.id for message in source_messages if message.id}, (
        "run `make messages` and translate what is new"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_a_translation_that_nobody_doubts(language: str) -> None:
    for message in catalogue(language):
        if message.id:
            assert not message.fuzzy, message.id
            assert all(forms(message)), f"no {language} for {message.id!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_what_the_message_names(language: str) -> None:
    for message in catalogue(language):
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        if ids != ("",):
            for form in forms(message):
                assert fields(form) == fields(ids[0]), message.id


@pytest.mark.parametrize(
    ("language", "other_words"),
    [
        ("ru", r"грани срока|угроз|достоверн|открыт(ы[ехм]?|о) обращени|передано|переданы|экран[а-я]* на стене"),
        (
            "hr",
            r"(preko|izvan) roka|\bkasni\b|zakašnj|ugrož|dvoran|upisan|pouzdan|preusmj|predan[oi]?\b|\bval\b|teritor",
        ),
    ],
)
def test_one_word_stands_for_one_thing(language: str, other_words: str) -> None:
    texts = [form for message in catalogue(language) if message.id for form in forms(message)]
    assert [shown for shown in texts if re.search(other_words, shown, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {1: "1 case", 2: "2 cases", 5: "5 cases", 21: "21 cases"}),
        ("ru", {1: "1 случай", 2: "2 случая", 5: "5 случаев", 11: "11 случаев", 21: "21 случай", 22: "22 случая"}),
        ("hr", {1: "1 slučaj", 2: "2 slučaja", 5: "5 slučajeva", 11: "11 slučajeva", 21: "21 slučaj"}),
    ],
)
def test_a_number_of_things_takes_its_plural(language: str, expected: dict[int, str]) -> None:
    i18n.set_language(language)
    assert {n: i18n.ngettext("{n} case", "{n} cases", n).format(n=n) for n in expected} == expected


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(KeyError):
        i18n.set_language("de")


def test_messages_need_no_streamlit() -> None:
    code = (
        "import sys; from otklik.i18n import _, durations; assert _('Open') and durations.time_left(1);"
        " sys.exit('streamlit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=PROJECT_ROOT).returncode == 0


def test_the_default_language_is_asked_for_where_none_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_default_language", lambda: "hr")
    assert contextvars.Context().run(i18n.current_language) == "hr"
