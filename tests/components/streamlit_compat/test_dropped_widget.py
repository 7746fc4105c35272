"""A callback of a widget that Streamlit has dropped, as after Back, changes nothing and fails nowhere."""

from collections.abc import Callable
from typing import NoReturn

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.filters.select import write_day_params, write_filter_param
from components.layout.search_box import request_search
from components.streamlit_compat.dropped_widget import is_dropped
from components.streamlit_compat.one_shot_selection import one_shot_selection
from components.tables.selection import RowChoice, selection_options
from components.url import query_params
from components.url.choice import write_choice, write_other_choice
from tests.support.waiting import SCRIPT_SECONDS


def fail(*_arguments: object, **_values: object) -> NoReturn:
    raise AssertionError


CALLBACKS: dict[str, Callable[[], None]] = {
    "search box": request_search,
    "choice": lambda: write_choice("q", "dropped"),
    "switch": lambda: write_other_choice("lang", "dropped", "en"),
    "filter": lambda: write_filter_param("period", "dropped", "30"),
    "days": lambda: write_day_params("dropped"),
    "chart": one_shot_selection("dropped", fail)["on_select"],
    "table": selection_options("dropped", RowChoice(fail))["on_select"],
}


@pytest.mark.parametrize("callback", CALLBACKS.values(), ids=CALLBACKS)
def test_a_dropped_widget_has_changed_nothing(monkeypatch: pytest.MonkeyPatch, callback: Callable[[], None]) -> None:
    monkeypatch.setattr(query_params, "write", fail)
    callback()


def widget() -> None:
    import streamlit as st  # noqa: PLC0415 -- runs as a script of its own

    from components.streamlit_compat.dropped_widget import is_dropped  # noqa: PLC0415

    st.text_input("Text", key="known", on_change=lambda: st.session_state.update(dropped=is_dropped("known")))


def test_a_widget_on_the_page_is_not_dropped() -> None:
    page = AppTest.from_function(widget, default_timeout=SCRIPT_SECONDS).run()
    page.text_input[0].input("a").run()
    assert page.session_state["dropped"] is False
    assert is_dropped("known")
    assert "known" not in st.session_state
