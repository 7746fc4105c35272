"""Ignoring what the browser asks of a page that it is just leaving.

A fragment's rerun that is asked for while another page opens waits until that has run. Streamlit then runs it as the
fragment of the page before; the browser takes that for another change of pages and removes everything but the menu,
until somebody reloads. The live channel of a page asks so at any moment. Streamlit's own check knows whether a session
still has the fragment when it is asked for, not when it runs. One that does would replace this module.
"""

from functools import cache, wraps

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests, ScriptRequestType


@cache
def ignore_left_pages() -> None:
    """Run no fragments that were asked for on another page than the session's, from now on in this process."""
    next_request = ScriptRequests.on_scriptrunner_ready

    @wraps(next_request)
    def next_request_of_page(requests: ScriptRequests) -> ScriptRequest:
        request = next_request(requests)
        while _is_of_left_page(request):
            request = next_request(requests)
        return request

    ScriptRequests.on_scriptrunner_ready = next_request_of_page  # type: ignore[method-assign, assignment]


def _is_of_left_page(request: ScriptRequest) -> bool:
    if request.type != ScriptRequestType.RERUN or not request.rerun_data.fragment_id_queue:
        return False
    context = get_script_run_ctx(suppress_warning=True)
    requested_page = request.rerun_data.page_script_hash
    return context is not None and bool(requested_page) and requested_page != context.page_script_hash
