"""A click on a row that leads elsewhere counts once."""

from streamlit.testing.v1 import AppTest

from tests.support.tables import report_selection


def table_page() -> None:
    """A table whose rows are picked, and the picks so far."""
    import pandas as pd  # noqa: PLC0415 -- runs as a script of its own
    import streamlit as st  # noqa: PLC0415

    from components.tables.columns import columns_named  # noqa: PLC0415
    from components.tables.data_table import data_table  # noqa: PLC0415
    from components.tables.selection import RowClick  # noqa: PLC0415

    picked = st.session_state.setdefault("picked", [])
    data_table(
        pd.DataFrame({"name": ["one", "two"]}),
        columns_named("name"),
        key="table",
        selection=RowClick(["1", "2"], picked.append),
        alt_text="Names",
    )


def test_a_click_reported_again_counts_once() -> None:
    page = AppTest.from_function(table_page).run()
    widget_id = page.dataframe[0].proto.id
    report_selection(page, widget_id, rows=[1])
    report_selection(page, widget_id)
    report_selection(page, widget_id, rows=[1])
    assert page.session_state["picked"] == ["2"]


def test_the_same_row_can_be_clicked_again() -> None:
    page = AppTest.from_function(table_page).run()
    before = page.dataframe[0].proto.id
    report_selection(page, before, rows=[1])
    after = page.dataframe[0].proto.id
    assert after != before
    report_selection(page, after, rows=[1])
    assert page.session_state["picked"] == ["2", "2"]
    assert not page.exception


def test_a_deselected_row_leads_nowhere() -> None:
    page = AppTest.from_function(table_page).run()
    report_selection(page, page.dataframe[0].proto.id)
    assert page.session_state["picked"] == []
