"""Spreadsheets written row by row: typed cells, a head that stays in sight, a sheet of notes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, tzinfo
from math import isfinite
from numbers import Integral, Real
from typing import IO

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from components.export.sanitize import Share, clean_text, is_missing
from otklik.i18n import _

MAX_EXACT_INTEGER = 2**53  # spreadsheets have only floats, which are exact up to here
FIRST_YEAR = 1900  # of the dates in a spreadsheet
MIN_COLUMN_WIDTH, MAX_COLUMN_WIDTH, WIDTH_SAMPLE_ROWS = 9, 60, 500
MAX_ROWS = 2**20 - 1  # of a sheet, below its head
CREATED_AT = datetime(2000, 1, 1)  # noqa: DTZ001 -- the same bytes for the same rows, whenever they are written
CELL_FORMATS = {
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDF4", "bottom": 1},
    "title": {"bold": True, "font_size": 14},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "count": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
}


class TooManyRows(Exception):
    """The table has more rows than a sheet holds: narrower filters or a CSV file help."""


class XlsxWriter:
    """A spreadsheet of which only one row is in memory; sheets are written one after the other."""

    def __init__(self, file: IO[bytes], title: str) -> None:
        """Start a spreadsheet; the file is empty until `close`."""
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._workbook = xlsxwriter.Workbook(file, options)
        self._workbook.set_properties({"title": clean_text(title), "created": CREATED_AT})
        self._formats = {name: self._workbook.add_format(properties) for name, properties in CELL_FORMATS.items()}
        self._sheet_names: set[str] = set()

    def write_table(
        self,
        sheet_name: str,
        column_titles: Sequence[str],
        rows: Iterable[Sequence[object]],
        share_columns: Collection[str] = (),
        zone: tzinfo | None = None,
    ) -> None:
        """Write a sheet with one table; columns whose titles are in `share_columns` are written in per cent.

        Moments are written as local times of `zone` (None: their own), which titles should name. Raises TooManyRows.
        """
        sheet = self._workbook.add_worksheet(self._unique_sheet_name(sheet_name))
        share_indexes = {n for n, column_title in enumerate(column_titles) if column_title in share_columns}
        widths = [text_width(column_title) for column_title in column_titles]
        sheet.freeze_panes(1, 0)
        for column, column_title in enumerate(column_titles):
            sheet.write_string(0, column, clean_text(column_title), self._formats["head"])
        row_number = 0
        for row_number, row in enumerate(rows, start=1):
            if row_number > MAX_ROWS:
                raise TooManyRows
            for column, value in enumerate(row):
                self._write_cell(
                    sheet, (row_number, column), naive_local_time(value, zone), is_share=column in share_indexes
                )
            if row_number <= WIDTH_SAMPLE_ROWS:
                widths = [max(known_width, text_width(value)) for known_width, value in zip(widths, row, strict=True)]
        if column_titles:
            sheet.autofilter(0, 0, row_number, len(column_titles) - 1)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 3, MIN_COLUMN_WIDTH), MAX_COLUMN_WIDTH))

    def write_notes(self, title: str, lines: Iterable[str]) -> None:
        """Write the sheet of notes on the file, one line a row."""
        sheet = self._workbook.add_worksheet(self._unique_sheet_name(_("About this file")))
        sheet.set_column(0, 0, 110)
        sheet.write_string(0, 0, clean_text(title), self._formats["title"])
        for n, line in enumerate(lines, start=2):
            sheet.write_string(n, 0, clean_text(line), self._formats["wrapped"])

    def close(self) -> None:
        """Finish the file."""
        self._workbook.close()

    def _unique_sheet_name(self, title: str) -> str:
        """A sheet's name: at most 31 letters, none that spreadsheets forbid, and no name twice."""
        base_name = clean_text(title).translate(str.maketrans("[]:*?/\\\n\t", "()-      "))[:31].strip("' ")
        # Spreadsheets reserve this name.
        name = base_name if base_name and base_name.casefold() != "history" else f"{base_name} 1".strip()
        while name.casefold() in self._sheet_names:
            name = f"{name[:27]} ({len(self._sheet_names) + 1})"
        self._sheet_names.add(name.casefold())
        return name

    def _write_cell(self, sheet: Worksheet, cell: tuple[int, int], value: object, *, is_share: bool) -> None:
        if is_missing(value):
            return
        if isinstance(value, date) and value.year >= FIRST_YEAR:
            sheet.write_datetime(*cell, value, self._formats["moment" if isinstance(value, datetime) else "day"])
        elif isinstance(value, bool):
            sheet.write_boolean(*cell, value)
        elif isinstance(value, Integral) and abs(int(value)) <= MAX_EXACT_INTEGER:
            sheet.write_number(*cell, int(value), self._formats["share" if is_share else "count"])
        elif isinstance(value, Real) and not isinstance(value, Integral) and isfinite(value):
            as_percent = is_share or isinstance(value, Share)
            sheet.write_number(*cell, float(value), self._formats["share" if as_percent else "number"])
        else:
            sheet.write_string(*cell, clean_text(str(value)))


def naive_local_time(value: object, zone: tzinfo | None) -> object:
    """A moment as a local time of the zone (None: its own) without a zone, since cells have none; others as given."""
    if not isinstance(value, datetime) or pd.isna(value):
        return value
    local_time = value.astimezone(zone) if zone and value.tzinfo else value
    return local_time.replace(tzinfo=None)


def text_width(value: object) -> int:
    """The width of a cell in letters."""
    if is_missing(value):
        return 0
    return len("2025-11-24 14:03") if isinstance(value, datetime) else max(map(len, str(value).split("\n")))
