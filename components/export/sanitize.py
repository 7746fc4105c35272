"""Which texts a cell of an exported file may hold: the one rule for CSV and XLSX."""

import re
from datetime import date, datetime
from numbers import Real

import pandas as pd

MAX_CELL_UNITS = 32_767  # UTF-16 code units in a cell of a spreadsheet
TRUNCATION_MARK = " […]"
# Characters that XML can't hold, and lone surrogates.
UNWRITABLE_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# At the start of the text, or after a character that some spreadsheets take for the separator.
FORMULA_START = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")
PLAIN_NUMBER = re.compile(r"-|[+-]?\d+([.,]\d+)?")


class Share(float):
    """A share (0 to 1) that a spreadsheet shows in per cent, whatever its column is."""


def clean_text(text: str) -> str:
    """The text without control characters; one that is too long for a cell is cut and ends with a mark."""
    return truncate_text(UNWRITABLE_CHARACTERS.sub("", text))


def truncate_text(text: str) -> str:
    """The text, cut to `MAX_CELL_UNITS` UTF-16 code units with a mark at the end if it is longer."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL_UNITS:
        return text
    return units[: 2 * (MAX_CELL_UNITS - len(TRUNCATION_MARK))].decode("utf-16-le", "ignore") + TRUNCATION_MARK


def safe_cell(value: object) -> str:
    """A value as text for a CSV file: moments by ISO 8601, missing values empty, no text that runs as a formula."""
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
    """Whether a cell is without a value: None, NaN, NaT or NA."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124 -- NaN alone differs from itself
