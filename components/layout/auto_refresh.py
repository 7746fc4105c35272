"""Keeping a page up to date: the server tells its browser that the data changed, which reruns fragments only then.

Streamlit's own `run_every` reruns a fragment every time, whether or not there is anything new to show.
"""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import TYPE_CHECKING, Protocol

import streamlit as st

from components.layout.live_channel import CHANNEL_SCRIPT
from components.layout.local_day import RUNNING_DAY_KEY, set_running_day, viewer_today
from components.streamlit_compat.browser.page_reload import RELOAD_SCRIPT
from components.streamlit_compat.browser.scroll_position import SCROLL_SCRIPT
from components.streamlit_compat.targeted_rerun import rerun_fragments
from components.url.open_appeal import open_requested_appeal
from components.url.page_filters import rerun_if_filtered

if TYPE_CHECKING:
    from components.auth.viewer import Viewer

REFRESH_INTERVAL = 1.5
"""Seconds between two looks at what nobody announces, such as a file that is being made."""
REFRESH_FRAGMENT = "pulse"
REFRESH_COMPONENT = "otklik_pulse"
"""The name of the component that waits in the browser for word of a change."""
DRAWN_STATES = "drawn"
"""Session state: by the name of each live fragment, the function of its state, and the value it was drawn from."""
SUBSCRIPTION_KEY = "subscription"
"""Session state: the subscription of the page that is open."""

# The browser calls the function again with new data and when the theme changes, but what it returns only when the
# component goes.
_SCRIPT = f"""
{RELOAD_SCRIPT}
{SCROLL_SCRIPT}
{CHANNEL_SCRIPT}
export default function({{ parentElement, setTriggerValue, data }}) {{
  reloadWhenGivenUp();
  keepScroll();
  keepChannel(parentElement, data, () => setTriggerValue("beat", true));
  return () => closeChannel(parentElement);
}}
"""

DataState = Callable[[], Hashable]
"""Such as `queries.live_page.data_state`: its value changes when there may be something new to show."""


class Subscription(Protocol):
    """`queries.cache.subscriptions.Subscription`: what changes concern this page."""

    token: str
    version: int


Subscribe = Callable[[object], Subscription]
"""Subscribes the page to what it shows, given its previous subscription, which it returns where it still holds."""


def forget_drawn_fragments() -> None:
    """Begin a run of the page, in which each live fragment that it has is drawn again."""
    st.session_state[DRAWN_STATES] = {}


def note_drawn_state(fragment_key: str, data_state: DataState) -> None:
    """Have a fragment rerun once the value changes; call it before drawing, so that a change meanwhile counts."""
    st.session_state.setdefault(DRAWN_STATES, {})[fragment_key] = data_state, data_state()


def auto_refresh(
    viewer: "Viewer",
    subscribe: Subscribe,
    draw_head: Callable[[], None],
    is_away: Callable[[], bool] = lambda: False,
) -> None:
    """Draw the page's head and rerun each live fragment when what the page shows has changed.

    `is_away` says whether the data are those of an earlier moment, whose time must stand still on the screen.
    """

    def rerun_if_changed() -> None:
        drawn_states = st.session_state[DRAWN_STATES].items()
        if stale_fragments := [key for key, (state_now, drawn_state) in drawn_states if state_now() != drawn_state]:
            rerun_fragments([REFRESH_FRAGMENT, *stale_fragments])

    @st.fragment(key=REFRESH_FRAGMENT)
    def refresh_fragment() -> None:
        viewer.enter_scope()
        rerun_on_new_day()
        subscription = subscribe(st.session_state.get(SUBSCRIPTION_KEY))
        st.session_state[SUBSCRIPTION_KEY] = subscription
        # Read before drawing: a change while drawing makes the server tell the browser once more.
        channel = {
            "token": subscription.token,
            "version": subscription.version,
            "ticks": not is_away(),
            "expires_in": _seconds_until(viewer.signed_in_until),
        }
        # Without a gap: the component takes no room.
        with st.container(gap=None):
            with st.container():
                draw_head()
            st.components.v2.component(REFRESH_COMPONENT, js=_SCRIPT)(
                key=REFRESH_FRAGMENT, data=channel, on_beat_change=rerun_if_changed
            )

    refresh_fragment()


def _seconds_until(moment: float | None) -> float | None:
    return None if moment is None else max(0.0, moment - time.time())


def live_fragment(viewer: "Viewer", data_state: DataState) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Make a function a fragment that is rerun after a click in it, and when the data have changed."""

    def decorate(draw: Callable[[], None]) -> Callable[[], None]:
        @st.fragment(key=draw.__name__)
        @wraps(draw)
        def run_fragment() -> None:
            viewer.enter_scope()
            rerun_on_new_day()
            note_drawn_state(draw.__name__, data_state)
            draw()

        return run_fragment

    return decorate


def rerun_on_new_day() -> None:
    """Rerun the whole page when the day it was drawn for is over, or after a click has changed its filters.

    After a click that asks for an appeal, its page opens instead.
    """
    open_requested_appeal()
    rerun_if_filtered()
    running_day, drawn_day = st.session_state.setdefault(RUNNING_DAY_KEY, (viewer_today, viewer_today()))
    if running_day() != drawn_day:
        set_running_day(running_day)
        st.rerun()
