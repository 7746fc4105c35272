"""A page that stops early leaves no fragment behind that it hasn't defined."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.waiting import SCRIPT_SECONDS


def page_that_stops() -> None:
    """Two fragments in the first run; in later ones the first alone, before the page stops."""
    import streamlit as st  # noqa: PLC0415 -- runs as a script of its own

    from components.streamlit_compat.fragments import stop_page  # noqa: PLC0415

    @st.fragment
    def first() -> None:
        st.text("first")

    @st.fragment
    def second() -> None:
        st.text("second")

    first()
    if "stops_with" in st.session_state:
        stop_page() if st.session_state["stops_with"] == "stop_page" else st.stop()
    second()


def fragment_count(page: AppTest) -> int:
    storage: Any = page._fragment_storage  # noqa: SLF001 -- no public way knows
    return len(storage._fragments)  # noqa: SLF001


@pytest.mark.parametrize(
    ("stops_with", "left"),
    [
        ("stop_page", 1),
        # Once this is 1 as well, `st.stop` does what `stop_page` is for.
        ("st.stop", 2),
    ],
)
def test_a_fragment_that_is_no_longer_on_the_page(stops_with: str, left: int) -> None:
    page = AppTest.from_function(page_that_stops, default_timeout=SCRIPT_SECONDS).run()
    assert fragment_count(page) == 2
    page.session_state["stops_with"] = stops_with
    page.run()
    assert [text.value for text in page.text] == ["first"]
    assert fragment_count(page) == left
