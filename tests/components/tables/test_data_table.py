"""Tables: what cells show, what heads sort by, what files get, and that all tables are made here."""

import ast
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from components.tables import columns, data_table, head_sort
from components.tables.column_types import CELL_PADDING, TYPE_FORMATS, Column, displayed_text
from components.tables.late_appeals import late_columns
from components.text.fitting import text_width
from otklik.i18n import formats, set_language
from queries.lists.ordering import DEFAULT_SORT, SORT_OPTIONS
from tests.support.paths import PROJECT_ROOT
from tests.support.screens.tables import displayed
from tests.support.waiting import SCRIPT_SECONDS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KHANTY = ZoneInfo("Asia/Yekaterinburg")


@pytest.fixture(autouse=True)
def _year_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the current year, which goes without saying, be that of `NOW`."""
    monkeypatch.setattr(formats, "is_this_year", lambda value: value.year == NOW.year)


def cells(rows: pd.DataFrame, *table_columns: Column) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The data of the cells and the texts that are displayed for them."""
    layout = data_table.TableLayout(table_columns, "content", "", "few", NOW)
    styler = data_table.build_styler(rows, layout)
    body = styler._compute()._translate(False, False)["body"]  # type: ignore[attr-defined]  # noqa: FBT003, SLF001 -- as Streamlit reads it
    texts = [[cell["display_value"] for cell in row if cell["type"] == "td"] for row in body]
    return styler.data, pd.DataFrame(texts, columns=[column.key for column in table_columns])  # type: ignore[attr-defined]


def test_the_time_over_is_in_words_and_sorts_by_the_deadline() -> None:
    hours_late = [10 * 24, -3, 10, 24, -2 * 24]
    rows = pd.DataFrame({"deadline_at": pd.Series([NOW - timedelta(hours=h) for h in hours_late], dtype=object)})
    time_column = late_columns({"time": 100}, "at_risk")
    data, texts = cells(rows, *time_column)
    by_words = texts["time"].iloc[data["time"].sort_values().index].tolist()
    assert by_words == [
        *("▲ overdue by 10 days", "▲ overdue by 1 day", "▲ overdue by 10 hrs"),
        *("◆ 3 hrs left", "◆ 2 days left"),
    ]


def test_an_untouched_appeal_has_the_sign_of_its_state_only_when_it_is_overdue() -> None:
    rows = pd.DataFrame({"deadline_at": pd.Series([NOW - timedelta(hours=10), NOW + timedelta(hours=3)], dtype=object)})
    _data, texts = cells(rows, *late_columns({"time": 100}, "untouched"))
    assert texts["time"].tolist() == ["▲ overdue by 10 hrs", "3 hrs left"]


def test_an_appeal_without_a_deadline_has_a_dash_for_its_time() -> None:
    rows = pd.DataFrame({"deadline_at": pd.Series([None, NOW], dtype=object)})
    data, texts = cells(rows, *late_columns({"time": 100, "deadline_at": 100}, "at_risk"))
    assert texts.iloc[0].tolist() == data.iloc[0].tolist() == ["—", "—"]
    assert texts.iloc[1].tolist() == ["◆ 1 min left", "1 Mar, 12:00"]


def test_moments_sort_as_they_are_shown_in_their_own_zones() -> None:
    moments = [NOW.astimezone(KHANTY), NOW + timedelta(hours=1), datetime(2025, 12, 31, 23, 59, tzinfo=UTC)]
    data, texts = cells(pd.DataFrame({"received_at": pd.Series(moments, dtype=object)}), columns.COLUMNS["received_at"])
    assert texts["received_at"].tolist() == ["1 Mar, 17:00", "1 Mar, 13:00", "31 Dec 2025"]
    assert data["received_at"].sort_values().index.tolist() == [2, 1, 0]


def test_numbers_stay_numbers_and_few_cases_are_named() -> None:
    rows = pd.DataFrame({"received": [1234, 5], "on_time_rate": [0.955, float("nan")], "closed_a_day": [1.25, 10.0]})
    data, texts = cells(rows, *columns.columns_named("received", "on_time_rate", "closed_a_day"))
    assert texts.to_numpy().tolist() == [["1,234", "95.5%", "1.2"], ["5", "few", "10.0"]]
    pd.testing.assert_frame_equal(data, rows)


@pytest.mark.parametrize(("language", "text"), [("en", "1,234"), ("ru", "1\N{NO-BREAK SPACE}234"), ("hr", "1.234")])
def test_numbers_are_written_in_the_language_of_the_page(language: str, text: str) -> None:
    set_language(language)
    _data, texts = cells(pd.DataFrame({"received": [1234]}), columns.COLUMNS["received"])
    assert texts["received"].tolist() == [text]


