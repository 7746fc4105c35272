"""The bell on every page: what the viewer is told of, each a click away, until it is marked as read."""

from datetime import timedelta

import streamlit as st
from sqlalchemy.exc import OperationalError

from components.text.escape import escape_markdown
from otklik.access.identity import current_identity
from otklik.database.scope import acting_as
from otklik.errors import DatabaseUnavailable, QueryTimeout, ScopeChanged
from otklik.i18n import _, current_language, durations, formats, ngettext
from otklik.notifications import notices
from otklik.notifications.notices import MAX_NOTICES, Notice

REFRESH_INTERVAL = "5s"
MAX_LISTED = 6
VIEWER_PARAMS = ("lang", "as")
"""Of the address: who looks, in which language."""


def notification_bell() -> None:
    """How many notices there are, and the newest of them; while the database is away the bell is silent."""
    with st.container(width="content"):
        _notification_popover()


@st.fragment(run_every=REFRESH_INTERVAL)
def _notification_popover() -> None:
    person = current_identity().person
    if person is None or not person.may("appeal"):
        return
    try:
        with acting_as(person.scope):
            if "notices-read" in st.session_state:
                notices.mark_as_read(st.session_state.pop("notices-read"))
            unread = notices.unread_notices(current_language())
    except (OperationalError, DatabaseUnavailable, QueryTimeout, ScopeChanged):
        return
    count = f"{MAX_NOTICES - 1}+" if len(unread) == MAX_NOTICES else formats.number(len(unread))
    label = ngettext("{n} notice", "{n} notices", len(unread)).format(n=count) if unread else _("No notices")
    icon = ":material/notifications_unread:" if unread else ":material/notifications:"
    with st.popover(label, icon=icon, type="tertiary", key="bell"):
        _notice_list(unread)


def _notice_list(unread: list[Notice]) -> None:
    if not unread:
        st.markdown(_("Nothing new. Here you are told when appeals of yours come close to their deadline or pass it."))
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        more_count = len(unread) - MAX_LISTED
        more_text = f"{more_count}+" if len(unread) == MAX_NOTICES else formats.number(more_count)
        st.caption(_("The newest, and {n} more").format(n=more_text) if more_count > 0 else _("Unread"))
        st.button(_("Mark all as read"), key="notices-all", on_click=_mark_as_read, args=(None,), type="tertiary")
    for notice in unread[:MAX_LISTED]:
        _notice_row(notice)


def _notice_row(notice: Notice) -> None:
    viewer_params = {name: st.query_params[name] for name in VIEWER_PARAMS if name in st.query_params}
    params = {"number": notice.number, "source": notice.source, "region": notice.region, **viewer_params}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None, width=340):
            st.page_link(
                "pages/appeal.py",
                label=f"**{notice_text(notice.moment, notice.after)}**",
                query_params=params,
                width="stretch",
            )
            st.caption(" · ".join(map(escape_markdown, (notice.number, notice.topic, notice.territory))))
        st.button(
            "",
            icon=":material/check:",
            key=f"notice-{notice.id}",
            help=_("Mark as read"),
            on_click=_mark_as_read,
            args=([notice.id],),
            type="tertiary",
        )


def notice_text(moment: str, after: timedelta) -> str:
    """What happened to the appeal."""
    hours = after / timedelta(hours=1)
    if moment == "transfer":
        text = _("untouched for {time} since it was handed on").format(time=durations.format_duration(hours))
    elif moment == "risk":
        text = _("four fifths of the time are used")
    elif hours:
        text = durations.time_overdue(hours) if hours > 0 else durations.time_left(-hours)
    else:
        text = _("the deadline has passed")
    return text[0].upper() + text[1:]


def _mark_as_read(notice_ids: list[int] | None) -> None:
    st.session_state["notices-read"] = notice_ids
