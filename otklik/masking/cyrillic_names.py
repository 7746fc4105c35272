"""Names of people in a text in Cyrillic letters: by a recogniser, a dictionary, and the words that introduce them.

The recogniser is slovnet's with navec's vectors, whose files are part of natasha's wheel. It knows names by their
capitals and what stands around them, and is loaded with the first Russian text (2 s, 150 MB). A dictionary (pymorphy3)
knows first names, patronymics and surnames, in lower case too.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import Any, NamedTuple

import pymorphy3

from otklik.masking.number_rules import STREETS
from otklik.masking.spans import Span, context_before
from otklik.text_analysis.word_vectors import natasha_data, word_vectors

WORD = re.compile(r"[А-Яа-яЁё]{2,}(?:-[А-Яа-яЁё]{2,})?")
AFTER_STREET = re.compile(rf"(?i)\b(?:{STREETS}|имени|им)\b\.?\s*(?:[а-яё]+\s+(?:и\s+)?)?$")
INITIALS = r"[А-ЯЁа-яё]\.\s?[А-ЯЁа-яё]\."
WITH_INITIALS = re.compile(
    rf"\b(?P<surname>[А-ЯЁа-яё][а-яё-]{{2,}})\s+{INITIALS}|{INITIALS}\s?(?P<last>[А-ЯЁ][а-яё-]{{2,}})"
)
SURNAME_ENDING = re.compile(r"(?:[оеё]в|ин|ын|[оеё]ва|ина|ына|ск(?:ий|ая)|ко|[уюе]к|ян|ых|их|дзе|швили)$")
CAPITALISED_NAME = r"[А-ЯЁ][а-яё-]+(?:\s+[А-ЯЁ][а-яё-]+){0,2}"
SURE_INTRODUCTIONS = (
    r"меня зовут|мо[её] имя|с уважением,?|\bгр\.|граждан(?:ин|ка|ина|ки|ке)|сосед\w*|обращается|от имени"
)
INTRODUCED = re.compile(rf"(?i:{SURE_INTRODUCTIONS})\s+(?P<it>{CAPITALISED_NAME})")
ROLES = re.compile(
    r"(?i)\b(?:зовут|доктор\w*|врач\w*|директор\w*|брат\w*|сестр\w*|дяд[яюеи]|т[её]т[яюеи]|сын\w*|доч\w+|внук\w*|внучк\w+"
    r"|муж\w*|жен[аыуе]|мам[аыуе]|пап[аыуе]|сосед\w*|сотрудни\w+|воспитател\w+|учител\w+|водител\w+|слесар\w+)\s+$"
)
"""Words behind which a first name or surname in lower case is one."""
CARD_HOLDER = re.compile(r"(?i:держател\w+)\s+(?P<it>[A-Z]{2,}(?:\s+[A-Z]{2,}){0,2})")
SENTENCE_BEGIN = re.compile(r"(?:^|[.!?…:«\"]\s*|\n|\b[Нн]а\s|\b[Пп]о\s)$")
NAME_TAGS = ("Name", "Patr", "Surn")
MIN_SCORE = 0.02
"""Of a reading of a word as a name, among its readings."""
SURE_SCORE = 0.3
"""Of a capitalised word within a sentence that stands alone."""
MAX_CACHED_WORDS = 50_000
MAX_GAP = 2  # characters between two words of one name

_recogniser_lock = Lock()


class NameReading(NamedTuple):
    """Which of first name, patronymic and surname a word can be, and how likely it is any of them (0 to 1)."""

    tags: frozenset[str]
    score: float


def cyrillic_name_spans(text: str) -> Iterator[Span]:
    """The spans of a text that hold names of people; they may overlap. A street's name is none."""
    if not WORD.search(text):
        return
    for pattern in (INTRODUCED, CARD_HOLDER):
        for match in pattern.finditer(text):
            yield Span(*match.span("it"), "name")
    spans = (*_recognised_spans(text), *_spans_with_initials(text), *_dictionary_spans(text))
    yield from (span for span in spans if not AFTER_STREET.search(context_before(text, span.start)))


def _recognised_spans(text: str) -> Iterator[Span]:
    """The people that the recogniser finds."""
    with _recogniser_lock:
        markup = _recogniser()(text)
    for recognised in markup.spans:
        if recognised.type == "PER":
            yield Span(recognised.start, recognised.stop, "name")


def _spans_with_initials(text: str) -> Iterator[Span]:
    """Surnames before or behind initials."""
    for match in WITH_INITIALS.finditer(text):
        surname = match["surname"] or match["last"]
        if surname[0].isupper() or SURNAME_ENDING.search(surname) or "Surn" in _reading(surname.lower()).tags:
            yield Span(*match.span(), "name")


def _dictionary_spans(text: str) -> Iterator[Span]:
    """Words that the dictionary knows as names.

    Neighbours of which one is a patronymic, or two are a first name and a surname; one alone behind a role such as
    "doctor", or capitalised within a sentence.
    """
    words: list[tuple[int, int, NameReading]] = []
    for match in (*WORD.finditer(text), None):
        reading = _reading(match[0].lower()) if match else NameReading(frozenset(), 0.0)
        if match and reading.tags and (not words or match.start() - words[-1][1] <= MAX_GAP):
            words.append((match.start(), match.end(), reading))
            continue
        if words and _is_name(text, words):
            yield Span(words[0][0], words[-1][1], "name")
        words = [(match.start(), match.end(), reading)] if match and reading.tags else []


def _is_name(text: str, words: list[tuple[int, int, NameReading]]) -> bool:
    """Whether neighbouring words that all can be names are one."""
    tags = [reading.tags for _, _, reading in words]
    if len(words) > 1 and (
        any("Patr" in of_word for of_word in tags)
        or (any("Name" in of_word for of_word in tags) and any("Surn" in of_word for of_word in tags))
    ):
        return True
    start, _, (_, score) = words[0]
    before = context_before(text, start)
    if ROLES.search(before):
        return True
    return text[start].isupper() and "Name" in tags[0] and score >= SURE_SCORE and not SENTENCE_BEGIN.search(before)


@cache
def _recogniser() -> Any:  # noqa: ANN401 -- slovnet has no types
    from slovnet import NER  # noqa: PLC0415 -- loaded with the first text, not with the process

    recogniser = NER.load(natasha_data() / "model" / "slovnet_ner_news_v1.tar")
    recogniser.navec(word_vectors())
    return recogniser


@cache
def _dictionary() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=MAX_CACHED_WORDS)
def _reading(word: str) -> NameReading:
    """A word in lower case as a name."""
    parses = [parse for parse in _dictionary().parse(word) if any(tag in parse.tag for tag in NAME_TAGS)]
    tags = frozenset(tag for parse in parses if parse.score >= MIN_SCORE for tag in NAME_TAGS if tag in parse.tag)
    return NameReading(tags, sum(parse.score for parse in parses))
