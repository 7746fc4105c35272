"""All that rows have and an import wouldn't understand, field by field: not only what each row is rejected for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from otklik.intake.errors import RowRejected, short_quote
from otklik.intake.mapping.model import CODED_FIELDS, DATE_FIELDS, ImportMapping
from otklik.intake.readers.tabular import Cell
from otklik.intake.rows.cells import FieldTexts, parse_point, parse_rating
from otklik.intake.rows.conversion import RowConverter

MAX_VALUES = 10_000
"""Different values of a field, or shapes of its dates, that are counted."""
DIGIT, LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]+")


@dataclass
class ShapeCount:
    """How many dates have a shape and how many of them can't be read; the example is one of the latter if need be."""

    example: str
    count: int = 0
    unreadable_count: int = 0


class RowSurvey:
    """Looks at rows on their way into an import."""

    def __init__(self, converter: RowConverter, mapping: ImportMapping) -> None:
        """`mapping` is that of the file at hand."""
        self._converter = converter
        self._mapping = mapping
        self.unknown_values: dict[str, Counter[str]] = {}
        """By field, how often each value is there that has no meaning."""
        self.date_shapes: dict[str, dict[str, ShapeCount]] = {}
        """By field and shape, such as 99.99.9999."""

    def of(self, rows: Iterable[tuple[int, Sequence[Cell]]]) -> Iterator[tuple[int, Sequence[Cell]]]:
        """The rows as they come, each looked at."""
        for line, row in rows:
            if len(row) == self._converter.cell_reader.column_count:
                self._add(row)
            yield line, row

    def _add(self, row: Sequence[Cell]) -> None:
        for field in CODED_FIELDS:
            try:
                self._converter.mapped_code(row, field)
            except RowRejected as rejection:
                self._count(field, rejection)
        try:
            texts = self._converter.cell_reader.field_texts(row)
        except RowRejected:
            return  # which field it was is in the reasons of the rejected rows
        lon = lat = None
        try:
            lon, lat = parse_point(texts)
        except RowRejected as rejection:
            self._count("lon, lat", rejection)
        for field, parse in (
            ("region", lambda: self._converter.territories.region(texts["region"], lon, lat)),
            ("rating", lambda: parse_rating(texts, self._mapping.rating_scale)),
        ):
            try:
                parse()
            except RowRejected as rejection:
                self._count(field, rejection)
        self._add_dates(row, texts)

    def _add_dates(self, row: Sequence[Cell], texts: FieldTexts) -> None:
        for field in DATE_FIELDS:
            cell = self._converter.cell_reader.date_cell(row, texts, field)
            if cell is None:
                continue
            shape = date_shape(cell)
            shapes = self.date_shapes.setdefault(field, {})
            if shape not in shapes and len(shapes) == MAX_VALUES:
                continue
            shape_count = shapes.setdefault(shape, ShapeCount(str(cell)))
            shape_count.count += 1
            try:
                self._mapping.date_format.local_time(field, cell)
            except RowRejected:
                if not shape_count.unreadable_count:
                    shape_count.example = str(cell)
                shape_count.unreadable_count += 1

    def _count(self, field: str, rejection: RowRejected) -> None:
        counter = self.unknown_values.setdefault(field, Counter())
        value = rejection.detail or rejection.reason
        if value in counter or len(counter) < MAX_VALUES:
            counter[value] += 1

    def format_lines(self) -> list[str]:
        """For people, a value or shape a line; fields in their order, values the most frequent first."""
        text_lines = []
        for field, counter in self.unknown_values.items():
            text_lines.append(f"{field}: {len(counter):,} unknown value{'s' * (len(counter) != 1)}")
            text_lines += [f"  {count:,} × {value}" for value, count in counter.most_common()]
        for field, shapes in self.date_shapes.items():
            text_lines.append(f"{field}: {len(shapes):,} shape{'s' * (len(shapes) != 1)} of dates")
            for shape, shape_count in sorted(shapes.items(), key=lambda item: -item[1].count):
                unreadable = shape_count.unreadable_count
                problem = f"; {unreadable:,} can't be read" if unreadable else ""
                text_lines.append(
                    f"  {shape_count.count:,} × {shape}, such as {short_quote(shape_count.example)}{problem}"
                )
        return text_lines


def date_shape(cell: Cell) -> str:
    """How a date is written: 9 for each digit, a for each word."""
    if not isinstance(cell, str):
        return "date cells"
    return LETTER.sub("a", DIGIT.sub("9", cell[:100]))
