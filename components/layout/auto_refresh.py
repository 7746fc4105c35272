"""What keeps a page up to date: a pulse that asks whether anything is new, and has the page drawn anew only then.

Streamlit's own refreshing runs a part every time, whether or not there is anything new to show.
"""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TYPE_CHECKING

import streamlit as st

from components.layout.local_day import RUNNING_DAY_KEY, set_running_day, viewer_today
from components.streamlit_compat.page_reload import RELOAD_SCRIPT
from components.url.page_filters import rerun_if_filtered

if TYPE_CHECKING:
    from components.auth.viewer import Viewer

# A change is to be seen within 3 s: half of that is left for the queries and the drawing.
POLL_SECONDS = 1.5
REFRESH_FRAGMENT = "pulse"
# Of each part of the page, what was new when it was drawn.
DRAWN_STATES = "drawn"

# The browser calls it again when the theme changes, and what it returns only at the end. Streamlit gives a page up when
# it is told of a place that is gone, and nothing of it is left then: before a wall screen is nobody to load it again.
_SCRIPT = f"""
{RELOAD_SCRIPT}
export default function({{ parentElement, setTriggerValue }}) {{
  reloadWhenGivenUp();
  clearInterval(parentElement.beating);
  parentElement.beating = setInterval(() => setTriggerValue("beat", true), {POLL_SECONDS * 1000:.0f});
  return () => clearInterval(parentElement.beating);
}}
"""

DataState = Callable[[], Hashable]
"""`queries.cache.background.data_state`: another value when there may be something else to show."""


def auto_refresh(viewer: "Viewer", data_state: DataState, draw_head: Callable[[], None]) -> None:
    """Draw the head of the page at each beat, and the page's parts when something is new since they were drawn."""
    st.session_state[DRAWN_STATES] = {}

    def rerun_if_changed() -> None:
        current_state = data_state()
        if stale_fragments := [
            name for name, drawn_state in st.session_state[DRAWN_STATES].items() if drawn_state != current_state
        ]:
            st.rerun([REFRESH_FRAGMENT, *stale_fragments])

    @st.fragment(key=REFRESH_FRAGMENT)
    def refresh_fragment() -> None:
        viewer.enter_scope()
        rerun_on_new_day()
        # Without a gap: there is nothing to see of what beats.
        with st.container(gap=None):
            with st.container():
                draw_head()
            st.components.v2.component("otklik_pulse", js=_SCRIPT)(
                key=REFRESH_FRAGMENT, on_beat_change=rerun_if_changed
            )

    refresh_fragment()


def live_fragment(viewer: "Viewer", data_state: DataState) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """A part of the page that is drawn anew by itself: after a click in it, and when something is new."""

    def decorate(draw: Callable[[], None]) -> Callable[[], None]:
        @st.fragment(key=draw.__name__)
        @wraps(draw)
        def run_fragment() -> None:
            viewer.enter_scope()
            rerun_on_new_day()
            # Before it is drawn: what happens meanwhile is news.
            st.session_state[DRAWN_STATES][draw.__name__] = data_state()
            draw()

        return run_fragment

    return decorate


# A change is to be seen within 3 s: half of that is left for the queries and the drawing.
REFRESH_INTERVAL = "1.5s"


def rerun_on_new_day() -> None:
    """Run the whole page anew when a wall screen's day is over, or after a click that narrowed it."""
    rerun_if_filtered()
    running_day, drawn_day = st.session_state.setdefault(RUNNING_DAY_KEY, (viewer_today, viewer_today()))
    if running_day() != drawn_day:
        set_running_day(running_day)
        st.rerun()
