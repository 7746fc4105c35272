"""All discussions: a card each, by their phase; those that were decided in the period."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.discussions.discussion_link import discussion_link
from components.layout.empty_state import empty_list, empty_state
from components.panel import panel
from components.panel_contents import ShownTable, add_content
from components.tables.columns import columns_named
from components.text.discussion_text import PHASE_LABELS, comments_text, waiting_texts
from components.text.escape import escape_markdown
from components.text.poll_text import days_left_text
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from queries.discussions.board import DiscussionBoard
    from queries.lists.discussion_list import DiscussionList

IGNORED_PARAMS = ("organisation", "regime", "channel")
MIN_CARD_WIDTH = 300  # pixels
CARDS_ACROSS = 4
BOARD_KEY = "discussion-board"
# Titles are whole, on more lines if need be, and no sign of the page that one is on.
BOARD_CSS = f"""<style>
.st-key-{BOARD_KEY} a {{ padding: 0; min-height: 0; background: none }}
.st-key-{BOARD_KEY} a, .st-key-{BOARD_KEY} a * {{ white-space: normal; height: auto; overflow: visible }}
</style>"""
EXPORTED = (
    *("number", "title", "territory", "topic", "phase", "opens_at", "closes_at", "decided_at"),
    *("comments", "participants", "unanswered", "late", "pending", "pending_days"),
)


def ignored_parts_note() -> None:
    """Say that discussions are narrowed by territory and topic alone, once anything else is chosen."""
    if any(name in st.query_params for name in IGNORED_PARAMS):
        message = _("Discussions are narrowed by territory and topic alone.")
        st.caption(f":material/info: {message}")


def discussion_board(board: "DiscussionBoard") -> None:
    """Show queries.discussions.board.board."""
    st.html(BOARD_CSS)
    with st.container(key=BOARD_KEY):
        if not any(discussions.total for discussions in board):
            message = _("There are no discussions in this territory and topic, and none was decided in these days.")
            empty_list(message, "discussions")
            return
        with panel(_("Collecting comments")):
            closing_remark = _("The {n} of {total} that close soonest are shown: narrow the filters to see others.")
            _cards(board.collecting, closing_remark)
        if board.summing_up.total:
            with panel(_("Summing up: closed for comments, not decided yet")):
                remark = _("The {n} of {total} that closed first are shown: narrow the filters to see others.")
                _cards(board.summing_up, remark)
        if board.announced.total:
            with panel(_("Announced discussions")):
                remark = _("The {n} of {total} that open soonest are shown: narrow the filters to see others.")
                _cards(board.announced, remark)
        with panel(_("Decided in these days")):
            _cards(board.closed, _("The latest {n} of {total} are shown: narrow the filters to see others."))


def _cards(discussions: "DiscussionList", remark: str) -> None:
    """Cards of discussions, with a remark where there are more."""
    rows = discussions.rows
    if rows.empty:
        empty_state(_("None."))
        return
    columns = columns_named(*EXPORTED)
    exported = rows.assign(phase=[_(PHASE_LABELS[phase]) for phase in rows["phase"]])
    add_content(ShownTable(exported, {column.key: column.heading() for column in columns}))
    with st.grid(CARDS_ACROSS, min_column_width=MIN_CARD_WIDTH):
        for row in rows.to_dict("records"):
            with st.container(border=True, gap="xsmall", height="stretch"):
                _card(row)
    if discussions.total > len(rows):
        st.caption(remark.format(n=formats.number(len(rows)), total=formats.number(discussions.total)))


def _card(row: Mapping[Any, Any]) -> None:
    discussion_link(f"**{escape_markdown(row['title'])}**", row["number"])
    st.caption(" · ".join(escape_markdown(str(row[name])) for name in ("topic", "territory")))
    if row["phase"] == "announced":
        st.markdown(_("opens on {day}").format(day=formats.day(row["opens_at"])))
        return
    st.markdown(comments_text(row["comments"], row["participants"]))
    for waiting in waiting_texts(row):
        st.markdown(waiting)
    if row["phase"] == "collecting":
        ending = days_left_text(row["days_left"])
    elif row["phase"] == "summing_up":
        ending = _("closed on {day}").format(day=formats.day(row["closes_at"]))
    else:
        ending = _("decided on {day}").format(day=formats.day(row["decided_at"]))
    st.markdown(f":gray[{ending}]")
