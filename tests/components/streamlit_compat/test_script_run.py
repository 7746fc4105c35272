"""A run of a page is one run throughout, and another one the next time."""

from streamlit.testing.v1 import AppTest

from components.streamlit_compat.script_run import current_run
from tests.support.waiting import SCRIPT_SECONDS


def page() -> None:
    import streamlit as st  # noqa: PLC0415 -- runs as a script of its own

    from components.streamlit_compat.script_run import current_run  # noqa: PLC0415

    run = current_run()
    st.text(run is not None and run is current_run())
    # Kept, so that the next one can't be at its place in memory.
    st.text(any(run is earlier_run for earlier_run in st.session_state.setdefault("runs", [])))
    st.session_state["runs"].append(run)


def test_there_is_no_run_outside_of_a_script() -> None:
    assert current_run() is None


def test_each_run_is_another_one_and_the_same_throughout() -> None:
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS)
    for _ in range(3):
        app.run()
        assert [text.value for text in app.text] == ["True", "False"]
