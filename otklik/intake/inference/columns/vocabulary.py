"""What columns are called and what words mean, in three languages."""

import re
import tomllib
from functools import cache
from pathlib import Path

from otklik.intake.mapping.model import CODED_FIELDS, MAPPINGS_FOLDER, read_mapping
from otklik.intake.name_matching import normalized_name

FOLDER = Path(__file__).parent
CAMEL_CASE = re.compile(r"(?<=[^\W\d_A-ZА-ЯЁ])(?=[A-ZА-ЯЁČĆŽŠĐ])")
NESTED = re.compile(r"^.*\.(?=\w)")
"""The objects around a field of a JSON record."""
LONGER_NAME = 0.85
"""How well a name of more words than the known one fits, at most."""
WordCodes = dict[str, dict[str, str]]


@cache
def column_names() -> dict[str, tuple[str, ...]]:
    """The normalized names of columns by field, and those of `point` and `time`."""
    names = tomllib.loads((FOLDER / "column_names.toml").read_text(encoding="utf-8"))
    return {field: tuple(normalized_name(name) for name in field_names) for field, field_names in names.items()}


def column_words(column: str) -> list[str]:
    """The words of a column's name, written with spaces, underscores or capitals."""
    return normalized_name(CAMEL_CASE.sub(" ", NESTED.sub("", column)).replace("_", " ")).split()


def name_score(field: str, column: str) -> float:
    """How well a column's name fits a field, from 0 to 1: 1 for a known name, less for one among other words.

    A name listed earlier is a little better than one listed later.
    """
    words = column_words(column)
    best = 0.0
    names = column_names()[field]
    for place, name in enumerate(names):
        name_words = name.split()
        size = len(name_words)
        if name_words == words:
            fit = 1.0
        elif any(words[start : start + size] == name_words for start in range(len(words) - size + 1)):
            fit = LONGER_NAME * size / len(words)
            # What a name ends with says more than what it begins with: "status date" is a date.
            fit += 0.1 * (words[-size:] == name_words)
        else:
            continue
        best = max(best, fit - 0.02 * place / len(names))
    return best


def known_code(field: str, text: str) -> str | None:
    """The code of a word; of a channel also that of a known word among others, such as “phone call”."""
    codes = word_codes()[field]
    word = normalized_name(text)
    if word in codes or field != "channel":
        return codes.get(word)
    known_words = [known for known in codes if f" {known} " in f" {word} "]
    return codes[max(known_words, key=len)] if known_words else None


@cache
def word_codes() -> WordCodes:
    """By coded field, and for `rating`, the code of each known word, by normalized word.

    The words of the shipped mappings count too.
    """
    table = tomllib.loads((FOLDER / "code_words.toml").read_text(encoding="utf-8"))
    codes: WordCodes = {
        field: {normalized_name(word): code for code, words in words_by_code.items() for word in words}
        for field, words_by_code in table.items()
    }
    for path in sorted(MAPPINGS_FOLDER.glob("*.toml")):
        for field in CODED_FIELDS:
            for rule in read_mapping(path.stem).code_rules[field]:
                for word, code in rule.codes_by_word.items():
                    if code:
                        codes.setdefault(field, {}).setdefault(word, code)
    return codes