def test_files_get_numbers_moments_and_the_words_of_the_screen() -> None:
    rows = pd.DataFrame(
        {
            "number": ["A/1"],
            "deadline_at": pd.Series([NOW - timedelta(days=20)], dtype=object),
            "on_time_rate": [0.5],
            "day": [date(2026, 3, 1)],
        }
    )
    table_columns = (
        *late_columns({"time": 1, "number": 1, "deadline_at": 1}, "at_risk"),
        *columns.columns_named("on_time_rate", "day"),
    )
    table = data_table.exported_table(rows, table_columns)
    assert list(table.titles.values()) == ["Time left", "Number", "Deadline", "On time", "Day"]
    values = table.rows.iloc[0]
    assert values.drop("time").tolist() == ["A/1", NOW - timedelta(days=20), 0.5, date(2026, 3, 1)]
    assert values["time"].startswith("▲ overdue by ")
    assert table.shares == {"on_time_rate"}


def test_every_column_of_a_list_is_registered_and_has_a_type() -> None:
    assert all(column.type in TYPE_FORMATS for column in columns.COLUMNS.values())
    lists = [
        value
        for name, value in vars(columns).items()
        if isinstance(value, dict) and name.isupper() and name != "COLUMNS"
    ]
    assert lists
    assert {key for widths in lists for key in widths} <= columns.COLUMNS.keys()
    # An appeal's number is its link: each list shows it whole.
    number_width = columns.COLUMNS["number"].width
    assert {widths["number"] for widths in lists if "number" in widths} == {number_width}


def test_heads_order_by_the_values_of_their_columns_and_know_every_order() -> None:
    assert head_sort.DEFAULT_SORT == DEFAULT_SORT
    assert head_sort.sort_labels().keys() == SORT_OPTIONS.keys()
    for key, sorts in head_sort.HEAD_SORTS.items():
        source = columns.COLUMNS[key].source_name
        assert [SORT_OPTIONS[sort] for sort in sorts] == [(source, False), (source, True)]


@pytest.mark.parametrize("widths", [columns.QUEUE, columns.LATE, columns.LATE_SELECTABLE])
def test_every_head_of_a_list_that_the_database_orders_has_an_order(widths: dict[str, int]) -> None:
    assert widths.keys() <= head_sort.HEAD_SORTS.keys()


def test_a_text_without_a_sort_key_is_displayed_whole() -> None:
    assert displayed_text("A · B") == "A · B"


def page() -> None:
    """A table of more rows than it shows, and one of as many."""
    import pandas as pd  # noqa: PLC0415 -- runs as a script of its own

    from components.tables.columns import columns_named  # noqa: PLC0415
    from components.tables.data_table import data_table  # noqa: PLC0415

    rows = pd.DataFrame({"name": ["one", "two", "three"], "received": [1000, 20, 3]})
    for n in (2, 3):
        data_table(
            rows,
            columns_named("name", "received"),
            key=f"of-{n}",
            max_rows_shown=n,
            max_height=100,
            alt_text="Names",
        )


def test_a_table_scrolls_from_one_row_more_than_it_shows() -> None:
    tables = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run().dataframe
    assert displayed(tables[0])["received"].tolist() == ["1,000", "20", "3"]
    assert tables[0].value["received"].tolist() == [1000, 20, 3]
    assert [table.proto.alt for table in tables] == ["Names", "Names"]


def test_tables_are_shown_by_data_table_and_edited_by_editable_table_alone() -> None:
    callers = {
        (node.attr, str(path.relative_to(PROJECT_ROOT)))
        for folder in ("components", "pages")
        for path in (PROJECT_ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("dataframe", "data_editor")
        and isinstance(node.value, ast.Name)
        and node.value.id == "st"
    }
    assert callers == {
        ("dataframe", "components/tables/data_table.py"),
        ("data_editor", "components/tables/editable_table.py"),
    }


@pytest.mark.parametrize("language", ["en", "ru", "hr"])
def test_a_head_is_whole_in_each_language_and_no_column_gets_narrower(language: str) -> None:
    set_language(language)
    for column in columns.COLUMNS.values():
        wide = column.with_whole_heading()
        assert wide.width >= max(column.width, text_width(column.heading()) + CELL_PADDING)
    received = columns.COLUMNS["received"]
    assert (received.with_whole_heading().width > received.width) == (language != "en")


def test_names_in_a_column_stay_apart_where_they_are_cut() -> None:
    names = ["Администрация, Северо-Западный округ", "Администрация, Юго-Западный округ"]
    _data, texts = cells(pd.DataFrame({"name": names}), replace(columns.COLUMNS["name"], width=190))
    assert texts["name"].tolist() == ["…Северо-Западный округ", "…Юго-Западный округ"]
