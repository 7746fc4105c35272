"""Damaged workbooks, each with what an import of it does."""

import gzip
from datetime import date
from typing import Any

from tests.support.imports.damaged_files import (
    BOOK,
    CELLS,
    COLUMNS,
    GOOD,
    DamagedFile,
    archive,
    edited,
    with_number,
    without_part,
    workbook,
)

GOOD_BYTES = GOOD.encode()


def _book(label: str, content: bytes, code: int, message: str, landed: int = 0) -> DamagedFile:
    return DamagedFile(label, "a.xlsx", content, code, message, landed if code == 2 or landed else 2)


def _hide_export(book: Any, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    book.add_worksheet("Pivot").activate()
    book.get_worksheet_by_name("Pivot").write(0, 0, "Total")
    book.get_worksheet_by_name("Pivot").set_first_sheet()
    sheet.hide()


def _stray_cell(_book: Any, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet.write_string(1_048_575, 16_383, "x")


def _add_notes(book: Any, _sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    book.add_worksheet("Notes").set_first_sheet()


def _text_and_number(book: Any, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet.write_row(3, 0, ("000321", *CELLS))
    sheet.write_row(4, 0, (0, *CELLS))
    sheet.write_number(4, 0, 321, book.add_format({"num_format": "000000"}))


def _failing_formula(_book: Any, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet.write_row(3, 0, (3, *CELLS))
    sheet.write_formula(3, 2, "=1/0", value="#DIV/0!")


def _date_cell(book: Any, sheet: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet.write_row(3, 0, (3, *CELLS))
    sheet.write_datetime(3, 1, date(2026, 1, 6), book.add_format({"num_format": "yyyy-mm-dd"}))


WORKBOOKS = [
    _book("empty", b"", 2, "a.xlsx isn't an XLSX workbook: expected one, or a CSV file."),
    _book("a text", GOOD_BYTES, 2, "a.xlsx isn't an XLSX workbook: expected one, or a CSV file."),
    _book("cut off", BOOK[: len(BOOK) // 2], 2, "a.xlsx isn't an XLSX workbook"),
    _book("a gzipped CSV", gzip.compress(GOOD_BYTES), 0, "2 new"),
    _book(
        "protected by a password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        2,
        "is an old Excel file or protected by a password",
    ),
    _book("a ZIP of a CSV", archive(**{"a.csv": GOOD_BYTES}), 2, "a.xlsx isn't an XLSX workbook, but another ZIP file"),
    DamagedFile(
        "a ZIP named CSV",
        "a.csv",
        archive(**{"a.csv": GOOD_BYTES}),
        2,
        "a.csv isn't an XLSX workbook, but another ZIP file",
    ),
    _book("an empty ZIP", archive(), 2, "a.xlsx isn't an XLSX workbook"),
    _book("without its sheet", without_part(BOOK, "sheet1.xml"), 2, "a.xlsx "),
    _book("without its workbook", without_part(BOOK, "xl/workbook.xml"), 2, "a.xlsx isn't an XLSX workbook"),
    _book("without its texts", without_part(BOOK, "sharedStrings.xml"), 2, "a.xlsx isn't an XLSX workbook"),
    _book(
        "a broken sheet",
        edited(BOOK, "sheet1.xml", "</row></sheetData>.*", ""),
        2,
        "isn't an XLSX workbook or is damaged",
    ),
    _book(
        "a text that isn't there",
        edited(BOOK, "sheet1.xml", '(r="A1" t="s"><v>)0', r"\g<1>999"),
        2,
        "isn't an XLSX workbook or is damaged",
    ),
    _book(
        "a number of letters",
        edited(BOOK, "sheet1.xml", '(r="A2"><v>)1', r"\1one"),
        2,
        "isn't an XLSX workbook or is damaged after row 1",
    ),
    _book(
        "a cell of no column", edited(BOOK, "sheet1.xml", 'r="B2"', 'r="2"'), 2, "isn't an XLSX workbook or is damaged"
    ),
    _book(
        "a row far below",
        edited(BOOK, "sheet1.xml", 'row r="3"', 'row r="999999999999"'),
        2,
        "has rows below row 1,048,576",
    ),
    _book(
        "a size that is too small",
        edited(BOOK, "sheet1.xml", '<dimension ref="[^"]*"', '<dimension ref="A1"'),
        0,
        "2 new",
    ),
    _book(
        "other text before the texts",
        edited(BOOK, "sharedStrings.xml", "<sst", "lol<sst"),
        2,
        "isn't an XLSX workbook or is damaged",
    ),
    _book(
        "no rows",
        edited(BOOK, "sheet1.xml", "<sheetData>.*</sheetData>", "<sheetData/>"),
        2,
        "a.xlsx is empty: expected a header and rows.",
    ),
    _book(
        "the header alone",
        edited(BOOK, "sheet1.xml", "</row>.*</sheetData>", "</row></sheetData>"),
        2,
        "a.xlsx has a header but no rows",
    ),
    _book("a stray cell", workbook(_stray_cell), 1, "1 × a wrong number of cells"),
    _book(
        "a hidden sheet first",
        workbook(_hide_export),
        2,
        "row 1 of the sheet “Pivot”: “Total”; its sheets are “Export” (hidden), “Pivot”.",
    ),
    _book("another sheet first", workbook(_add_notes), 0, "2 new"),
    _book(
        "title rows",
        edited(workbook(rows=[COLUMNS, (3, *CELLS)]), "sheet1.xml", '<row r="1".*?</row>', ""),
        2,
        "; line 4 has them all: `skip_rows = 3` in [file] skips those above it.",
    ),
    _book("a number with zeros before it", with_number(321, "000000"), 0, "3 new", 3),
    _book("the same number as a text", workbook(_text_and_number), 1, "1 × a duplicate number", 3),
    _book(
        "sixteen digits", with_number(1234567890123456), 1, "1 × a number of more than 15 digits, which Excel rounds"
    ),
    _book(
        "seventeen digits",
        edited(with_number(777), "sheet1.xml", "<v>777</v>", "<v>12345678901234567</v>"),
        1,
        "1 × a number of more than 15 digits",
    ),
    _book("fifteen digits", with_number(123456789012345), 0, "3 new", 3),
    _book(
        "an infinite number",
        edited(with_number(777), "sheet1.xml", "<v>777</v>", "<v>1E999</v>"),
        1,
        "1 × a number of more than 15 digits",
    ),
    _book("a number with letters", with_number(321, '"A-"0'), 1, '1 × a number shown differently, in the format "A-"0'),
    _book("a number shown rounded", with_number(321.6, "0"), 1, "1 × a number shown differently, in the format 0"),
    _book("a number with separators", with_number(321654, "#,##0;[Red]-#,##0"), 0, "3 new", 3),
    _book("a number shown as a date", with_number(46000, "dd.mm.yyyy"), 1, "1 × a date in a column of texts"),
    _book("an error of a formula", workbook(_failing_formula), 1, "1 × a cell with an error"),
    _book(
        "a date outside the calendar",
        edited(workbook(_date_cell), "sheet1.xml", "<v>46028</v>", "<v>99999999</v>"),
        1,
        "1 × a cell with an error",
    ),
    _book("a row of totals", workbook(rows=[("Total", "", "", "", 10)]), 1, "1 × no date of receipt"),
]
