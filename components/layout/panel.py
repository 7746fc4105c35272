"""A screen that stays up to date, says of when it is, and outlives a failing panel."""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import streamlit as st
from sqlalchemy.exc import OperationalError

from components.auth.identity import is_wall_screen
from components.export import panel_menu
from components.filters import chips
from otklik.errors import Counting, DatabaseUnavailable, QueryTimeout
from otklik.i18n import _, formats

# A change is to be seen within 3 s: half of that is left for the queries and the drawing.
REFRESH_INTERVAL = "1.5s"
RUNNING_DAY_KEY = "day"  # how the day that goes on is known, and which one the page was drawn on
QUERY_CANCELED = "57014"  # SQLSTATE query_canceled: the panel took longer than it may
UNREACHABLE_CLASSES = ("08", "57P")  # SQLSTATE classes of a server that is away or going

log = logging.getLogger("otklik.panel")


def status_line(as_of: datetime, *, away: bool, demo: bool, period: str) -> None:
    """One line: whether the screen is live, as of when, which days, and "demo data"."""
    st.session_state[panel_menu.FILTER_SUMMARY_KEY] = " · ".join(
        text for text in (chips.filter_summary(), period) if text
    )
    clock = formats.clock(as_of.astimezone(viewer_timezone()))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if away:
            st.badge(_("Database away"), icon=":material/cloud_off:", color="red")
        else:
            st.badge(_("Live"), icon=":material/sensors:", color="green")
        st.markdown(_("As of **{time}**").format(time=clock), width="content")
        st.caption(period, width="stretch")
        if demo:
            st.badge(_("Demo data"), icon=":material/science:", color="orange")
    if away:
        st.warning(
            _("The database is away: these are the last figures. They come back by themselves."),
            icon=":material/cloud_off:",
        )


def viewer_timezone() -> ZoneInfo:
    """The viewer's time zone, as the browser says it."""
    return ZoneInfo(st.context.timezone or "UTC")


def viewer_today() -> date:
    """The viewer's calendar day."""
    return datetime.now(viewer_timezone()).date()


def set_running_day(running_day: Callable[[], date]) -> None:
    """Go by this for the day that goes on, until another page says otherwise: the chosen territory's is not ours."""
    st.session_state[RUNNING_DAY_KEY] = running_day, running_day()


def rerun_on_new_day() -> None:
    """Run the whole page anew when a wall screen's day is over, or after a click that narrowed it."""
    chips.rerun_if_filtered()
    running_day, drawn_day = st.session_state.setdefault(RUNNING_DAY_KEY, (viewer_today, viewer_today()))
    if running_day() != drawn_day:
        set_running_day(running_day)
        st.rerun()


@contextmanager
def panel(title: str) -> Iterator[None]:
    """A card of its own: if what is inside fails, it says so and the page lives."""
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"#### {title}", width="stretch")
            menu = None if is_wall_screen() else panel_menu.panel_export_menu(title)
        with error_boundary(), panel_menu.capture_for_export(menu, title) if menu else nullcontext():
            yield


@contextmanager
def error_boundary() -> Iterator[None]:
    """Turn a failure inside into a sentence in its place, with an id that the log has too."""
    try:
        yield
    except Counting:
        message = _("This takes a while to count: it comes by itself.")
        st.markdown(f":gray[:material/hourglass_top: {message}]")
    except Exception as error:
        error_id = secrets.token_hex(3)
        log.exception("Panel failed, id %s, %s", error_id, datetime.now(UTC).isoformat())
        st.warning(f"{error_message(error)} :small[:gray[{error_id}]]", icon=":material/error:")


def error_message(error: BaseException) -> str:
    """What went wrong, and what the viewer can do about it."""
    sqlstate = getattr(getattr(error, "orig", error), "sqlstate", None)
    if sqlstate == QUERY_CANCELED or isinstance(error, QueryTimeout):
        return _("This takes too long: narrow the filters.")
    # The driver's own failures to connect have no state.
    unreachable = (
        sqlstate.startswith(UNREACHABLE_CLASSES)
        if sqlstate
        else isinstance(error, OperationalError | DatabaseUnavailable)
    )
    if unreachable:
        return _("The database is away. This panel comes back by itself.")
    return _("This panel can't be shown now.")


def empty_state(message: str | None = None) -> None:
    """Words where there is nothing to draw."""
    st.markdown(f":gray[{message or _('Nothing in these days with these filters.')}]")
