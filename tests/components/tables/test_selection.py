"""A click that leads elsewhere counts once."""

import json

from streamlit.testing.v1 import AppTest


def table() -> None:
    """A table whose rows are picked, and the picks so far."""
    import pandas as pd  # noqa: PLC0415 -- runs as a script of its own
    import streamlit as st  # noqa: PLC0415

    from components.tables.selection import row_selection  # noqa: PLC0415

    picked = st.session_state.setdefault("picked", [])
    st.dataframe(pd.DataFrame({"name": ["one", "two"]}), **row_selection("table", ["1", "2"], picked.append))


def tell(page: AppTest, widget: str, *rows: int) -> None:
    """What the browser tells of a table: these rows are chosen in it."""
    said = page._tree.get_widget_states()  # noqa: SLF001 -- no public way chooses a row
    said.widgets.add(id=widget, string_value=json.dumps({"selection": {"rows": rows, "columns": [], "cells": []}}))
    page._run(said)  # noqa: SLF001


def test_a_click_that_is_told_of_again_counts_once() -> None:
    page = AppTest.from_function(table).run()
    before = page.dataframe[0].proto.id
    tell(page, before, 1)
    tell(page, before)
    tell(page, before, 1)
    assert page.session_state["picked"] == ["2"]


def test_the_same_row_can_be_clicked_again() -> None:
    page = AppTest.from_function(table).run()
    before = page.dataframe[0].proto.id
    tell(page, before, 1)
    after = page.dataframe[0].proto.id
    assert after != before
    tell(page, after, 1)
    assert page.session_state["picked"] == ["2", "2"]
    assert not page.exception


def test_a_row_that_is_let_go_leads_nowhere() -> None:
    page = AppTest.from_function(table).run()
    tell(page, page.dataframe[0].proto.id)
    assert page.session_state["picked"] == []
