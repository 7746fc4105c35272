"""A callback does all it has to, although the browser has asked for another run before it is over."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from components.streamlit_compat.whole_callbacks import finish_callbacks
from tests.support.waiting import SCRIPT_SECONDS

OLD_ADDRESS = "topic=roads&period=7d"


def page() -> None:
    import streamlit as st  # noqa: PLC0415 -- a script of its own

    from components.url.page_filters import remove_filter  # noqa: PLC0415
    from tests.components.streamlit_compat.test_whole_callbacks import request_another_run  # noqa: PLC0415

    def remove_topic() -> None:
        request_another_run()
        remove_filter("topic")
        st.session_state["removed"] = True

    def ask_for_a_run() -> None:
        st.session_state["asked"] = True
        st.rerun()

    st.button("remove", on_click=remove_topic)
    st.button("ask", on_click=ask_for_a_run)


runners: list[LocalScriptRunner] = []
sent_addresses: list[str] = []


def request_another_run() -> None:
    """As the browser does, which doesn't know of the new address yet."""
    runners[-1].request_rerun(RerunData(query_string=OLD_ADDRESS))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page with a filter in its address; its runners and the addresses sent to the browser are recorded."""
    runners.clear()
    sent_addresses.clear()
    start, forward_msgs = LocalScriptRunner.start, LocalScriptRunner.forward_msgs

    def recorded_start(runner: LocalScriptRunner) -> None:
        runners.append(runner)
        start(runner)

    def recorded_messages(runner: LocalScriptRunner) -> list[ForwardMsg]:
        messages = forward_msgs(runner)
        sent_addresses.extend(
            message.page_info_changed.query_string for message in messages if message.HasField("page_info_changed")
        )
        return messages

    monkeypatch.setattr(LocalScriptRunner, "start", recorded_start)
    monkeypatch.setattr(LocalScriptRunner, "forward_msgs", recorded_messages)
    test = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS)
    test.query_params.update({"topic": "roads", "period": "7d"})
    return test.run()


def test_a_filter_is_removed_although_another_run_was_asked_for(app: AppTest) -> None:
    finish_callbacks()
    app.button[0].click().run()
    assert not app.exception
    assert app.session_state["removed"]
    assert sent_addresses == ["period=7d"]


def test_a_callback_may_still_ask_for_a_run(app: AppTest) -> None:
    finish_callbacks()
    app.button[1].click().run()
    assert not app.exception
    assert app.session_state["asked"]
