"""What a cell of a file to take away may hold: the one rule of every writer."""

import re
from datetime import date, datetime
from numbers import Real

import pandas as pd

MAX_CELL_UNITS = 32_767  # UTF-16 units that a cell of a spreadsheet holds
TRUNCATION_MARK = " […]"
# What XML can't hold, and halves of characters.
UNWRITABLE_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# At the start, or after what a spreadsheet that expects another separator takes for one.
FORMULA_START = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")
PLAIN_NUMBER = re.compile(r"-|[+-]?\d+([.,]\d+)?")


class Share(float):
    """A number that a spreadsheet writes in per cent, whatever its column."""


def clean_text(text: str) -> str:
    """A text that any cell can hold: without control characters, cut with a mark where it is too long."""
    return truncate_text(UNWRITABLE_CHARACTERS.sub("", text))


def truncate_text(text: str) -> str:
    """A text of at most 32,767 UTF-16 units; a longer one ends with a mark."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL_UNITS:
        return text
    return units[: 2 * (MAX_CELL_UNITS - len(TRUNCATION_MARK))].decode("utf-16-le", "ignore") + TRUNCATION_MARK


def safe_cell(value: object) -> str:
    """A value as a text file holds it: moments by ISO 8601, missing values empty, no text that runs as a formula."""
    if is_missing(value):
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Real):
        return str(value.item() if hasattr(value, "item") else value)
    text = UNWRITABLE_CHARACTERS.sub("", str(value))
    return text if PLAIN_NUMBER.fullmatch(text) else truncate_text(FORMULA_START.sub(r"\1'", text))


def is_missing(value: object) -> bool:
    """Whether a cell has nothing to say."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124 -- NaN alone differs from itself
