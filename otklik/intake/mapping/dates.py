"""Instants from a file's dates, which have no time zone and often no time of day."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from otklik.intake.errors import RowRejected, short_quote
from otklik.intake.mapping.toml_sections import TomlSection
from otklik.intake.readers.tabular import Cell

LAST_SECOND = time(23, 59, 59)
FIRST_YEAR, LAST_YEAR = 1970, 2100
"""Years outside are typing errors; one of them would stretch charts over centuries."""
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a local time
UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_DATE_LENGTH = 100
"""Characters. What was parsed is remembered."""


@dataclass(frozen=True)
class DateFormat:
    """How a source writes dates: `strptime` formats, or those of `NAMED_FORMATS`, tried in order.

    Without a `zone`, times are local to the appeal's region. A date without a time means the start of the day, or its
    end for `end_of_day_fields`.
    """

    formats: tuple[str, ...]
    zone: ZoneInfo | None
    end_of_day_fields: frozenset[str]

    def local_time(self, field: str, cell: Cell) -> datetime:
        """The cell's time, with a zone only if the cell has one. Raises RowRejected for an unreadable date."""
        if isinstance(cell, datetime):
            return cell
        if isinstance(cell, date):
            parsed: date | None = cell
        else:
            is_readable = isinstance(cell, str) and len(cell) <= MAX_DATE_LENGTH
            parsed = _parse_date(cell, self.formats) if is_readable else None
        if parsed is None:
            expected_formats = " or ".join(self.formats)
            raise RowRejected(
                "an unreadable date", f"{short_quote(str(cell))} for {field}, expected {expected_formats}"
            )
        if isinstance(parsed, datetime):
            return parsed
        return datetime.combine(parsed, LAST_SECOND if field in self.end_of_day_fields else time())

    def format_date(self, day: date) -> str:
        """A workbook's date written as text in the source's first fitting format."""
        timed_formats = [pattern for pattern in self.formats if pattern == "ISO" or has_time(pattern)]
        pattern = timed_formats[0] if isinstance(day, datetime) and timed_formats else self.formats[0]
        if pattern in ("Unix", "Unix ms"):
            return f"{day:%Y-%m-%d %H:%M:%S}"  # a workbook's date isn't in UTC: better rejected again than shifted
        if pattern == "Excel":
            moment = day if isinstance(day, datetime) else datetime.combine(day, time())
            return f"{(moment - EXCEL_EPOCH) / timedelta(days=1):.15g}"
        return day.isoformat() if pattern == "ISO" else day.strftime(pattern)


def utc_instant(local_time: datetime, zone: ZoneInfo, not_before: datetime | None = None) -> datetime:
    """The instant of a local time. Raises RowRejected outside 1970–2100.

    When the clocks go back, an hour happens twice: the first is taken, unless it is before `not_before`. A time that
    the clocks skip is taken as an hour later.
    """
    if not FIRST_YEAR <= local_time.year <= LAST_YEAR:
        raise RowRejected("a date outside 1970–2100", f"{local_time:%d.%m.}{local_time.year}")
    if local_time.tzinfo is not None:
        return local_time.astimezone(UTC)
    earlier = local_time.replace(tzinfo=zone).astimezone(UTC)
    if not_before is not None and earlier < not_before:
        return local_time.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return earlier


def parse_date_format(section: TomlSection, fields: tuple[str, ...]) -> DateFormat:
    """The section [dates] of a mapping; `fields` are the date fields. Raises BadFile for a mistake in it."""
    zone_name = section.optional_text("timezone")
    date_format = DateFormat(
        section.text_list("formats", ["ISO"]) or ("ISO",),
        time_zone(zone_name) if zone_name else None,
        frozenset(section.text_list("end_of_day", [])),
    )
    section.reject_unknown_keys()
    if zone_name and date_format.zone is None:
        raise section.error(f"has the timezone “{zone_name}”: expected one such as Europe/Moscow")
    for pattern in date_format.formats:
        if pattern not in NAMED_FORMATS and not _is_date_format(pattern):
            raise section.error(
                f"has the date format “{pattern}”: expected {', '.join(NAMED_FORMATS)},"
                " or one such as %d.%m.%Y or %d.%m.%Y %H:%M"
            )
    for field in date_format.end_of_day_fields - {*fields}:
        raise section.error(f"has `{field}` in `end_of_day`: expected some of {', '.join(fields)}")
    return date_format


@cache
def time_zone(name: str) -> ZoneInfo | None:
    """The time zone of an IANA name; None for an unknown name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(maxsize=20_000)
def _parse_date(text: str, formats: tuple[str, ...]) -> date | None:
    for pattern in formats:
        try:
            if pattern in NAMED_FORMATS:
                return NAMED_FORMATS[pattern](text)
            parsed = datetime.strptime(text, pattern)  # noqa: DTZ007
        except (ValueError, OverflowError):
            continue
        return parsed if has_time(pattern) else parsed.date()
    return None


def _parse_iso(text: str) -> date:
    try:
        # Refuses a text with a time, whichever way that is written: 10:05, 1005 or 10.
        return date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)


def _parse_excel(text: str) -> date:
    """A serial of Excel: days since the end of 1899, with the time of day as a fraction; to the second."""
    days = _parse_number(text)
    moment = EXCEL_EPOCH + timedelta(seconds=round(days * 86_400))
    return moment.date() if days == int(days) else moment


def _parse_unix(text: str) -> date:
    return UNIX_EPOCH + timedelta(seconds=_parse_number(text))


def _parse_unix_milliseconds(text: str) -> date:
    return UNIX_EPOCH + timedelta(milliseconds=_parse_number(text))


def _parse_number(text: str) -> float:
    number = float(text.replace(",", "."))
    if not math.isfinite(number):
        raise ValueError(text)
    return number


NAMED_FORMATS: dict[str, Callable[[str], date]] = {
    "ISO": _parse_iso,
    "Excel": _parse_excel,
    "Unix": _parse_unix,
    "Unix ms": _parse_unix_milliseconds,
}
"""ISO 8601, Excel's serials, and seconds or milliseconds since 1970 in UTC."""


def _is_date_format(pattern: str) -> bool:
    """Whether a pattern writes a day so that it can be read again."""
    example = datetime(2026, 11, 28, 13, 5, 9, tzinfo=UTC)
    try:
        return datetime.strptime(example.strftime(pattern), pattern).date() == example.date()  # noqa: DTZ007
    except ValueError:
        return False


def has_time(pattern: str) -> bool:
    """Whether a `strptime` format has a time of day."""
    return any(directive in pattern for directive in ("%H", "%I", "%T", "%X", "%c"))
