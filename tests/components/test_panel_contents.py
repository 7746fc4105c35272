"""What a panel shows is handed over to its export menu, whether it is drawn or replayed from a cache."""

from collections.abc import Iterator
from unittest.mock import MagicMock

import pandas as pd
import pytest
import streamlit as st

from components import panel_contents
from components.charts.chart import Chart, show_chart
from components.export.panel_tables import panel_tables
from components.panel_contents import ShownChart, ShownMap, ShownTable, add_content, collect_contents
from components.render_cache import cached_render
from components.tables.column_types import Column
from components.tables.columns import columns_named
from components.tables.data_table import exported_table

ROWS = pd.DataFrame({"name": ["A", "B"], "received": [1, 2]})
CHART = Chart(ROWS, {"mark": "bar"}, 120, "two bars")


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    st.cache_data.clear()
    yield
    st.cache_data.clear()


@cached_render
def cached_chart(rows: pd.DataFrame) -> None:
    show_chart(Chart(rows, {"mark": "bar"}, 120, "two bars"))


@cached_render
def chart_in_a_cached_panel(rows: pd.DataFrame) -> str:
    cached_chart(rows)
    return "drawn"


def test_nothing_is_kept_while_no_menu_is_open() -> None:
    show_chart(CHART)
    assert not panel_contents.is_collecting()
    with collect_contents() as contents:
        pass
    assert contents == []


def test_a_chart_hands_over_its_spec_rows_and_height() -> None:
    with collect_contents() as contents:
        show_chart(CHART)
        show_chart(None)
    assert contents == [ShownChart({"mark": "bar"}, ROWS, 120)]


def test_a_replayed_chart_is_handed_over_as_often_as_it_is_shown() -> None:
    cached_chart(ROWS)
    for _ in range(2):
        with collect_contents() as contents:
            cached_chart(ROWS)
        (chart,) = contents
        assert isinstance(chart, ShownChart)
        pd.testing.assert_frame_equal(chart.rows, ROWS)


def test_a_chart_in_a_function_that_is_replayed_as_a_whole_is_handed_over_once() -> None:
    for _ in range(2):
        with collect_contents() as contents:
            assert chart_in_a_cached_panel(ROWS) == "drawn"
        assert [type(content) for content in contents] == [ShownChart]


def test_a_panel_within_a_panel_keeps_its_contents_to_itself() -> None:
    with collect_contents() as outer:
        with collect_contents() as inner:
            show_chart(CHART)
        assert len(inner) == 1
    assert outer == []


def test_a_block_that_fails_leaves_no_menu_collecting() -> None:
    with pytest.raises(ZeroDivisionError), collect_contents():
        _ = 1 / 0
    assert not panel_contents.is_collecting()


def test_a_table_hands_over_the_values_under_the_titles_of_the_screen() -> None:
    rows = ROWS.assign(code=["a", "b"], on_time_rate=[0.5, 1.0])
    with collect_contents() as contents:
        add_content(exported_table(rows, columns_named("received", "name", "on_time_rate")))
    (table,) = panel_tables(contents)
    assert table.rows.to_dict("list") == {"Received": [1, 2], "Name": ["A", "B"], "On time": [0.5, 1.0]}
    assert table.shares == {"On time"}


def test_numbers_that_the_screen_writes_out_stay_numbers_in_the_file() -> None:
    rows = pd.DataFrame({"measure": [0.987], "text": ["98.7 %"]})
    column = Column("measure", "", "ratio", title="On time", texts=lambda rows, _as_of: list(rows["text"]))
    assert exported_table(rows, [column]).rows["measure"].tolist() == [0.987]


def test_charts_of_the_same_columns_are_one_table_without_repeated_rows() -> None:
    charts = [
        ShownChart({}, ROWS.assign(colour="red"), 100),
        ShownChart({}, pd.DataFrame({"name": ["B", "C"], "received": [2, 3]}), 100),
    ]
    (table,) = panel_tables(charts)
    assert table.rows.to_dict("list") == {"Name": ["A", "B", "C"], "Received": [1, 2, 3]}


def test_a_chart_calls_its_numbers_as_its_tooltip_does_and_knows_shares() -> None:
    spec = {"encoding": {"tooltip": [{"field": "usual", "title": "usual day"}, {"field": "label", "title": "Label"}]}}
    rows = pd.DataFrame({"usual": [1.5], "label": ["a"], "on_time_rate": [0.5], "height": [3]})
    (table,) = panel_tables([ShownChart(spec, rows, 100)])
    assert list(table.rows.columns) == ["usual day", "On time"]
    assert table.shares == {"On time"}


def test_days_are_written_as_days() -> None:
    rows = pd.DataFrame({"day": pd.to_datetime(["2026-03-01"]), "received": [1]})
    (table,) = panel_tables([ShownChart({}, rows, 100)])
    assert str(table.rows["Day"][0]) == "2026-03-01"


def test_a_map_gives_a_table_only_of_rows_that_it_was_handed() -> None:
    points = pd.DataFrame({"number": ["1"], "topic": ["Roads"], "state": ["open"]})
    assert panel_tables([ShownMap(MagicMock())]) == []
    (table,) = panel_tables([ShownMap(MagicMock(), points), ShownTable(pd.DataFrame(), {})])
    assert list(table.rows.columns) == ["Number", "Topic", "State"]
