"""Rows of an XLSX workbook, read as a stream."""

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl

from otklik.intake.errors import BadFile, short_quote
from otklik.intake.readers.number_formats import shown_cell
from otklik.intake.readers.tabular import Cell, FileLayout, TabularFile
from otklik.intake.readers.workbook_limits import check_parts

MAX_ROWS = 1_048_576
"""Of an Excel sheet; a damaged file can claim more."""
MAX_LISTED_SHEETS = 10
Row = tuple[int, list[Cell]]


def open_workbook(path: Path, raw: io.BufferedReader, layout: FileLayout, exit_stack: ExitStack) -> TabularFile:
    """Read the header of a workbook's sheet; `exit_stack` closes what reads the rows. Raises BadFile.

    The sheet is the layout's, or the first one that isn't hidden.
    """
    exit_stack.enter_context(warnings.catch_warnings())
    # Styles and extensions that openpyxl doesn't know have no bearing on values.
    warnings.simplefilter("ignore")
    try:
        check_parts(path, raw)
        workbook = openpyxl.load_workbook(raw, read_only=True, data_only=True, keep_links=False)
        exit_stack.callback(workbook.close)
        sheet = _find_sheet(path, workbook, layout)
    except BadFile:
        raise
    except Exception as error:
        raise _unreadable_error(path, 0, error) from error
    # The size that a file claims can be too small, and rows beyond it would be left out.
    height = sheet.max_row or MAX_ROWS
    sheet.reset_dimensions()
    rows = ((line, cells) for line, cells in _numbered_rows(path, sheet) if line > layout.skipped_rows)
    line, first_row = next(rows, (1, []))
    header = [str(cell) for cell in first_row]
    last_line = [line]

    def padded_rows() -> Iterator[tuple[int, Sequence[Cell]]]:
        for row_line, cells in rows:
            last_line[0] = row_line
            yield row_line, cells + [""] * (len(header) - len(cells))

    return TabularFile(
        header,
        padded_rows(),
        lambda: min(last_line[0], height),
        height,
        f"row {line} of the sheet {short_quote(sheet.title)}",
        f"; its sheets are {_list_sheets(workbook)}" if len(workbook.worksheets) > 1 else "",
    )


def visible_sheet_names(path: Path, raw: io.BufferedReader) -> list[str]:
    """The names of a workbook's sheets that aren't hidden. Raises BadFile."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            check_parts(path, raw)
            workbook = openpyxl.load_workbook(raw, read_only=True, data_only=True, keep_links=False)
        except BadFile:
            raise
        except Exception as error:
            raise _unreadable_error(path, 0, error) from error
        names = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        workbook.close()
    return names


def _find_sheet(path: Path, workbook: Any, layout: FileLayout) -> Any:  # noqa: ANN401 - openpyxl's read-only sheet
    if layout.sheet_name is not None:
        for sheet in workbook.worksheets:
            if sheet.title == layout.sheet_name:
                return sheet
        raise BadFile(f"{path.name} has no sheet {short_quote(layout.sheet_name)}: it has {_list_sheets(workbook)}.")
    visible_sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not visible_sheets:
        raise BadFile(f"{path.name} has no sheet that is shown: expected one with a header and rows.")
    return visible_sheets[0]


def _list_sheets(workbook: Any) -> str:  # noqa: ANN401 - openpyxl's types don't know read-only sheets
    labels = [
        short_quote(sheet.title) + ("" if sheet.sheet_state == "visible" else " (hidden)")
        for sheet in workbook.worksheets
    ]
    more = len(labels) - MAX_LISTED_SHEETS
    return ", ".join(labels[:MAX_LISTED_SHEETS]) + (f" and {more} more" if more > 0 else "")


def _numbered_rows(path: Path, sheet: Any) -> Iterator[Row]:  # noqa: ANN401 - openpyxl's read-only sheet
    """The rows that aren't empty, up to their last cell that isn't."""
    line = 0
    try:
        for line, row in enumerate(sheet.iter_rows(), 1):
            _check_height(path, line)
            cells = [shown_cell(cell) for cell in row]
            while cells and cells[-1] == "":
                cells.pop()
            if cells:
                yield line, cells
    except (BadFile, GeneratorExit):
        raise
    except Exception as error:
        raise _unreadable_error(path, line, error) from error


def _check_height(path: Path, line: int) -> None:
    if line > MAX_ROWS:
        raise BadFile(f"{path.name} has rows below row {MAX_ROWS:,}: expected at most as many as Excel has.")


def _unreadable_error(path: Path, line: int, error: Exception) -> BadFile:
    """The error for a damaged workbook, for which openpyxl passes on whatever its parsers raise."""
    if isinstance(error, BadZipFile) and not line:
        return BadFile(f"{path.name} isn't an XLSX workbook: expected one, or a CSV file.")
    if isinstance(error, KeyError) and not line:
        return BadFile(f"{path.name} isn't an XLSX workbook, but another ZIP file: expected one, or an unpacked CSV.")
    detail = " ".join(str(error).split())[:100] or type(error).__name__
    place = f" after row {line}" if line else ""
    return BadFile(f"{path.name} isn't an XLSX workbook or is damaged{place} ({detail}): expected a whole one, or CSV.")
