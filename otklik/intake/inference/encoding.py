"""The encoding of a text of which nothing is known."""

import re
from pathlib import Path

from otklik.intake.errors import BadFile
from otklik.intake.readers.encodings import (
    BYTE_ORDER_MARKS,
    CHECKED_BYTES,
    DAMAGE_ERRORS,
    Readable,
    first_undecodable_line,
)

HEAD_BYTES = 1024**2
CROATIAN, WESTERN = "čćžšđČĆŽŠĐ", "àáâãäåæçèéêëìíîïñòóôõöøùúûüßÀÁÂÄÅÆÇÈÉÊËÍÎÑÓÔÖØÚÛÜ"
WORD = re.compile(r"[^\W\d_]+")
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
MAX_CONTROL_SHARE = 0.01
NULL_SHARE = 0.2
"""Of the bytes: half of those of a UTF-16 text in Latin letters are 0."""


def infer_encoding(path: Path, binary: Readable) -> str:
    """That of a byte order mark, UTF-8 if all of the file is, else the encoding whose letters make words.

    Raises BadFile for a file that isn't text.
    """
    binary.seek(0)
    try:
        head = binary.read(HEAD_BYTES)
    except DAMAGE_ERRORS as error:
        raise BadFile(f"{path.name} is damaged or cut off: expected a whole gzip file.") from error
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if head.startswith(mark)), "")
    if not encoding and head.count(0) > NULL_SHARE * len(head):
        raise BadFile(
            f"{path.name} is no text, or UTF-16 without a byte order mark: expected UTF-8, or UTF-16 with one."
        )
    if not encoding and first_undecodable_line(binary, "utf-8", CHECKED_BYTES) is None:
        encoding = "utf-8"
    if not encoding:
        candidates = ("windows-1251", "windows-1250", "iso-8859-2", "windows-1252")
        encoding = max(candidates, key=lambda name: _plausibility(head.decode(name, errors="replace")))
    text = head.decode(encoding, errors="replace")
    if len(CONTROL_CHARACTER.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise BadFile(f"{path.name} isn't text: expected a CSV, JSON or XLSX file.")
    return encoding


def _plausibility(text: str) -> float:
    """Letters beyond ASCII that make sense in Russian, Croatian or a western language, less those that don't."""
    score = 0.0
    for word in WORD.findall(text):
        foreign = [letter for letter in word if letter > "\x7f"]
        cyrillic = [letter for letter in foreign if "а" <= letter.lower() <= "я" or letter in "ёЁ"]
        if cyrillic:
            is_one_script = len(cyrillic) == len(word)
            # A capital inside of a word is a letter of another encoding.
            score += len(cyrillic) if is_one_script and (word[1:].islower() or word.isupper()) else -len(cyrillic)
        else:
            score += sum(1 if letter in CROATIAN else 0.5 if letter in WESTERN else -1 for letter in foreign)
    return score - len(CONTROL_CHARACTER.findall(text)) - text.count("\ufffd")
