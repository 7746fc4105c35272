"""Tables that are taken away say what they said on the screen, and nothing in them runs."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from components.export.tabular import clean_text, csv_bytes, safe_cell, xlsx_bytes
from otklik import i18n

URALS, MOSCOW = ZoneInfo("Asia/Yekaterinburg"), ZoneInfo("Europe/Moscow")
AT = datetime(2025, 11, 24, 14, 3, tzinfo=URALS)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


def read(content: bytes, sheet: int = 0) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(sheet).to_python()]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+7 912 000", "'+7 912 000"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("\t=1+1", "'\t'=1+1"),
        ("\x00=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("road;=1+1", "road;'=1+1"),
        ("road\n=1+1", "road\n'=1+1"),
        ("a=b, 5-6", "a=b, 5-6"),
        ("-", "-"),
        ("-12,5", "-12,5"),
        (-12.5, "-12.5"),
        (None, ""),
        (float("nan"), ""),
        (pd.NaT, ""),
        (True, "True"),
        (AT, "2025-11-24T14:03:00+05:00"),
        (date(2025, 11, 24), "2025-11-24"),
    ],
)
def test_a_cell_of_a_text_file_runs_nowhere(given: object, written: str) -> None:
    assert safe_cell(given) == written


def test_a_cell_is_cut_where_a_spreadsheet_would_cut_it() -> None:
    assert clean_text("a" * 32_767) == "a" * 32_767
    assert clean_text("a" * 32_768) == "a" * 32_763 + " […]"
    # Two units each; none is halved.
    assert clean_text("𝄞" * 20_000) == "𝄞" * 16_381 + " […]"
    assert len(safe_cell("=" + "a" * 40_000)) == 32_767


def test_a_csv_file_says_what_the_table_said_and_the_same_each_time() -> None:
    frame = pd.DataFrame({"Тема": ["Дороги, ямы", "=HYPERLINK()", None], "n": [1, 2, 3]})
    content = csv_bytes(frame)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content == csv_bytes(frame.copy())
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["Тема", "n"], ["Дороги, ямы", "1"], ["'=HYPERLINK()", "2"], ["", "3"]]


def test_a_spreadsheet_has_types() -> None:
    frame = pd.DataFrame(
        {
            "number": ["001", "=1+1", "https://example.org"],
            "n": [1200, 3, -4],
            "rate": [0.955, float("nan"), 1.0],
            "day": [date(2025, 11, 24)] * 3,
            "big": [2**60, 1, 2],
            "sure": [True, False, True],
        }
    )
    content = xlsx_bytes(frame, "Topics", ["Filters: none"], share_columns={"rate"})
    head, first, second, third = read(content)
    assert head == list(frame.columns)
    assert first == ["001", 1200, 0.955, date(2025, 11, 24), str(2**60), True]
    assert second[:3] == ["=1+1", 3, ""]
    assert third[0] == "https://example.org"
    assert read(content, 1) == [["Topics"], [""], ["Filters: none"]]
    with ZipFile(BytesIO(content)) as parts:
        sheet, styles = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:F4"/>' in sheet
    assert 'formatCode="0.0%"' in styles
    assert content == xlsx_bytes(frame.copy(), "Topics", ["Filters: none"], share_columns={"rate"})


def test_moments_stand_in_their_zone_which_is_said() -> None:
    frame = pd.DataFrame({"one": [AT, None], "many": [AT, AT.astimezone(MOSCOW)]}, dtype=object)
    content = xlsx_bytes(frame, "Moments")
    assert read(content) == [
        ["one (Yekaterinburg, UTC+5)", "many (UTC)"],
        [datetime(2025, 11, 24, 14, 3), datetime(2025, 11, 24, 9, 3)],  # noqa: DTZ001 -- cells have no zone
        ["", datetime(2025, 11, 24, 9, 3)],  # noqa: DTZ001 -- the same
    ]
    assert ["Time zone of “many”: UTC"] in read(content, 1)
    assert ["Time zone of “one”: Yekaterinburg, UTC+5"] in read(content, 1)
    columns = pd.DataFrame({"at": pd.Series([AT, None]).dt.tz_convert(UTC)})
    assert read(xlsx_bytes(columns, "Moments"))[0] == ["at (UTC)"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A/B: [c]?", "A B- (c)"),
        ("History", "History 1"),
        ("", "1"),
        ("About this file", "About this file"),
        ("'x" * 30, "x'x'x'x'x'x'x'x'x'x'x'x'x'x'x"),
    ],
)
def test_any_title_names_a_sheet(title: str, name: str) -> None:
    content = xlsx_bytes(pd.DataFrame({"a": ["\x01b"]}), title)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names[0] == name
    assert len({one.casefold() for one in book.sheet_names}) == 2
    assert read(content)[1] == ["b"]


def test_an_empty_table_is_a_head() -> None:
    empty = pd.DataFrame({"a": [], "b": []})
    assert csv_bytes(empty) == "\ufeffa,b\r\n".encode()
    assert read(xlsx_bytes(empty, "Nothing")) == [["a", "b"]]


def test_a_head_names_the_zone_in_the_viewers_words() -> None:
    i18n.set_language("ru")
    content = xlsx_bytes(pd.DataFrame({"Получено": [AT]}), "Moments")
    assert read(content)[0] == ["Получено (Екатеринбург, UTC+5)"]
    assert ["Часовой пояс столбца «Получено»: Екатеринбург, UTC+5"] in read(content, 1)
