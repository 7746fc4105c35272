"""Reading the cells of a row: where each field stands, and the checks of texts, ratings and points."""

import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import NoReturn

from otklik.intake.errors import RowRejected, short_quote
from otklik.intake.mapping.field_source import FieldSource
from otklik.intake.mapping.model import COLUMN_FIELDS, DATE_FIELDS, ImportMapping
from otklik.intake.mapping.rating_scale import RatingScale
from otklik.intake.readers.tabular import Cell, UnusableCell, normalized_column

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
        self._position_by_column = {normalized_column(name): position for position, name in enumerate(header)}
        self._sources = mapping.columns
        self._plain_positions = {
            field: self.column_position(source.columns[0])
            for field, source in mapping.columns.items()
            if source.is_plain
        }
        self._made_fields = [field for field in mapping.columns if field not in self._plain_positions]
        self._empty_values = [
            mapping.empty_values | mapping.empty_by_column.get(normalized_column(name), frozenset()) for name in header
        ]

    def column_position(self, column: str) -> int:
        """The position of a column in every row."""
        return self._position_by_column[normalized_column(column)]

    def field_texts(self, row: Sequence[Cell]) -> FieldTexts:
        """All fields of a row."""
        values = dict.fromkeys(COLUMN_FIELDS, "")
        for field, position in self._plain_positions.items():
            cell = row[position]
            if isinstance(cell, date | time | timedelta) and field not in DATE_FIELDS:
                # A spreadsheet makes dates of texts such as 1-2, and what was meant is lost.
                raise RowRejected("a date in a column of texts", f"{cell} for {field}")
            values[field] = text = self.cell_text(cell, position)
            if len(text) > MAX_NAME_LENGTH and field in NAME_FIELDS:
                _reject_long_name(field, text)
        for field in self._made_fields:
            values[field] = text = str(self._made_cell(row, field, self._sources[field]))
            if len(text) > MAX_NAME_LENGTH and field in NAME_FIELDS:
                _reject_long_name(field, text)
        return values

    def _made_cell(self, row: Sequence[Cell], field: str, source: FieldSource) -> Cell:
        """The value of a field that isn't one column's cell as it stands."""
        positions = [self.column_position(column) for column in source.columns]
        texts = [self.cell_text(row[position], position) for position in positions]
        cells = [row[position] for position, text in zip(positions, texts, strict=True) if text]
        if field in DATE_FIELDS:
            match cells:
                case [date() as day, time() as time_of_day]:
                    return datetime.combine(day, time_of_day)
                case [date() as day]:
                    return day
        elif any(isinstance(cell, date | time | timedelta) for cell in cells):
            raise RowRejected("a date in a column of texts", f"{', '.join(map(str, cells))} for {field}")
        return source.text(texts)

    def row_numbers(self, rows: Iterable[Sequence[Cell]]) -> list[str]:
        """The numbers of those rows that have a readable one."""
        numbers = []
        for row in rows:
            with suppress(RowRejected, IndexError):
                numbers.append(self.number(row))
        return numbers

    def number(self, row: Sequence[Cell]) -> str:
        """The number of a row; "" when it is empty."""
        if (position := self._plain_positions.get("number")) is not None:
            return self.cell_text(row[position], position)
        return str(self._made_cell(row, "number", self._sources["number"]))

    def cell_text(self, cell: Cell, position: int) -> str:
        """A cell of the column at a position as text; "" for one of the source's or the column's empty values.

        Raises RowRejected for a NUL character, for a cell that is too long, and for one that can't be used.
        """
        if isinstance(cell, UnusableCell):
            raise RowRejected(cell.reason, short_quote(cell.text))
        text = str(cell).strip()
        if len(text) > MAX_CELL_LENGTH:
            raise RowRejected(f"a cell of more than {MAX_CELL_LENGTH:,} characters", short_quote(text))
        if "\0" in text:
            raise RowRejected("a NUL character", short_quote(text))
        return "" if text in self._empty_values[position] else text

    def required_text(self, texts: FieldTexts, field: str) -> str:
        """A field that must not be empty. Raises RowRejected when it is."""
        if not texts[field]:
            columns = " and ".join(map(short_quote, self._sources[field].columns))
            raise RowRejected(f"no {FIELD_LABELS.get(field, field)}", f"the column {columns} is empty")
        return texts[field]

    def date_cell(self, row: Sequence[Cell], texts: FieldTexts, field: str) -> Cell | None:
        """A date field as text, or as a workbook's own date; None when it is empty."""
        if not texts[field]:
            return None
        if (position := self._plain_positions.get(field)) is None:
            return self._made_cell(row, field, self._sources[field])
        cell = row[position]
        return texts[field] if isinstance(cell, str) else cell


def _reject_long_name(field: str, text: str) -> NoReturn:
    # Names are kept in memory, and shown in lists.
    raise RowRejected(f"a name of more than {MAX_NAME_LENGTH:,} characters", f"{short_quote(text)} for {field}")


def parse_rating(texts: FieldTexts, scale: RatingScale) -> int | None:
    """The rating, 1 to 5; None when it is empty. Raises RowRejected for one that isn't on the scale."""
    return scale.rating(texts["rating"]) if texts["rating"] else None


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
