"""What a cell of a file to take away may hold: the one rule of every writer."""

import re
from datetime import date, datetime
from numbers import Real

import pandas as pd

LONGEST = 32_767  # UTF-16 units that a cell of a spreadsheet holds
MARK = " […]"
# What XML can't hold, and halves of characters.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# At the start, or after what a spreadsheet that expects another separator takes for one.
FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")
HARMLESS = re.compile(r"-|[+-]?\d+([.,]\d+)?")


class Share(float):
    """A number that a spreadsheet writes in per cent, whatever its column."""


def clean(text: str) -> str:
    """A text that any cell can hold: without control characters, cut with a mark where it is too long."""
    return cut(UNWRITABLE.sub("", text))


def cut(text: str) -> str:
    """A text of at most 32,767 UTF-16 units; a longer one ends with a mark."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - len(MARK))].decode("utf-16-le", "ignore") + MARK


def safe_cell(value: object) -> str:
    """A value as a text file holds it: moments by ISO 8601, missing values empty, no text that runs as a formula."""
    if missing(value):
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Real):
        return str(value.item() if hasattr(value, "item") else value)
    text = UNWRITABLE.sub("", str(value))
    return text if HARMLESS.fullmatch(text) else cut(FORMULA.sub(r"\1'", text))


def missing(value: object) -> bool:
    """Whether a cell has nothing to say."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124 -- NaN alone differs from itself
