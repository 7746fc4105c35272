"""A fragment that the browser asked for on the page it leaves isn't run on the page that it opens."""

import pytest
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from components.streamlit_compat.browser.left_page import ignore_left_pages
from tests.support.waiting import SCRIPT_SECONDS


def pages() -> None:
    import streamlit as st  # noqa: PLC0415 -- a script of its own
    from streamlit.runtime.scriptrunner import get_script_run_ctx  # noqa: PLC0415

    from tests.components.streamlit_compat.browser.test_left_page import pages_of_fragment, request_fragment  # noqa: PLC0415

    @st.fragment(key="pulse")
    def pulse() -> None:
        st.text("pulse")
        context = get_script_run_ctx()
        assert context is not None
        pages_of_fragment.append(context.page_script_hash)

    def appeal() -> None:
        pulse()
        context = get_script_run_ctx()
        assert context is not None
        st.session_state["fragment"] = context.shared.new_fragment_ids.snapshot(), context.page_script_hash
        if st.button("back"):
            st.switch_page(queue_page)

    def queue() -> None:
        pulse()
        fragment_ids, page = st.session_state["fragment"]
        request_fragment(next(iter(fragment_ids)), page if st.session_state["of"] == "appeal" else None)

    queue_page = st.Page(queue, url_path="queue")
    st.navigation([st.Page(appeal, url_path="appeal", default=True), queue_page]).run()


runners: list[LocalScriptRunner] = []
pages_of_fragment: list[str] = []
"""For each run of the fragment, the hash of the page that the browser is told of."""


def request_fragment(fragment_id: str, page: str | None) -> None:
    """As the browser does once, of the page that it left or (None) of the page that is open."""
    runner = runners[-1]
    if not runner._session_state["is_asked"]:  # noqa: SLF001 -- the runner of the test
        runner._session_state["is_asked"] = True  # noqa: SLF001 -- likewise
        page_script_hash = page or runner._pages_manager.current_page_script_hash  # noqa: SLF001 -- likewise
        runner.request_rerun(RerunData(page_script_hash=page_script_hash, fragment_id=fragment_id))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    runners.clear()
    pages_of_fragment.clear()
    start = LocalScriptRunner.start

    def recorded_start(runner: LocalScriptRunner) -> None:
        runners.append(runner)
        start(runner)

    monkeypatch.setattr(LocalScriptRunner, "start", recorded_start)
    return AppTest.from_function(pages, default_timeout=SCRIPT_SECONDS)


@pytest.mark.parametrize(("page", "runs_on_queue"), [("appeal", 1), ("queue", 2)])
def test_a_fragment_of_the_page_before_is_not_run(app: AppTest, page: str, runs_on_queue: int) -> None:
    ignore_left_pages()
    app.session_state["is_asked"] = False
    app.session_state["of"] = page
    app.run()
    assert not app.exception
    app.button[0].click().run()
    assert not app.exception
    assert [text.value for text in app.text] == ["pulse"]
    # Twice on the appeal's page, the second time with the click.
    appeal_page, queue_page = dict.fromkeys(pages_of_fragment)
    assert pages_of_fragment == [appeal_page] * 2 + [queue_page] * runs_on_queue
