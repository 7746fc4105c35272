"""Names in files: when two spellings mean the same thing, and codes made of names."""

import re
import unicodedata
from collections.abc import Container

MAX_SLUG_LENGTH = 40
"""Letters of a code that come from one name: codes stand in addresses."""

CYRILLIC_TO_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True))
    | {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
    | {"ю": "yu", "я": "ya", "ъ": "", "ь": "", "đ": "d"}
)


def normalized_name(name: str) -> str:
    """Equal for names that differ in case, ё, quotes, kinds of dash and spaces alone."""
    return " ".join(re.findall(r"\w+", name.casefold().replace("ё", "е")))


def normalized_words(name: str) -> frozenset[str]:
    """Equal, besides, for another order of the words, words said twice, and a leading "г."."""
    return frozenset(normalized_name(name).split()) - {"г", "город"}


def slug(name: str) -> str:
    """Lower-case Latin letters, digits and hyphens that a reader recognises the name by."""
    latin = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name.casefold()).translate(CYRILLIC_TO_LATIN))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[^\x00-\x7f]", "", latin))[:MAX_SLUG_LENGTH].strip("-") or "x"


def unused_code(code: str, used_codes: Container[str]) -> str:
    """The code, or the first of code-2, code-3… that isn't used."""
    suffix, candidate = 1, code
    while candidate in used_codes:
        suffix += 1
        candidate = f"{code}-{suffix}"
    return candidate
