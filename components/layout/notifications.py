"""The notification bell of the page header: unread notices, each with a link to its appeal and a button to mark it."""

from collections.abc import Callable, Sequence

import streamlit as st

from components.text.escape import escape_markdown
from otklik.errors import DatabaseUnavailable, QueryTimeout, ScopeChanged
from otklik.i18n import _, formats, ngettext
from otklik.notifications.model import MAX_NOTICES, Notice
from otklik.notifications.texts import notice_text

REFRESH_INTERVAL = "5s"
MAX_LISTED = 6
VIEWER_PARAMS = ("lang", "as")
"""Query parameters that a link to an appeal keeps: the language, and the person of the demo."""
MARKED_KEY = "notices-read"
"""Session state: ids of notices to mark as read in the next run, None for all of them."""

LoadNotices = Callable[[], Sequence[Notice] | None]
"""The viewer's unread notices, newest first, at most `MAX_NOTICES`; None for a viewer without a bell."""
MarkAsRead = Callable[[Sequence[int] | None], object]
"""Marks notices as read by their ids, or all that are shown."""


def notification_bell(load_notices: LoadNotices, mark_as_read: MarkAsRead) -> None:
    """The number of unread notices, and the newest of them in a popover; nothing while the database is away.

    Both functions are called by a fragment every few seconds: they have to act in the viewer's name themselves.
    """
    with st.container(width="content"):
        _notification_popover(load_notices, mark_as_read)


@st.fragment(run_every=REFRESH_INTERVAL)
def _notification_popover(load_notices: LoadNotices, mark_as_read: MarkAsRead) -> None:
    try:
        if MARKED_KEY in st.session_state:
            mark_as_read(st.session_state.pop(MARKED_KEY))
        unread = load_notices()
    except (DatabaseUnavailable, QueryTimeout, ScopeChanged):
        return
    if unread is None:
        return
    count = f"{MAX_NOTICES - 1}+" if len(unread) == MAX_NOTICES else formats.number(len(unread))
    label = ngettext("{n} notice", "{n} notices", len(unread)).format(n=count) if unread else _("No notices")
    icon = ":material/notifications_unread:" if unread else ":material/notifications:"
    with st.popover(label, icon=icon, type="tertiary", key="bell"):
        _notice_list(unread)


def _notice_list(unread: Sequence[Notice]) -> None:
    if not unread:
        st.markdown(_("Nothing new. Here you are told when appeals of yours come close to their deadline or pass it."))
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        more_count = len(unread) - MAX_LISTED
        more_text = f"{more_count}+" if len(unread) == MAX_NOTICES else formats.number(more_count)
        st.caption(_("The newest, and {n} more").format(n=more_text) if more_count > 0 else _("Unread"))
        st.button(_("Mark all as read"), key="notices-all", on_click=_request_marking, args=(None,), type="tertiary")
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
            on_click=_request_marking,
            args=([notice.id],),
            type="tertiary",
        )


def _request_marking(notice_ids: list[int] | None) -> None:
    """Mark notices in the run that follows the click: a callback has no viewer in whose name it could write."""
    st.session_state[MARKED_KEY] = notice_ids
