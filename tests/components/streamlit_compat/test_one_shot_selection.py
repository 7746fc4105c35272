"""A click on a chart, map or table counts once, and leaves nothing selected behind."""

import json
from collections.abc import Sequence

from streamlit.testing.v1 import AppTest

from tests.support.waiting import SCRIPT_SECONDS


def page() -> None:
    """A table whose clicks are counted; a click on the first row leads nowhere."""
    import pandas as pd  # noqa: PLC0415 -- runs as a script of its own
    import streamlit as st  # noqa: PLC0415

    from components.streamlit_compat.one_shot_selection import one_shot_selection  # noqa: PLC0415

    clicks = st.session_state.setdefault("clicks", [])

    def handle_selection(selection: dict[str, list[int]]) -> bool:
        clicks.extend(selection["rows"])
        return selection["rows"] != [0]

    options = one_shot_selection("table", handle_selection)
    selected = st.dataframe(pd.DataFrame({"n": [1, 2]}), selection_mode="single-row", **options)
    st.text(list(selected["selection"]["rows"]))


def click(app: AppTest, widget_id: str, rows: Sequence[int]) -> None:
    """A message of the browser: these rows of a table are selected."""
    states = app._tree.get_widget_states()  # noqa: SLF001 -- no public way selects a row
    states.widgets.add(id=widget_id, string_value=json.dumps({"selection": {"rows": rows, "columns": [], "cells": []}}))
    app._run(states)  # noqa: SLF001
    assert not app.exception


def test_a_click_gives_the_widget_a_new_key_with_nothing_selected() -> None:
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    first_id = app.dataframe[0].proto.id
    click(app, first_id, [1])
    assert app.dataframe[0].proto.id != first_id
    assert app.text[0].value == "[]"
    assert app.session_state["clicks"] == [1]


def test_a_late_message_of_the_old_widget_is_no_click() -> None:
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    first_id = app.dataframe[0].proto.id
    click(app, first_id, [1])
    click(app, first_id, [])
    click(app, first_id, [1])
    assert app.session_state["clicks"] == [1]


def test_a_click_that_leads_nowhere_stays_selected() -> None:
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    first_id = app.dataframe[0].proto.id
    click(app, first_id, [0])
    assert app.dataframe[0].proto.id == first_id
    # Once this is empty as well, Streamlit knows clicks, and no new key is needed.
    assert app.text[0].value == "[0]"
