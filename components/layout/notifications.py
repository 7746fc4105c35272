"""The bell on every page: what the viewer is told of, each a click away, until it is marked as read."""

from datetime import timedelta

import streamlit as st
from sqlalchemy.exc import OperationalError

from components.auth.identity import visit
from components.tables import late_appeals
from components.text.escape import plain
from otklik.database import NoDatabase
from otklik.database.scope import Rescoped, acting
from otklik.database.transactions import TooSlow
from otklik.i18n import _, current, formats, ngettext
from otklik.notifications import notices
from otklik.notifications.notices import MOST, Notice

OFTEN = "5s"
LISTED = 6
KEPT = ("lang", "as")
"""Of the address: who looks, in which language."""


def bell() -> None:
    """How many notices there are, and the newest of them; while the database is away the bell is silent."""
    with st.container(width="content"):
        _bell()


@st.fragment(run_every=OFTEN)
def _bell() -> None:
    person = visit().person
    if person is None or not person.may("appeal"):
        return
    try:
        with acting(person.scope):
            if "notices-read" in st.session_state:
                notices.read(st.session_state.pop("notices-read"))
            found = notices.unread(current())
    except (OperationalError, NoDatabase, TooSlow, Rescoped):
        return
    count = f"{MOST - 1}+" if len(found) == MOST else formats.number(len(found))
    label = ngettext("{n} notice", "{n} notices", len(found)).format(n=count) if found else _("No notices")
    icon = ":material/notifications_unread:" if found else ":material/notifications:"
    with st.popover(label, icon=icon, type="tertiary", key="bell"):
        _list(found)


def _list(found: list[Notice]) -> None:
    if not found:
        st.markdown(_("Nothing new. Here you are told when appeals of yours come close to their deadline or pass it."))
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        rest = len(found) - LISTED
        more = f"{rest}+" if len(found) == MOST else formats.number(rest)
        st.caption(_("The newest, and {n} more").format(n=more) if rest > 0 else _("Unread"))
        st.button(_("Mark all as read"), key="notices-all", on_click=_mark, args=(None,), type="tertiary")
    for notice in found[:LISTED]:
        _line(notice)


def _line(notice: Notice) -> None:
    kept = {name: st.query_params[name] for name in KEPT if name in st.query_params}
    address = {"number": notice.number, "source": notice.source, "region": notice.region, **kept}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None, width=340):
            st.page_link(
                "pages/appeal.py",
                label=f"**{what(notice.moment, notice.after)}**",
                query_params=address,
                width="stretch",
            )
            st.caption(" · ".join(map(plain, (notice.number, notice.topic, notice.territory))))
        st.button(
            "",
            icon=":material/check:",
            key=f"notice-{notice.id}",
            help=_("Mark as read"),
            on_click=_mark,
            args=([notice.id],),
            type="tertiary",
        )


def what(moment: str, after: timedelta) -> str:
    """What happened to the appeal."""
    hours = after / timedelta(hours=1)
    if moment == "transfer":
        said = _("untouched for {time} since it was handed on").format(time=late_appeals.lasting(hours))
    elif moment == "risk":
        said = _("four fifths of the time are used")
    elif hours:
        said = late_appeals.over(hours) if hours > 0 else late_appeals.left(-hours)
    else:
        said = _("the deadline has passed")
    return said[0].upper() + said[1:]


def _mark(those: list[int] | None) -> None:
    st.session_state["notices-read"] = those
