"""Tables as CSV and XLSX files, in which no text that people wrote runs as a formula.

For whole tables `csv_bytes` and `xlsx_bytes`; for long ones `csv_lines` and `XlsxWriter`, which write row by row.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pandas as pd

from components.export.sanitize import Share, clean_text, safe_cell
from components.export.xlsx import TooManyRows, XlsxWriter, naive_local_time
from otklik.i18n import _
from otklik.i18n.timezones import moments_zone

__all__ = [
    "Share",
    "TooManyRows",
    "XlsxWriter",
    "clean_text",
    "csv_bytes",
    "csv_lines",
    "safe_cell",
    "workbook_bytes",
    "xlsx_bytes",
]


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as a CSV file under the names of its columns; equal tables give equal bytes."""
    return b"".join(csv_lines(map(str, frame.columns), frame.itertuples(index=False, name=None)))


def csv_lines(column_titles: Iterable[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The lines of a CSV file one by one, in UTF-8 with the byte order mark by which spreadsheets recognise it."""
    yield _csv_line(column_titles).encode("utf-8-sig")
    for row in rows:
        yield _csv_line(row).encode()


def xlsx_bytes(
    frame: pd.DataFrame, title: str, notes: Sequence[str] = (), share_columns: Collection[str] = ()
) -> bytes:
    """A table as a spreadsheet: typed cells under a frozen head with filters, and a sheet of notes.

    Heads are the names of the columns. A column of moments is in their common time zone, or else in UTC, which its
    head names in the current language: `Received (Moscow, UTC+3)`. `share_columns` are written in per cent.
    Raises TooManyRows.
    """
    return workbook_bytes([(title, frame, share_columns)], title, notes)


def workbook_bytes(
    tables: Iterable[tuple[str, pd.DataFrame, Collection[str]]], title: str, notes: Sequence[str] = ()
) -> bytes:
    """Tables as one spreadsheet with a sheet for each: its name, its rows, and its columns that are shares."""
    buffer = BytesIO()
    writer = XlsxWriter(buffer, title)
    zone_notes: dict[str, None] = {}
    for sheet_name, frame, share_columns in tables:
        local_frame, zones = strip_time_zones(frame)
        column_titles = [
            f"{column} ({zones[column]})" if column in zones else column for column in map(str, frame.columns)
        ]
        writer.write_table(sheet_name, column_titles, local_frame.itertuples(index=False, name=None), share_columns)
        for column, zone in zones.items():
            zone_notes[_("Time zone of “{column}”: {zone}").format(column=column, zone=zone)] = None
    writer.write_notes(title, [*notes, *zone_notes])
    writer.close()
    return buffer.getvalue()


def strip_time_zones(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """The table with moments as local times without a zone, and the words for the zone of each column of moments."""
    local_columns: dict[str, pd.Series] = {}
    zones: dict[str, str] = {}
    for name in frame.columns:
        moments = [at for at in frame[name] if isinstance(at, datetime) and at.tzinfo]
        if moments:
            zone = (len({str(at.tzinfo) for at in moments}) == 1 and moments[0].tzinfo) or UTC
            zones[str(name)] = moments_zone(zone, moments)
            local_columns[name] = pd.Series(
                [naive_local_time(at, zone) for at in frame[name]], frame.index, dtype=object
            )
    return frame.assign(**local_columns), zones


def _csv_line(cells: Iterable[object]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerow([safe_cell(cell) for cell in cells])
    return buffer.getvalue()
