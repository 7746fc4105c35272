"""A click on a cell that leads somewhere; a checkbox chooses rows for an action, and nothing else."""

import ast
from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from components.tables.cell_click import BUTTON_PADDING, button_labels, clicked_position, code_click
from components.tables.columns import COLUMNS
from components.tables.data_table import NEVER, TableLayout, build_styler
from components.text.fitting import text_width
from tests.support.paths import PROJECT_ROOT
from tests.support.screens.tables import report_click
from tests.support.waiting import SCRIPT_SECONDS


def table_page() -> None:
    """A table whose names are picked, and the picks so far."""
    import pandas as pd  # noqa: PLC0415 -- runs as a script of its own
    import streamlit as st  # noqa: PLC0415

    from components.tables.cell_click import code_click  # noqa: PLC0415
    from components.tables.columns import columns_named  # noqa: PLC0415
    from components.tables.data_table import data_table  # noqa: PLC0415

    picked = st.session_state.setdefault("picked", [])
    data_table(
        pd.DataFrame({"name": ["one", "two"]}),
        columns_named("name"),
        key="table",
        cell_click=code_click(["1", "2"], picked.append),
        alt_text="Names",
    )


def test_each_click_hands_over_the_code_of_its_row() -> None:
    page = AppTest.from_function(table_page, default_timeout=SCRIPT_SECONDS).run()
    widget_id = page.dataframe[0].proto.button_click_widgets["name"]
    report_click(page, widget_id, 1, "two")
    page.run()
    report_click(page, widget_id, 1, "two")
    assert not page.exception
    assert page.session_state["picked"] == ["2", "2"]
    assert not page.dataframe[0].proto.selection_mode


@pytest.mark.parametrize(
    ("row", "label", "position"), [(0, "a", 0), (2, "a", 2), (1, "a", 0), (9, "b", 1), (-1, "b", 1), (0, "gone", None)]
)
def test_rows_that_moved_are_found_by_their_label(row: int, label: str, position: int | None) -> None:
    assert clicked_position(("a", "b", "a"), row, label) == position


def test_rows_are_chosen_only_where_an_action_is_done_with_them() -> None:
    choosers = {
        str(path.relative_to(PROJECT_ROOT))
        for folder in ("components", "pages")
        for path in (PROJECT_ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "row_choice"
    }
    assert choosers == {"components/overdue/selection.py", "components/queue/table.py"}


def test_only_a_kept_selection_chooses_rows() -> None:
    makers = {
        path.name
        for folder in ("components", "pages")
        for path in (PROJECT_ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("RowChoice")
    }
    assert makers == {"kept_selection.py"}


LONG_NAMES = ("Department of housing and public utilities, Surgut", "Department of housing and public utilities, Urai")


def test_a_button_shows_where_its_text_is_cut_and_the_text_that_it_stands_for_is_found_by_its_label() -> None:
    column = replace(COLUMNS["name"], width=200)
    labels = button_labels(column, [*LONG_NAMES, "Short"])
    assert labels["Short"] == "Short"
    assert all("…" in labels[name] and labels[name].endswith(name[-4:]) for name in LONG_NAMES)
    assert all(text_width(label) <= column.width - BUTTON_PADDING for label in labels.values())


def test_a_cut_name_leads_to_the_row_that_was_clicked() -> None:
    picked: list[str] = []
    rows = pd.DataFrame({"name": LONG_NAMES})
    layout = TableLayout((replace(COLUMNS["name"], width=200),), "content", "", "", NEVER, link_column="name")
    labels = tuple(build_styler(rows, layout).data["name"])  # type: ignore[attr-defined]
    code_click(["surgut", "urai"], picked.append)._lead_on(labels, 0, labels[1])  # noqa: SLF001 -- as after rows moved
    assert picked == ["urai"]
