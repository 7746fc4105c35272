"""The cells of a workbook as a person sees them: a number 321 shown as 000321 is the text “000321”."""

import math
import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Protocol

from otklik.intake.readers.tabular import Cell, UnusableCell

LARGEST_EXACT_NUMBER = 10**15
"""Excel keeps 15 digits; of a longer number, others may have been rounded to zeros before the file was written."""
INVISIBLE_PARTS = re.compile(r"\[[^\]]*\]|_.|\*.|\s")
"""Colours and conditions, and spaces as wide as a character or filling the cell."""
TIME_PARTS = re.compile(r"(?<![_\\])[hs]", re.IGNORECASE)
HIDDEN_PARTS = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)


class WorkbookCell(Protocol):
    """What is read of openpyxl's cells."""

    value: object
    data_type: str
    number_format: str | None


def shown_cell(cell: WorkbookCell) -> Cell:
    """The cell's value, "" when it is empty; a number as text, UnusableCell when that would be another one."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value if cell.data_type != "e" else UnusableCell(value, "a cell with an error")
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return shown_number(value, cell.number_format or "General")
    if isinstance(value, datetime):
        is_day = value.time() == time() and not _shows_time(cell.number_format or "")
        return value.date() if is_day else value
    return value if isinstance(value, date | time) else str(value)


def shown_number(number: float, number_format: str) -> str | UnusableCell:
    """A number as its format shows it, without separators of thousands and not rounded."""
    text = str(number) if isinstance(number, int) else f"{number:.15g}"
    if not math.isfinite(number) or abs(number) >= LARGEST_EXACT_NUMBER:
        return UnusableCell(text, "a number of more than 15 digits, which Excel rounds")
    section = _visible_section(number_format)
    if section in {"General", "@", ""}:
        return text
    if re.fullmatch(r"[#,0]*[#0]", section) and number == int(number):
        return f"{'-' * (number < 0)}{str(abs(int(number))).zfill(section.count('0'))}"
    if re.fullmatch(r"[#,0]*(?<!,)\.[0#?]+", section):
        return text
    return UnusableCell(text, f"a number shown differently, in the format {number_format[:30]}")


@lru_cache(maxsize=1000)
def _visible_section(number_format: str) -> str:
    return INVISIBLE_PARTS.sub("", number_format.split(";", maxsplit=1)[0])


@lru_cache(maxsize=1000)
def _shows_time(number_format: str) -> bool:
    return TIME_PARTS.search(HIDDEN_PARTS.sub("", number_format)) is not None
