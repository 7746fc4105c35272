"""Reading the cells of a row: where each field stands, and the checks of texts, ratings and points."""

import math
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, time, timedelta

from otklik.intake.errors import RowRejected, short_quote
from otklik.intake.mapping.model import COLUMN_FIELDS, DATE_FIELDS, ImportMapping
from otklik.intake.readers.tabular import Cell, UnusableCell, normalized_column

RATING = re.compile(r"([1-5])(?:[.,]0+)?", re.ASCII)
MAX_CELL_LENGTH, MAX_NAME_LENGTH = 131_072, 1000
"""Characters."""
NAME_FIELDS = {"region", "municipality", "category", "subcategory", "fact", "holder", "first_holder"}
ORIGIN_DEGREES = 0.01
"""Both coordinates this close to 0 are a placeholder: the nearest land to 0, 0 is 600 km away."""
FIELD_LABELS = {"received_at": "date of receipt", "category": "topic", "holder": "organisation"}
"""Names of fields in messages, where they differ from the field."""

FieldTexts = dict[str, str]
"""Every field as text; "" for an empty or unmapped cell."""


class CellReader:
    """Reads the cells of rows under one header. Methods raise RowRejected for a cell that can't be used."""

    def __init__(self, mapping: ImportMapping, header: Sequence[str]) -> None:
        """`header` must have all columns of the mapping."""
        self.column_count = len(header)
        self._columns = mapping.columns
        self._empty_values = mapping.empty_values
        self._position_by_column = {normalized_column(name): position for position, name in enumerate(header)}
        self._position_by_field = {field: self.column_position(column) for field, column in mapping.columns.items()}

    def column_position(self, column: str) -> int:
        """The position of a column in every row."""
        return self._position_by_column[normalized_column(column)]

    def field_texts(self, row: Sequence[Cell]) -> FieldTexts:
        """All fields of a row."""
        values = dict.fromkeys(COLUMN_FIELDS, "")
        for field, position in self._position_by_field.items():
            cell = row[position]
            if isinstance(cell, date | time | timedelta) and field not in DATE_FIELDS:
                # A spreadsheet makes dates of texts such as 1-2, and what was meant is lost.
                raise RowRejected("a date in a column of texts", f"{cell} for {field}")
            values[field] = text = self.cell_text(cell)
            if len(text) > MAX_NAME_LENGTH and field in NAME_FIELDS:
                # Names are kept in memory, and shown in lists.
                raise RowRejected(
                    f"a name of more than {MAX_NAME_LENGTH:,} characters", f"{short_quote(text)} for {field}"
                )
        return values

    def row_numbers(self, rows: Iterable[Sequence[Cell]]) -> list[str]:
        """The numbers of those rows that have a readable one."""
        position, numbers = self._position_by_field["number"], []
        for row in rows:
            with suppress(RowRejected, IndexError):
                numbers.append(self.cell_text(row[position]))
        return numbers

    def cell_text(self, cell: Cell) -> str:
        """A cell as text; "" for one of the source's empty values.

        Raises RowRejected for a NUL character, for a cell that is too long, and for one that can't be used.
        """
        if isinstance(cell, UnusableCell):
            raise RowRejected(cell.reason, short_quote(cell.text))
        text = str(cell).strip()
        if len(text) > MAX_CELL_LENGTH:
            raise RowRejected(f"a cell of more than {MAX_CELL_LENGTH:,} characters", short_quote(text))
        if "\0" in text:
            raise RowRejected("a NUL character", short_quote(text))
        return "" if text in self._empty_values else text

    def required_text(self, texts: FieldTexts, field: str) -> str:
        """A field that must not be empty. Raises RowRejected when it is."""
        if not texts[field]:
            raise RowRejected(
                f"no {FIELD_LABELS.get(field, field)}", f"the column {short_quote(self._columns[field])} is empty"
            )
        return texts[field]

    def date_cell(self, row: Sequence[Cell], texts: FieldTexts, field: str) -> Cell | None:
        """A date field as text, or as a workbook's own date; None when it is empty."""
        if not texts[field]:
            return None
        cell = row[self._position_by_field[field]]
        return texts[field] if isinstance(cell, str) else cell


def parse_rating(texts: FieldTexts) -> int | None:
    """The rating, 1 to 5, also written 5.0; None when it is empty. Raises RowRejected for anything else."""
    if not (text := texts["rating"]):
        return None
    match = RATING.fullmatch(text)
    if match is None:
        raise RowRejected("a rating outside 1–5", short_quote(text))
    return int(match[1])


def parse_point(texts: FieldTexts) -> tuple[float | None, float | None]:
    """Longitude and latitude in degrees; both None when one is missing, or at 0, 0. Raises RowRejected out of range."""
    lon, lat = _parse_degrees(texts, "lon", 180), _parse_degrees(texts, "lat", 90)
    if lon is None or lat is None or is_origin(lon, lat):
        return None, None
    return lon, lat


def is_origin(lon: float, lat: float) -> bool:
    """Whether a point lies at 0, 0, where no appeal comes from."""
    return abs(lon) < ORIGIN_DEGREES and abs(lat) < ORIGIN_DEGREES


def _parse_degrees(texts: FieldTexts, field: str, limit: int) -> float | None:
    if not (text := texts[field]):
        return None
    try:
        degrees = float(text.replace(",", "."))
    except ValueError:
        degrees = math.nan
    if not -limit <= degrees <= limit:
        raise RowRejected("coordinates out of range", f"{field} {short_quote(text)}")
    return degrees
