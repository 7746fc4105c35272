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
            return _number_text(value)
        case bytes() | bytearray() | memoryview():
            return UnusableCell("…", "binary data")
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def _number_text(value: float | Decimal) -> str:
    """A number without an exponent; a whole one of floating point without decimals."""
    if not math.isfinite(value):
        return ""
    return f"{int(value)}" if isinstance(value, float) and value.is_integer() else f"{Decimal(str(value)):f}"
