"""What the queue's and the resolution's charts and tables draw of given rows."""

from collections.abc import Callable
from types import SimpleNamespace

import altair as alt
import pandas as pd
import pyarrow as pa
import pytest
import streamlit as st

from components.charts import heatmap, open_by_state, time_series
from components.charts.theme import DayAxisOptions, Spec
from components.queue import open_by_stage
from components.render_cache import cached_render
from components.resolution import answer_time_histogram, workload_scatter
from otklik import i18n

FIRSTS = (0, 1, 3, 7, 14, 30)
LINE = (time_series.LineSeries("open", "open", "received"), time_series.LineSeries("overdue", "overdue", "bad", (6, 3)))
SPECS: dict[str, Callable[[str], Spec]] = {
    "heat": lambda language: heatmap.heatmap_spec(language, ("Topic", "Stage"), "appeals"),
    "bars": heatmap.column_totals_spec,
    "standing": lambda language: open_by_state.open_by_state_spec(language, ("Open", "At risk", "Overdue"), 236),
    "lines": lambda language: time_series.line_chart_spec(language, LINE, DayAxisOptions(90, 3, weekly=True)),
    "histogram": lambda language: answer_time_histogram.answer_time_spec(language, ("days", "appeals"), 30),
    "points": lambda language: workload_scatter.workload_spec(language, ("open", "share", "Open", "Overdue")),
}


def framed(rows: pd.DataFrame | pa.Table) -> pd.DataFrame:
    """The rows, whichever way a chart is handed them."""
    return rows.to_pandas() if isinstance(rows, pa.Table) else rows


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[pd.DataFrame]:
    """The rows of each chart, as they are sent."""
    sent: list[pd.DataFrame] = []
    monkeypatch.setattr(st, "vega_lite_chart", lambda rows, *_args, **_kwargs: sent.append(framed(rows)))
    st.cache_data.clear()
    return sent


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", SPECS)
def test_a_spec_is_valid_holds_no_rows_and_is_built_once(kind: str, language: str) -> None:
    spec = SPECS[kind](language)
    assert SPECS[kind](language) is spec
    assert "data" not in spec
    assert spec["config"].get("locale")
    alt.Chart.from_dict({**spec, "config": {}, "data": {"name": "rows"}})


def test_bands_of_ages_are_called_by_their_days() -> None:
    assert open_by_stage.age_band_labels(FIRSTS) == ["0 d", "1–2 d", "3–6 d", "7–13 d", "14–29 d", "30+ d"]


def test_a_heat_table_has_the_sums_of_rows_and_columns_and_shades_none_of_them(drawn: list[pd.DataFrame]) -> None:
    cells = pd.DataFrame({"row": ["a", "a", "b"], "column": ["x", "y", "y"], "appeals": [1000, 2, 3]})
    cells = cells.assign(row_code=["A", "A", "B"], column_code=["X", "Y", "Y"])
    heatmap.heatmap_chart(cells, ["x", "y"], ("Row", "Column"), "said", ("topic", "stage"))
    rows = drawn[0].set_index(["row", "column"])
    assert rows["amount"].to_dict() == {
        ("a", "x"): "1,000",
        ("b", "x"): "",
        ("All", "x"): "1,000",
        ("a", "y"): "2",
        ("b", "y"): "3",
        ("All", "y"): "5",
        ("a", "All"): "1,002",
        ("b", "All"): "3",
        ("All", "All"): "1,005",
    }
    assert rows.loc[rows["weight"] == "sum", "shade"].sum() == 0
    # A sum narrows by what it is the sum of.
    codes = rows[["row_code", "column_code"]].fillna("").apply(tuple, axis="columns").to_dict()
    assert [codes["a", "y"], codes["b", "All"], codes["All", "x"]] == [("A", "Y"), ("B", ""), ("", "X")]


def test_the_topics_that_are_left_over_have_a_name_of_their_own(drawn: list[pd.DataFrame]) -> None:
    rows = pd.DataFrame({"name": ["Roads", None], "stage": ["Execution"] * 2, "position": [3, 3], "appeals": [5, 2]})
    rows = rows.assign(topic=rows["name"].str.lower(), code="execution")
    open_by_stage.topic_by_stage_heatmap(rows)
    assert drawn[0]["row"].unique().tolist() == ["Roads", "Others", "All"]


def test_labels_are_lifted_off_one_another() -> None:
    assert time_series.spread_labels({"a": 10.0, "b": 11.0, "c": 50.0}, 5) == {"a": 10.0, "b": 15.0, "c": 50.0}


def test_only_the_worst_that_can_be_compared_are_named(drawn: list[pd.DataFrame]) -> None:
    rows = pd.DataFrame(
        {
            "name": ["tiny", "fine", "late"],
            "open": [1, 100, 50],
            "overdue": [1, 0, 10],
            "overdue_share": [1.0, 0.0, 0.2],
            "small": [True, False, False],
        }
    )
    workload_scatter.workload_chart(rows)
    assert drawn[0]["side"].fillna("").tolist() == ["", "", "left"]
    assert drawn[0]["tone"].tolist() == ["muted", "received", "bad"]


def test_the_worst_of_a_crowd_are_told_by_the_pointer_alone() -> None:
    n = 40
    rows = pd.DataFrame(
        {
            "code": [f"o{one}" for one in range(n)],
            "name": "Department of Everything",
            "open": [40 + one for one in range(n)],
            "overdue": 20,
            "overdue_share": [0.5 + one / 10_000 for one in range(n)],
            "small": False,
        }
    )
    found = workload_scatter.build_workload_chart(rows)
    assert found is not None
    assert found.rows["side"].isna().all()
    assert (found.rows["tone"] == "bad").sum() == workload_scatter.MAX_NAMED


def test_nobody_is_called_timely_where_nobody_can_be_compared(
    drawn: list[pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(st, "caption", said.append)
    row = {"name": "tiny", "open": 1, "overdue": 1, "overdue_share": 1.0, "small": True}
    workload_scatter.workload_chart(pd.DataFrame([row]))
    workload_scatter.workload_chart(
        pd.DataFrame([row, row | {"open": 30, "overdue": 0, "overdue_share": 0.0, "small": False}])
    )
    assert [one.partition(".")[0] for one in said] == [
        "No organisation has enough appeals to compare",
        "No organisation with enough appeals to compare has overdue ones",
    ]
    assert len(drawn) == 2


def test_unchanged_rows_are_built_once_in_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    @cached_render
    def draw(rows: pd.DataFrame) -> None:
        built.append(f"{i18n.current_language()} {len(rows)}")

    monkeypatch.setattr(st, "context", SimpleNamespace(theme=SimpleNamespace(type="light")))
    st.cache_data.clear()
    for language, n in (("en", 1), ("en", 1), ("ru", 1), ("ru", 2), ("en", 2), ("ru", 2)):
        i18n.set_language(language)
        draw(pd.DataFrame({"n": range(n)}))
    assert built == ["en 1", "ru 1", "ru 2", "en 2"]
