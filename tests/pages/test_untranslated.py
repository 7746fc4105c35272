"""No text on any screen is without an entry in the catalogues: all pages are drawn with each translated text marked."""

import gettext
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from sqlalchemy import Connection, text
from streamlit.testing.v1.element_tree import Block

from otklik import i18n
from otklik.database.access import people
from otklik.i18n import formats
from otklik.pages import PAGES
from tests.support import factories
from tests.support.screens.app_pages import run_page

LANGUAGE = "xx"
START, END = "\ue000", "\ue001"
INNERMOST_MARKED = re.compile(f"{START}[^{START}{END}]*{END}")
MARKUP = re.compile(r"<style>.*?</style>|<[^>]*>|:material/\w+:|:[a-z]+(-badge)?\[|\]\([^)]*\)|&nbsp;", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{3,}")
NAMED_TABLES = (
    *("territory", "organisation", "topic", "source", "channel", "regime", "outcome", "stage", "status", "person"),
)
TEXT_KEYS = {
    "body",
    "label",
    "help",
    "placeholder",
    "options",
    "content",
    "alt",
    "title",
    "caption",
    "text",
    "delta",
    "default",
}


class Marked(gettext.NullTranslations):
    """A catalogue in which each translation is the message between two marks."""

    def gettext(self, message: str) -> str:
        return f"{START}{message}{END}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def _marked_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which each translated text is marked, with Russian numbers and dates."""
    monkeypatch.setitem(i18n.LANGUAGES, LANGUAGE, START + END)
    monkeypatch.setitem(formats.BABEL_LOCALES, LANGUAGE, "ru")
    translations = i18n.translations
    monkeypatch.setattr(i18n, "translations", lambda code: Marked() if code == LANGUAGE else translations(code))


def texts_of(value: object, key: str = "") -> Iterator[str]:
    """The texts that an element shows."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from texts_of(part, name)
    elif isinstance(value, list) and key == "title" and all(isinstance(part, str) for part in value):
        yield "\n".join(value)  # a title of several lines
    elif isinstance(value, list):
        for part in value:
            yield from texts_of(part, key)
    elif isinstance(value, str):
        if key in {"spec", "columns"} and value.startswith("{"):
            yield from texts_of(json.loads(value))
        elif key in TEXT_KEYS:
            yield value


def shown_texts(block: Block) -> Iterator[str]:
    """The texts of a block and all within it."""
    for child in block.children.values():
        if child.proto is not None:
            yield from texts_of(MessageToDict(child.proto))
        if isinstance(child, Block):
            yield from shown_texts(child)


def untranslated_words(shown: str, names: list[str]) -> set[str]:
    """The words outside of all marks that aren't part of a name."""
    while INNERMOST_MARKED.search(shown):
        shown = INNERMOST_MARKED.sub("", shown)
    shown = MARKUP.sub(" ", shown)
    for name in names:
        shown = shown.replace(name, "")
    return set(WORD.findall(shown))


def data_names(connection: Connection) -> list[str]:
    """The names that the data have in English alone, the longest first."""
    query = " UNION ".join(f"SELECT name FROM {table}" for table in NAMED_TABLES)
    names = connection.scalars(text(query))
    return sorted(names, key=len, reverse=True)


@pytest.mark.usefixtures("_marked_language")
@pytest.mark.parametrize("page_id", PAGES)
def test_no_text_is_without_an_entry(connection: Connection, page_id: str) -> None:
    now = datetime.now(UTC)
    for number, closed_at in (("1", None), ("2", now - timedelta(days=1))):
        factories.appeal(connection, number=number, received_at=now - timedelta(days=30), closed_at=closed_at)
    facts = {"email": "7@8.9", "name": "Anna", "role": "staff", "territories": []}
    people.save_person_as_owner(connection, None, facts)  # one with an address beside those without
    person = "official" if page_id == "overdue" else "administrator"
    page = run_page(page_id, deep_link=False, lang=LANGUAGE, number="1", **{"as": person})
    names = data_names(connection)
    texts = [*shown_texts(page.main), *shown_texts(page.sidebar)]
    assert any(START in shown for shown in texts)
    assert {shown for shown in texts if untranslated_words(shown, names)} == set()


@pytest.mark.usefixtures("_marked_language")
def test_a_text_outside_of_the_catalogues_is_found() -> None:
    marked_text = i18n.translations(LANGUAGE).gettext("Open")
    assert untranslated_words(f":gray[{marked_text}: 5 more in Roads]", ["Roads"]) == {"more"}
