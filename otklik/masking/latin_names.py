"""Names of people in Latin letters: by the words that introduce them, and by lists of first names (those of Faker)."""

import importlib
import re
from collections.abc import Iterator
from functools import cache

from otklik.masking.spans import Span, context_before

NAME_WORD = r"(?:[A-ZČĆŠŽĐÁÉÓŁŻŚĆÇĞİÖŞÜ][\w'’]+(?:-[A-ZČĆŠŽĐ]\w+)?|[A-Z]\.)"
NAME = rf"{NAME_WORD}(?:\s+(?:(?:al|bin|de|van|von|kyzy)[\s-])?{NAME_WORD}){{0,3}}"
SURE_INTRODUCTIONS = (
    r"my name is|i am called|(?:kind |best )?regards,?|sincerely,?|faithfully,?|\bsigned|name on (?:the )?card"
    r"|\b(?:mr|mrs|ms|dr|councillor|officer|neighbour)\b\.?"
    r"|zovem se|moje ime je|ime i prezime|s poštovanjem,?|(?:lijep )?pozdrav,?|na ime|u ime|potpisnici:?|obitelj\w*"
    r"|gospod\w+|gospođ\w+|\b(?:gosp|g|gđa|dr)\.|susjed\w*|učitelj\w*|ravnatelj\w*|liječni\w+|vozač\w*|službenic\w+"
)
"""Words with a name behind them, or no word with a capital at all."""
RELATIVES = (
    r"\b(?:my|his|her)\s+(?:late\s+)?(?:son|daughter|wife|husband|mother|father|brother|sister|child)|i['’]m"
    r"|\b(?:sin\w*|kć\w+|majk\w+|mama|ot\w?c\w*|muž\w*|brat\w*|sestr\w+|svekrv\w+|ja sam)"
)
INTRODUCED = re.compile(rf"(?i:{SURE_INTRODUCTIONS}|{RELATIVES})[\s,]+(?P<it>{NAME})")
LISTED = re.compile(rf"(?<![\w«„“\"'])(?P<first>{NAME_WORD})(?P<rest>(?:\s+{NAME_WORD}){{0,2}})")
LOCALES = ("hr_HR", "en_GB", "en_US", "en_IN", "pl_PL", "tr_TR")
STREET_BEFORE = re.compile(r"(?i)\b(?:ulic\w*|trg\w*|cest\w*|avenij\w*|oš|škol\w*|vrtić\w*|sv\.|st\.)\s+(?:\w+\s+)?$")
STREET_AFTER = re.compile(
    r"\s+(?:[A-Z]\w+\s+)?(?:Street|St|Avenue|Ave|Road|Rd|Lane|Grove|Walk|Close|Park|School|Hospital|Square|Bridge)\b"
)
SENTENCE_BEGIN = re.compile(r"(?:^|[.!?…:]\s*|\n)$")
COMMON_WORDS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    *("december", "summer", "autumn", "grace", "hope", "faith", "joy", "rose", "mark", "will", "art", "rich", "grant"),
    *(
        "dean",
        "chase",
        "hunter",
        "mason",
        "christian",
        "paris",
        "london",
        "victoria",
        "charlotte",
        "florence",
        "dallas",
    ),
    *("sydney", "austin", "chester", "lincoln", "sandy", "daisy", "holly", "ivy", "jasmine", "heather", "dawn", "eve"),
    *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    *("crystal", "amber", "ruby", "pearl", "gene", "max", "drew", "pat", "sunny", "deep", "nada", "zora", "mira"),
)
"""Months, words and places that are first names too, or have the stem of one."""
ENDINGS = re.compile(r"(?:om|em|im|oj|ovi|[aeiouy])$")


def latin_name_spans(text: str) -> Iterator[Span]:
    """The spans of a text that hold names in Latin letters; they may overlap. A street's name is none."""
    for match in INTRODUCED.finditer(text):
        yield Span(*match.span("it"), "name")
    for match in LISTED.finditer(text):
        has_surname = bool(match["rest"])
        if (
            _stem(match["first"]) in _first_name_stems()
            and (has_surname or not SENTENCE_BEGIN.search(context_before(text, match.start())))
            and not STREET_BEFORE.search(context_before(text, match.start()))
            and not STREET_AFTER.match(text, match.end("first"))
            and not STREET_AFTER.match(text, match.end())
        ):
            yield Span(*match.span(), "name")


def _stem(name: str) -> str:
    """A name without the ending of its case: `Luciju` and `Lucija` are one."""
    return ENDINGS.sub("", name.lower())


@cache
def _first_name_stems() -> frozenset[str]:
    """The first names of Faker's `LOCALES`, by stem, without common words."""
    providers = [importlib.import_module(f"faker.providers.person.{locale}").Provider for locale in LOCALES]
    names = {name.lower() for provider in providers for name in provider.first_names}
    return frozenset(_stem(name) for name in names if len(name) > 2) - {_stem(word) for word in COMMON_WORDS}  # noqa: PLR2004 -- "Al", "Jo"
