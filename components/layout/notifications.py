"""The notification bell of the page header: unread notices, each with a link to its appeals and a button to mark it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import streamlit as st

from components.layout.auto_refresh import DataState, note_drawn_state
from components.layout.local_day import viewer_moment
from components.text.escape import escape_markdown
from components.text.surge_text import surge_counts, usual_range
from otklik.errors import DatabaseUnavailable, QueryTimeout, ScopeChanged
from otklik.i18n import _, formats, ngettext
from otklik.notifications.model import Notice, RemedyNotice, SourceNotice, SurgeKey, SurgeNotice, UnreadNotices
from otklik.notifications.texts import notice_text

BELL_FRAGMENT = "bell-fragment"
VIEWER_PARAMS = ("lang", "as")
"""Query parameters that a link to an appeal keeps: the language, and the person of the demo."""
MARKED_KEY = "notices-read"
"""Session state: notices to mark as read in the next run (`Marked`); None for all of them."""

LoadNotices = Callable[[], UnreadNotices | None]
"""The viewer's unread notices; None for a viewer without a bell."""
Marked = Sequence[int] | SurgeKey | RemedyNotice | SourceNotice | None
MarkAsRead = Callable[[Marked], object]
"""Marks notices as read by their ids, or the one of a surge, remedy or data source, or all that are shown."""


def notification_bell(load_notices: LoadNotices, mark_as_read: MarkAsRead, notices_state: DataState) -> None:
    """The number of today's unread notices, and the newest of them in a popover; nothing while the database is away.

    Those of the days before are one line: a morning begins with what is new, and the backlog has a page of its own.

    The first two are called by a fragment's own runs: they have to act in the viewer's name themselves. It runs when
    `notices_state` (queries.live_page) changes.
    """
    with st.container(width="content"):
        _notification_popover(load_notices, mark_as_read, notices_state)


@st.fragment(key=BELL_FRAGMENT)
def _notification_popover(load_notices: LoadNotices, mark_as_read: MarkAsRead, notices_state: DataState) -> None:
    note_drawn_state(BELL_FRAGMENT, notices_state)
    try:
        if MARKED_KEY in st.session_state:
            mark_as_read(st.session_state.pop(MARKED_KEY))
        unread = load_notices()
    except (DatabaseUnavailable, QueryTimeout, ScopeChanged):
        return
    if unread is None:
        return
    n = unread.new_count
    label = ngettext("{n} notice", "{n} notices", n).format(n=formats.number(n)) if n else _("No notices")
    icon = ":material/notifications_unread:" if n else ":material/notifications:"
    with st.popover(label, icon=icon, type="tertiary", key="bell"):
        _notice_list(unread)


def _notice_list(unread: UnreadNotices) -> None:
    if not unread.new_count:
        st.markdown(
            _(
                "Nothing new. Here you are told of surges, of overdue remedies, and when appeals of yours come close "
                "to their deadline or pass it."
            )
        )
    if not unread.new_count + unread.backlog_count:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        shown = (unread.newest, unread.surges, unread.remedies, unread.sources)
        more_count = unread.new_count - sum(map(len, shown))
        more_text = _("Today, the newest, and {n} more").format(n=formats.number(more_count))
        st.caption(more_text if more_count > 0 else _("Today") if unread.new_count else "")
        st.button(_("Mark all as read"), key="notices-all", on_click=_request_marking, args=(None,), type="tertiary")
    for source in unread.sources:
        _source_row(source)
    for remedy in unread.remedies:
        _remedy_row(remedy)
    for surge in unread.surges:
        _surge_row(surge)
    for notice in unread.newest:
        _notice_row(notice)
    if unread.backlog_count:
        _backlog_line(unread.backlog_count)


def _backlog_line(count: int) -> None:
    text = ngettext("{n} unread notice of the days before", "{n} unread notices of the days before", count)
    st.caption(text.format(n=formats.number(count)))


def _notice_row(notice: Notice) -> None:
    params = {"number": notice.number, "source": notice.source, "region": notice.region}
    names = (notice.number, notice.topic, notice.territory)
    _row("appeal", notice_text(notice.moment, notice.after), params, names, f"notice-{notice.id}", [notice.id])


def _source_row(source: SourceNotice) -> None:
    """A silent data source, with a link to its runs."""
    moment = viewer_moment(source.since)
    text = (_("can't be read since {moment}") if source.is_unreadable else _("nothing came since {moment}")).format(
        moment=moment
    )
    names = (_("Data source"), source.name)
    _row("sources", text, {"source": source.name}, names, f"source-notice-{source.id}", source)


def _remedy_row(remedy: RemedyNotice) -> None:
    """An overdue remedy, with a link to its problem."""
    params = {"problem": str(remedy.problem_id)}
    names = (_("Remedy"), remedy.title, remedy.territory)
    text = _("overdue, was due {day}").format(day=formats.day(remedy.due))
    _row("problems", text, params, names, f"remedy-notice-{remedy.id}", remedy)


def _surge_row(surge: SurgeNotice) -> None:
    """A surge, with a link to its appeals."""
    counts = surge_counts(surge.observed, surge.window_days)
    text = _("{counts}; usual {usual}").format(counts=counts, usual=usual_range(surge.usual_low, surge.usual_high))
    first = surge.key.day - timedelta(days=surge.window_days - 1)
    days = {"period": "range", "from": first.isoformat(), "to": surge.key.day.isoformat()}
    params = {"territory": surge.territory_code, "topic": surge.topic_code, "figure": "received", **days}
    names = (_("Surge"), surge.topic, surge.territory)
    _row("regions", text, params, names, f"surge-{surge.key.territory_id}-{surge.key.topic_id}", surge.key)


def _row(page: str, text: str, params: dict[str, str], names: Sequence[str], key: str, marked: Marked) -> None:
    viewer_params = {name: st.query_params[name] for name in VIEWER_PARAMS if name in st.query_params}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None, width=340):
            st.page_link(f"pages/{page}.py", label=f"**{text}**", query_params=params | viewer_params, width="stretch")
            st.caption(" · ".join(map(escape_markdown, names)))
        st.button(
            "",
            icon=":material/check:",
            key=key,
            help=_("Mark as read"),
            on_click=_request_marking,
            args=(marked,),
            type="tertiary",
        )


def _request_marking(marked: Marked) -> None:
    """Mark notices in the run that follows the click: a callback has no viewer in whose name it could write."""
    st.session_state[MARKED_KEY] = marked
