"""The terms of an appeal's text: its words by lemma, and pairs of neighbouring words."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from pymorphy3 import MorphAnalyzer

MIN_WORD_LENGTH = 3
# The parts between which no pair of words is formed, and the words in them.
_CLAUSE = re.compile(r"[^.!?…;:,()\n«»\"]+[.!?…\n]*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_ENDS = (".", "!", "?", "…", "\n")
# They say little alone, but turn what follows into its opposite.
NEGATIONS = frozenset({"не", "нет", "без", "not", "no", "without", "ne", "nema", "bez"})
# Parts of speech that say nothing alone, and names of persons and places, as OpenCorpora tags them.
_FUNCTION_WORDS = frozenset({"PREP", "CONJ", "PRCL", "NPRO"})
_NAMES = ("Name", "Surn", "Patr", "Geox")


class Term(NamedTuple):
    """A word or pair of words: its lemmas, the words as written in small letters, and whether it looks like a name."""

    lemmas: tuple[str, ...]
    words: str
    is_capitalised: bool


def latin_words(text: str) -> set[str]:
    """The words of a text in unaccented Latin letters, in small letters: `terms` needs their stems."""
    return {word.lower() for word in _WORD.findall(text) if word.isascii()}


def terms(text: str, stems: Mapping[str, str]) -> Iterator[Term]:
    """The words of a text, function words and names apart, and the pairs of neighbours among them.

    `stems`: the stems of its Latin words, "" for one that says nothing. A capital letter at the start of a sentence
    doesn't look like a name.
    """
    starts_sentence = True
    for clause in _CLAUSE.findall(text):
        before: Term | None = None
        for word in _WORD.findall(clause):
            small = word.lower()
            lemma = stems.get(small, "") if word.isascii() else russian_lemma(small)
            is_capitalised = word[0].isupper() and not word.isupper() and not starts_sentence
            starts_sentence = False
            term = Term((lemma,), small, is_capitalised)
            if lemma and len(small) >= MIN_WORD_LENGTH:
                yield term
                if before:
                    pair_lemmas = before.lemmas + term.lemmas
                    yield Term(pair_lemmas, f"{before.words} {small}", is_capitalised or before.is_capitalised)
                before = term
            else:
                before = Term((small,), small, is_capitalised=False) if small in NEGATIONS else None
        starts_sentence = starts_sentence or clause.endswith(_SENTENCE_ENDS)


@lru_cache(maxsize=100_000)
def russian_lemma(word: str) -> str:
    """The dictionary form of a word in small letters; "" for a function word and a name."""
    parse = _analyzer().parse(word)[0]
    is_left_out = parse.tag.POS in _FUNCTION_WORDS or any(name in parse.tag for name in _NAMES)
    return "" if is_left_out else str(parse.normal_form).replace("ё", "е")


@lru_cache(maxsize=100_000)
def is_noun(word: str) -> bool:
    """Whether a Russian word in small letters is mostly a noun."""
    return str(_analyzer().parse(word)[0].tag.POS) == "NOUN"


@cache
def _analyzer() -> MorphAnalyzer:
    """The dictionary: 28 MB, loaded when the first text is read."""
    return MorphAnalyzer(lang="ru")
