"""A screen that stays up to date, says of when it is, and outlives a failing panel."""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import streamlit as st
from sqlalchemy.exc import OperationalError

from components.auth.identity import is_wall
from components.export import panel_menu
from components.filters import chips
from otklik.background import Counting
from otklik.database import NoDatabase
from otklik.database.transactions import TooSlow
from otklik.i18n import _, formats

# A change is to be seen within 3 s: half of that is left for the queries and the drawing.
LIVE = "1.5s"
DAY = "day"  # how the day that goes on is known, and which one the page was drawn on
CANCELLED = "57014"  # SQLSTATE query_canceled: the panel took longer than it may
UNREACHABLE = ("08", "57P")  # SQLSTATE classes of a server that is away or going

log = logging.getLogger("otklik.panel")


def stamp(as_of: datetime, *, away: bool, demo: bool, days: str) -> None:
    """One line: whether the screen is live, as of when, which days, and "demo data"."""
    st.session_state[panel_menu.ABOUT] = " · ".join(text for text in (chips.narrowed(), days) if text)
    clock = formats.clock(as_of.astimezone(zone()))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if away:
            st.badge(_("Database away"), icon=":material/cloud_off:", color="red")
        else:
            st.badge(_("Live"), icon=":material/sensors:", color="green")
        st.markdown(_("As of **{time}**").format(time=clock), width="content")
        st.caption(days, width="stretch")
        if demo:
            st.badge(_("Demo data"), icon=":material/science:", color="orange")
    if away:
        st.warning(
            _("The database is away: these are the last figures. They come back by themselves."),
            icon=":material/cloud_off:",
        )


def zone() -> ZoneInfo:
    """The viewer's time zone, as the browser says it."""
    return ZoneInfo(st.context.timezone or "UTC")


def today() -> date:
    """The viewer's calendar day."""
    return datetime.now(zone()).date()


def follow(running_day: Callable[[], date]) -> None:
    """Go by this for the day that goes on, until another page says otherwise: the chosen territory's is not ours."""
    st.session_state[DAY] = running_day, running_day()


def turn_of_day() -> None:
    """Run the whole page anew when a wall screen's day is over, or after a click that narrowed it."""
    chips.narrowing()
    running_day, drawn_day = st.session_state.setdefault(DAY, (today, today()))
    if running_day() != drawn_day:
        follow(running_day)
        st.rerun()


@contextmanager
def panel(title: str) -> Iterator[None]:
    """A card of its own: if what is inside fails, it says so and the page lives."""
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"#### {title}", width="stretch")
            menu = None if is_wall() else panel_menu.menu(title)
        with guarded(), panel_menu.offered(menu, title) if menu else nullcontext():
            yield


@contextmanager
def guarded() -> Iterator[None]:
    """Turn a failure inside into a sentence in its place, with an id that the log has too."""
    try:
        yield
    except Counting:
        message = _("This takes a while to count: it comes by itself.")
        st.markdown(f":gray[:material/hourglass_top: {message}]")
    except Exception as error:
        error_id = secrets.token_hex(3)
        log.exception("Panel failed, id %s, %s", error_id, datetime.now(UTC).isoformat())
        st.warning(f"{sentence(error)} :small[:gray[{error_id}]]", icon=":material/error:")


def sentence(error: BaseException) -> str:
    """What went wrong, and what the viewer can do about it."""
    sqlstate = getattr(getattr(error, "orig", error), "sqlstate", None)
    if sqlstate == CANCELLED or isinstance(error, TooSlow):
        return _("This takes too long: narrow the filters.")
    # The driver's own failures to connect have no state.
    unreachable = sqlstate.startswith(UNREACHABLE) if sqlstate else isinstance(error, OperationalError | NoDatabase)
    if unreachable:
        return _("The database is away. This panel comes back by itself.")
    return _("This panel can't be shown now.")


def empty(message: str | None = None) -> None:
    """Words where there is nothing to draw."""
    st.markdown(f":gray[{message or _('Nothing in these days with these filters.')}]")
