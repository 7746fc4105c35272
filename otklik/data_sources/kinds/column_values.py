"""Values of a column by which a database is read on: kept as JSON, and set back by an overlap."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

EASTERNMOST_OFFSET = timedelta(hours=14)
"""How far a local time may be ahead of UTC."""


def to_json(value: object) -> dict[str, str]:
    """A value as JSON holds it: its type and its text."""
    match value:
        case datetime() | date():
            return {"type": type(value).__name__, "value": value.isoformat()}
        case bool():
            raise TypeError("a truth value doesn't grow")
        case int() | Decimal() | float():
            return {"type": "number", "value": str(value)}
        case bytes():
            return {"type": "bytes", "value": value.hex()}
        case _:
            return {"type": "text", "value": str(value)}


def from_json(stored: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever the column holds
    """The value that `to_json` has written."""
    value_text = str(stored["value"])
    match stored["type"]:
        case "datetime":
            return datetime.fromisoformat(value_text)
        case "date":
            return date.fromisoformat(value_text)
        case "number":
            return int(value_text) if value_text.lstrip("-").isdecimal() else Decimal(value_text)
        case "bytes":
            return bytes.fromhex(value_text)
    return value_text


def earlier(value: Any, overlap: int) -> Any:  # noqa: ANN401 - whatever the column holds
    """A value set back: a moment by so many seconds, a date by a day, a number by so many; others stay."""
    match value:
        case datetime():
            return value - timedelta(seconds=overlap)
        case date():
            return value - timedelta(days=1)
        case int() | Decimal():
            return value - overlap
    return value


def is_in_future(value: object) -> bool:
    """Whether a moment is surely to come, wherever its clock stands: by a typing error nothing else would be read."""
    if isinstance(value, datetime):
        now = datetime.now(UTC)
        return value > now if value.tzinfo else value > now.replace(tzinfo=None) + EASTERNMOST_OFFSET
    return isinstance(value, date) and value > datetime.now(UTC).date() + timedelta(days=1)
