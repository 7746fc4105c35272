"""What every reader of files gives: a header and numbered rows of cells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta


@dataclass(frozen=True)
class UnusableCell:
    """A cell whose value isn't what a person sees in it; a row is rejected for it if its column is mapped."""

    text: str
    """Its value, as the file of rejected rows has it."""
    reason: str

    def __str__(self) -> str:
        """The value."""
        return self.text


Cell = str | bool | date | time | timedelta | UnusableCell
"""Numbers of a workbook are texts, as it shows them."""


@dataclass(frozen=True)
class FileLayout:
    """How a source writes its files. The first encoding is used in which the file is text and has the columns.

    `skipped_rows` stand above the header. `records_path` is the way to the list of records in a JSON file, names with
    dots between; without it, the first list of objects.
    """

    delimiter: str = ","
    encodings: tuple[str, ...] = ("utf-8",)
    sheet_name: str | None = None
    skipped_rows: int = 0
    records_path: str | None = None


@dataclass(frozen=True)
class TabularFile:
    """The header, and the rows with the number of the line in which each begins. Reading rows may raise BadFile.

    `progress()` is how much of `total` has been read, in bytes on disk or in rows of a workbook. `position` says for
    messages where the header stands, and `other_sheets` which sheets a workbook has, "" for other files.
    """

    header: list[str]
    rows: Iterator[tuple[int, Sequence[Cell]]]
    progress: Callable[[], int]
    total: int
    position: str
    other_sheets: str = ""


def normalized_column(name: str) -> str:
    """A column's name without differences in case and spaces."""
    return " ".join(name.split()).casefold()
