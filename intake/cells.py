"""The fields of one row: where they stand, and how each kind is read."""

import math
from collections.abc import Sequence

from intake.mapping import Mapping
from intake.reading import Cell, plain
from intake.refusals import Rejected, quoted

BEST_RATING = 5
CALLED = {"received_at": "date of receipt", "category": "topic", "holder": "organisation"}
"""What a person calls a field."""


class Cells:
    """Reads the cells of rows under one header; every method raises Rejected for a cell that it can't read."""

    def __init__(self, mapping: Mapping, header: Sequence[str]) -> None:
        """`header` has all columns of the mapping."""
        self.width = len(header)
        self._columns = mapping.columns
        self._empty = mapping.empty
        self._where = {plain(name): position for position, name in enumerate(header)}
        self._at = {field: self.position(column) for field, column in mapping.columns.items()}

    def position(self, column: str) -> int:
        """Where this column stands."""
        return self._where[plain(column)]

    def cell(self, row: Sequence[Cell], field: str) -> Cell | None:
        """What a workbook or a text holds there; None when it is empty."""
        position = self._at.get(field)
        if position is None or not (text := self.said(row[position])):
            return None
        return text if isinstance(row[position], str) else row[position]

    def text(self, row: Sequence[Cell], field: str) -> str:
        """The field as text; "" when it is empty, or no column has it."""
        position = self._at.get(field)
        return "" if position is None else self.said(row[position])

    def needed(self, row: Sequence[Cell], field: str) -> str:
        """The field as text that isn't empty."""
        if not (text := self.text(row, field)):
            raise Rejected(f"no {CALLED.get(field, field)}", f"the column {quoted(self._columns[field])} is empty")
        return text

    def said(self, cell: Cell) -> str:
        """A cell as text; "" when the source calls it empty."""
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        text = str(cell).strip()
        if "\0" in text:
            raise Rejected("a character that no text has", quoted(text.replace("\0", "␀")))
        return "" if text in self._empty else text

    def rating(self, row: Sequence[Cell]) -> int | None:
        """1 to 5, or None."""
        if not (text := self.text(row, "rating")):
            return None
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= BEST_RATING:
            raise Rejected("a rating outside 1–5", quoted(text))
        return int(text)

    def point(self, row: Sequence[Cell]) -> tuple[float | None, float | None]:
        """Longitude and latitude, degrees; both None when one is missing."""
        lon, lat = self._degrees(row, "lon", 180), self._degrees(row, "lat", 90)
        return (None, None) if lon is None or lat is None else (lon, lat)

    def _degrees(self, row: Sequence[Cell], field: str, most: int) -> float | None:
        if not (text := self.text(row, field)):
            return None
        try:
            degrees = float(text.replace(",", "."))
        except ValueError:
            degrees = math.nan
        if not -most <= degrees <= most:
            raise Rejected("a point that is none on earth", f"{field} {quoted(text)}")
        return degrees
