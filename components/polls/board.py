"""All polls: a card each of those that run, are to come, and closed in the period."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.layout.empty_state import empty_list, empty_state
from components.panel import panel
from components.panel_contents import ShownTable, add_content
from components.polls.poll_link import poll_link
from components.tables.columns import columns_named
from components.text.escape import escape_markdown
from components.text.poll_text import STATUS_LABELS, days_left_text, quorum_text, votes_text
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from queries.lists.poll_list import PollList
    from queries.polls.board import PollBoard

IGNORED_PARAMS = ("organisation", "regime", "channel")
MIN_CARD_WIDTH = 300  # pixels
CARDS_ACROSS = 4
BOARD_KEY = "poll-board"
# Titles are whole, on more lines if need be, and no sign of the page that one is on.
BOARD_CSS = f"""<style>
.st-key-{BOARD_KEY} a {{ padding: 0; min-height: 0; background: none }}
.st-key-{BOARD_KEY} a, .st-key-{BOARD_KEY} a * {{ white-space: normal; height: auto; overflow: visible }}
</style>"""
EXPORTED = ("number", "title", "territory", "topic", "state", "opens_at", "closes_at", "ballots", "eligible", "needed")


def ignored_parts_note() -> None:
    """Say that polls are narrowed by territory and topic alone, once anything else is chosen."""
    if any(name in st.query_params for name in IGNORED_PARAMS):
        message = _("Polls are narrowed by territory and topic alone.")
        st.caption(f":material/info: {message}")


def poll_board(board: "PollBoard") -> None:
    """Show queries.polls.board.board."""
    st.html(BOARD_CSS)
    with st.container(key=BOARD_KEY):
        if not any(polls.total for polls in board):
            empty_list(_("There are no polls in this territory and topic, and none closed in these days."), "polls")
            return
        with panel(_("Running polls")):
            remark = _("The {n} of {total} that close soonest are shown: narrow the filters to see others.")
            _cards(board.running, remark)
        if board.upcoming.total:
            with panel(_("Upcoming polls")):
                _cards(
                    board.upcoming,
                    _("The {n} of {total} that open soonest are shown: narrow the filters to see others."),
                )
        with panel(_("Polls closed in these days")):
            _cards(board.closed, _("The latest {n} of {total} are shown: narrow the filters to see others."))


def _cards(polls: "PollList", remark: str) -> None:
    """Cards of polls, with a remark where there are more."""
    rows = polls.rows
    if rows.empty:
        empty_state(_("None."))
        return
    columns = columns_named(*EXPORTED)
    exported = rows.assign(state=[_(STATUS_LABELS[status]) for status in rows["status"]])
    add_content(ShownTable(exported, {column.key: column.heading() for column in columns}))
    with st.grid(CARDS_ACROSS, min_column_width=MIN_CARD_WIDTH):
        for row in rows.to_dict("records"):
            with st.container(border=True, gap="xsmall", height="stretch"):
                _card(row)
    if polls.total > len(rows):
        st.caption(remark.format(n=formats.number(len(rows)), total=formats.number(polls.total)))


def _card(row: Mapping[Any, Any]) -> None:
    poll_link(f"**{escape_markdown(row['title'])}**", row["number"])
    st.caption(" · ".join(escape_markdown(str(row[name])) for name in ("topic", "territory")))
    quorum = quorum_text(row["needed"], row["missing"], row["status"])
    if row["status"] == "upcoming":
        opening = _("opens on {day}").format(day=formats.day(row["opens_at"]))
        st.markdown(f"{opening} · {quorum}")
        return
    st.markdown(votes_text(row["ballots"], row["turnout"]))
    st.markdown(quorum)
    closing = _("closed on {day}").format(day=formats.day(row["closes_at"]))
    st.markdown(f":gray[{days_left_text(row['days_left']) if row['status'] == 'running' else closing}]")
