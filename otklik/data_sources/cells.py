"""Values of drivers and of JSON as the cells that an import reads."""

import json
import math
from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal

from otklik.intake.readers.tabular import Cell, UnusableCell


def cells_of(values: Iterable[object]) -> list[Cell]:
    """A row's values as cells."""
    return [cell_of(value) for value in values]


def cell_of(value: object) -> Cell:
    """A value as a cell: nothing is an empty text, a number the text that people write it as."""
    match value:
        case str() | bool() | date() | time() | timedelta():
            return value
        case None:
            return ""
        case float() | Decimal():
            return f"{Decimal(str(value)):f}" if math.isfinite(value) else ""
        case bytes() | bytearray() | memoryview():
            return UnusableCell("…", "binary data")
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
    return str(value)
