"""What the cells of a column are like."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta
from functools import cached_property

from otklik.intake.inference.columns.date_formats import TIME_ALONE, DateColumn, date_column
from otklik.intake.inference.columns.vocabulary import name_score
from otklik.intake.inference.sample import FileSample
from otklik.intake.mapping.model import DATE_FIELDS
from otklik.intake.readers.tabular import Cell, UnusableCell

PLACEHOLDERS = frozenset(
    {"-", "–", "—", "n/a", "N/A", "NA", "#N/A", "NULL", "null", "(null)", "NaN", "nan", "None", "none", "NaT"}
)
"""Cells that stand for an empty one."""
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
PERCENTAGE = re.compile(r"(\d+)\s*%")
TWO_NUMBERS = re.compile(r"(?P<start>\D*?)(-?\d+(?:\.\d+)?)(?P<joint>[,;\s]+)(-?\d+(?:\.\d+)?)\D*")
HALF, UNIQUE_SHARE = 0.5, 0.99
FEW, MAX_NAMES = 12, 5000
"""Different names that a column may have, however few rows there are, and at most."""
NAMED = 0.45
"""From which score on a name of a column is one of a field."""


class ColumnProfile:
    """One column of a sample; placeholders count as empty. `counts` has how often each filled cell is there."""

    def __init__(self, name: str, position: int, cells: Sequence[Cell]) -> None:
        """`cells` are those of all rows."""
        self.name = name
        self.position = position
        self.row_count = len(cells)
        self.cells: list[Cell] = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
        self.placeholders = {cell for cell in self.cells if isinstance(cell, str) and cell in PLACEHOLDERS}
        self.cells = ["" if isinstance(cell, str) and cell in PLACEHOLDERS else cell for cell in self.cells]
        self.counts: Counter[Cell] = Counter(cell for cell in self.cells if cell != "")
        self.filled_count = self.counts.total()

    @property
    def example(self) -> str:
        """One of the cells."""
        return str(next(iter(self.counts), ""))

    @property
    def distinct_count(self) -> int:
        """How many different cells there are."""
        return len(self.counts)

    def share(self, is_fitting: Callable[[str], object]) -> float:
        """The share of the filled cells whose text fits; 0 without any."""
        fitting = sum(count for cell, count in self.counts.items() if is_fitting(str(cell)))
        return fitting / self.filled_count if self.filled_count else 0

    @cached_property
    def dates(self) -> DateColumn:
        """How the cells are dates; numbers may be, if the name is one of a date."""
        has_name = max(name_score(field, self.name) for field in DATE_FIELDS) >= NAMED
        return date_column(self.counts.items(), accept_numbers=has_name)

    @cached_property
    def number_share(self) -> float:
        """The share of cells that are numbers."""
        return self.share(NUMBER.fullmatch)

    @cached_property
    def numbers(self) -> list[float]:
        """The different cells that are numbers."""
        texts = [str(cell) for cell in self.counts]
        return [float(text.replace(",", ".")) for text in texts if NUMBER.fullmatch(text)]

    @cached_property
    def percentages(self) -> list[float]:
        """The different cells that are whole numbers with a percent sign."""
        return [float(match[1]) for cell in self.counts if (match := PERCENTAGE.fullmatch(str(cell)))]

    @cached_property
    def pair_share(self) -> float:
        """The share of cells with two numbers, such as “(45.81, 15.95)”."""
        return self.share(lambda text: (match := TWO_NUMBERS.fullmatch(text)) and "." in match[2] + match[4])

    @property
    def is_time(self) -> bool:
        """Whether the cells are times of day alone."""
        is_cell = all(isinstance(cell, time) for cell in self.counts)
        return bool(self.counts) and (is_cell or self.share(TIME_ALONE.fullmatch) == 1)

    @property
    def is_unique(self) -> bool:
        """Whether nearly each row has another cell that can be a number of an appeal: some rows are there twice."""
        is_text = not any(isinstance(cell, date | time | timedelta | UnusableCell) for cell in self.counts)
        return is_text and self.distinct_count >= UNIQUE_SHARE * self.row_count

    @property
    def has_texts(self) -> bool:
        """Whether the cells are mostly no numbers, dates or times."""
        return self.number_share < HALF and self.dates.readable_share < HALF and not self.is_time

    @property
    def has_few_texts(self) -> bool:
        """Whether the cells repeat, as names of topics, offices and places do, and aren't numbers or dates."""
        is_repeated = self.distinct_count <= min(max(FEW, self.filled_count // 2), MAX_NAMES)
        return bool(self.counts) and is_repeated and self.has_texts

    def determines(self, other: "ColumnProfile") -> bool:
        """Whether cells that are equal here nearly always have equal cells there."""
        pairs = Counter(zip(self.cells, other.cells, strict=True))
        best: Counter[Cell] = Counter()
        for (cell, _), count in pairs.items():
            best[cell] = max(best[cell], count)
        return best.total() >= 0.98 * self.row_count


def column_profiles(sample: FileSample) -> Iterator[ColumnProfile]:
    """Each column of a sample, in the order of the file."""
    for position, name in enumerate(sample.header):
        yield ColumnProfile(name, position, [row[position] for row in sample.rows])
