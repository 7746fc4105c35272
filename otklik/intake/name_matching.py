"""When two spellings of a name mean the same thing, and codes made of names."""

import re
import unicodedata
from collections.abc import Container

MAX_SLUG_LENGTH = 40
"""Characters of a code that come from one name. Codes stand in addresses, so they are short."""

CYRILLIC_TO_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True))
    | {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
    | {"ю": "yu", "я": "ya", "ъ": "", "ь": "", "đ": "d"}
)


def normalized_name(name: str) -> str:
    """A key that is equal for names which differ only in case, ё, quotes, dashes and spaces."""
    return " ".join(re.findall(r"\w+", name.casefold().replace("ё", "е")))


def normalized_words(name: str) -> frozenset[str]:
    """Like `normalized_name`, and equal too for another word order, repeated words and a "г." for city."""
    return frozenset(normalized_name(name).split()) - {"г", "город"}


def slug(name: str) -> str:
    """The name transliterated into lower-case Latin letters, digits and hyphens; "x" when nothing is left."""
    latin = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name.casefold()).translate(CYRILLIC_TO_LATIN))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[^\x00-\x7f]", "", latin))[:MAX_SLUG_LENGTH].strip("-") or "x"


def unused_code(code: str, used_codes: Container[str]) -> str:
    """The code, or the first of code-2, code-3… that isn't used yet."""
    suffix, candidate = 1, code
    while candidate in used_codes:
        suffix += 1
        candidate = f"{code}-{suffix}"
    return candidate
