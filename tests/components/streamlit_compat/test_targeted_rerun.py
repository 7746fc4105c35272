"""Rerunning fragments from a callback keeps what was pressed in the same run."""

from types import SimpleNamespace
from typing import NoReturn

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, RerunException
from streamlit.testing.v1 import AppTest

from components.streamlit_compat import targeted_rerun
from tests.support.waiting import SCRIPT_SECONDS


def page() -> None:
    import streamlit as st  # noqa: PLC0415 -- a script of its own

    from components.streamlit_compat.targeted_rerun import rerun_fragments  # noqa: PLC0415

    @st.fragment(key="live")
    def live() -> None:
        st.button("beat", on_click=rerun_fragments, args=(["live"],))

    live()
    if st.button("press"):
        st.markdown("pressed")


def test_a_press_outside_of_fragments_that_comes_with_a_refresh_is_heard() -> None:
    test = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    test.button[0].set_value(True)
    test.button[1].click().run()
    assert [element.value for element in test.markdown] == ["pressed"]


def test_the_fragment_of_a_press_that_comes_with_a_refresh_runs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def request_live(_keys: list[str]) -> NoReturn:
        raise RerunException(RerunData(fragment_id_queue=["head", "live"]))

    monkeypatch.setattr(st, "rerun", request_live)
    context = SimpleNamespace(fragment_ids_this_run=["head", "form"])
    monkeypatch.setattr(targeted_rerun, "get_script_run_ctx", lambda: context)
    with pytest.raises(RerunException) as rerun:
        targeted_rerun.rerun_fragments(["pulse", "live"])
    assert rerun.value.rerun_data.fragment_id_queue == ["head", "form", "live"]
