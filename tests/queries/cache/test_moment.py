"""All live queries of one run answer as of one version of the data, whatever changes while the page is drawn."""

from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from queries.cache import live as lives
from queries.cache.live import data_state, live
from tests.support.waiting import SCRIPT_SECONDS

runs = count()


@live
def tile() -> int:
    """How often a query ran before."""
    return next(runs)


def page() -> None:
    import streamlit as st  # noqa: PLC0415 -- runs as a script of its own

    from queries.cache import live as lives  # noqa: PLC0415
    from tests.queries.cache.test_moment import tile  # noqa: PLC0415

    @st.fragment(key="left")
    def left() -> None:
        st.text(tile())
        lives.change_listener().data_version += 1

    @st.fragment(key="right")
    def right() -> None:
        st.text(tile())
        st.button("beat", on_click=st.rerun, args=(["left", "right"],))

    left()
    right()


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    changes = SimpleNamespace(data_version=1, names_version=1, is_disconnected=False, as_of=datetime.now(UTC))
    monkeypatch.setattr(lives, "change_listener", lambda: changes)
    monkeypatch.setattr(lives, "TICK_SECONDS", 10**10)
    return changes


@pytest.mark.usefixtures("listener")
def test_parts_of_a_page_and_fragments_of_one_beat_answer_as_of_one_version() -> None:
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    first = [text.value for text in app.text]
    assert first[0] == first[1]
    app.button[0].click().run()
    second = [text.value for text in app.text]
    assert second[0] == second[1] != first[1]


def test_outside_of_a_page_each_query_is_of_now(listener: SimpleNamespace) -> None:
    state, rows = data_state(), tile()
    listener.data_version += 1
    assert data_state() != state
    assert tile() > rows
