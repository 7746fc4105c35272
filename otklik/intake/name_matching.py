"""When two spellings of a name mean the same thing, and codes made of names."""

import re
import unicodedata
from collections.abc import Container

from otklik.intake.errors import BadFile

MAX_CACHED_SPELLINGS = 10_000
"""Spellings of names in a file whose ids are remembered, of each kind."""
MAX_NEW_NAMES = 100_000
"""Names of one kind that an import may add; all are in memory meanwhile."""
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
    """The code, or one of code-2, code-3… that isn't used yet: the first, unless there are gaps.

    Many names begin with the same words, and thousands have the same code: so the end of the row is searched by halves.
    """
    if code not in used_codes:
        return code
    last_used, unused = 1, 2
    while f"{code}-{unused}" in used_codes:
        last_used, unused = unused, 2 * unused
    while unused - last_used > 1:
        middle = (last_used + unused) // 2
        if f"{code}-{middle}" in used_codes:
            last_used = middle
        else:
            unused = middle
    return f"{code}-{unused}"


def check_new_names(kind: str, count: int) -> None:
    """Raise BadFile where an import has added so many names that they can't be names: another column was mapped."""
    if count >= MAX_NEW_NAMES:
        raise BadFile(
            f"The file has more than {MAX_NEW_NAMES:,} {kind} that aren't in the database: look which columns the"
            " mapping names."
        )
