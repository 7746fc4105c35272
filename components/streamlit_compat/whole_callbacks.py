"""Letting callbacks of widgets finish, although the browser has asked for another run of the page meanwhile.

Reading or writing `st.session_state` or `st.query_params` interrupts a run where the browser has already sent what
comes next. In a callback that is the end of it: Streamlit takes the interruption for an `st.rerun` of the callback's
own, and what was pressed or chosen is lost. A filter that was removed while a page was being drawn on a busy server
stayed so. Callbacks that aren't interrupted would replace this module.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests
from streamlit.runtime.state.session_state import SessionState

_in_callback: ContextVar[bool] = ContextVar("in_callback", default=False)


@cache
def finish_callbacks() -> None:
    """Let another run that the browser asks for wait until a callback has returned, from now on in this process.

    An `st.rerun` of the callback still ends it.
    """
    call_callback = SessionState._run_callback_and_record_rerun  # noqa: SLF001 -- there is no public hook
    pending_request = ScriptRequests.on_scriptrunner_yield

    @wraps(call_callback)
    def call_whole_callback(state: SessionState, votes: Any, run: Callable[[], None]) -> None:  # noqa: ANN401 -- private
        token = _in_callback.set(True)
        try:
            call_callback(state, votes, run)
        finally:
            _in_callback.reset(token)

    @wraps(pending_request)
    def request_after_callback(requests: ScriptRequests) -> ScriptRequest | None:
        return None if _in_callback.get() else pending_request(requests)

    SessionState._run_callback_and_record_rerun = call_whole_callback  # type: ignore[method-assign, assignment] # noqa: SLF001
    ScriptRequests.on_scriptrunner_yield = request_after_callback  # type: ignore[method-assign, assignment]
