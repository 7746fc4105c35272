"""A panel that fails says so in its own place."""
# ruff: noqa: PLC0415 -- a script of AppTest brings its own imports

import logging
import re
from datetime import date

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from components.layout.error_boundary import error_message
from otklik.errors import DatabaseUnavailable, QueryTimeout
from tests.support.waiting import SCRIPT_SECONDS


def failing() -> None:
    import streamlit as st

    from components.panel import panel

    with panel("First"):
        st.write(dict[str, str]()["secret of the inside"])
    with panel("Second"):
        st.write("The page lives.")


def test_the_page_outlives_a_panel(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        page = AppTest.from_function(failing, default_timeout=SCRIPT_SECONDS).run()
    assert not page.exception
    assert "The page lives." in [one.value for one in page.markdown]
    (warning,) = page.warning
    assert "This panel can't be shown now." in warning.value
    assert "secret" not in warning.value
    found = re.search(r"\[([0-9a-f]{6})\]", warning.value)
    assert found
    assert found[1] in caplog.text
    assert "secret of the inside" in caplog.text


def uncaught() -> None:
    msg = "nobody catches this"
    raise ValueError(msg)


def test_the_traceback_of_an_uncaught_error_is_not_coloured(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[BaseException] = []
    monkeypatch.setattr("streamlit.error_util._print_rich_exception", rendered.append)
    page = AppTest.from_function(uncaught, default_timeout=SCRIPT_SECONDS).run()
    assert page.exception
    assert not rendered


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (QueryTimeout(), "narrow the filters"),
        (DatabaseUnavailable("gone"), "The database is away"),
        (psycopg.errors.UndefinedColumn(), "can't be shown now"),
    ],
)
def test_a_failure_of_the_database_is_told_by_its_kind(error: Exception, words: str) -> None:
    assert words in error_message(error)


def away() -> None:
    from datetime import UTC, datetime

    from components.layout.status_line import status_line

    status_line(datetime(2025, 11, 24, 9, 30, 5, tzinfo=UTC), away=True, demo=True, period="24 Nov 2025")


def test_an_away_database_and_demo_data_are_said() -> None:
    page = AppTest.from_function(away, default_timeout=SCRIPT_SECONDS)
    page.context["timezone"] = "Asia/Yekaterinburg"
    page.run()
    said = " ".join(one.value for one in page.markdown)
    assert "**14:30:05 (UTC+5)**" in said
    assert "Demo data" in said
    assert "They come back by themselves" in page.warning[0].value


def clock() -> None:
    import streamlit as st

    from components.layout.auto_refresh import rerun_on_new_day
    from components.layout.local_day import set_running_day

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    if st.session_state["runs"] == 1:
        set_running_day(lambda: st.session_state["now"])
    rerun_on_new_day()


def test_a_page_is_drawn_anew_when_the_day_of_its_territory_is_over() -> None:
    page = AppTest.from_function(clock, default_timeout=SCRIPT_SECONDS)
    page.session_state["now"] = date(2025, 11, 24)
    page.run()
    page.run()
    assert page.session_state["runs"] == 2
    page.session_state["now"] = date(2025, 11, 25)
    page.run()
    assert page.session_state["runs"] == 4
    page.run()
    assert page.session_state["runs"] == 5
