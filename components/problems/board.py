"""The board of problems: a column for each status on wide screens, below one another on a phone."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.layout.empty_state import empty_list
from components.text.escape import escape_markdown
from components.text.problem_text import STATUS_LABELS, due_text
from components.url.problem_links import problem_link
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.problems.board import Board

ENDED_STATUSES = ("closed", "rejected")
MIN_COLUMN_WIDTH = 200  # pixels
BOARD_KEY = "problem-board"
# Titles are whole, on more lines if need be, and no sign of the page that one is on.
BOARD_CSS = f"""<style>
.st-key-{BOARD_KEY} a {{ padding: 0; min-height: 0; background: none }}
.st-key-{BOARD_KEY} a, .st-key-{BOARD_KEY} a * {{ white-space: normal; height: auto; overflow: visible }}
.st-key-{BOARD_KEY} [data-testid="stMarkdownContainer"] p {{ font-size: 0.875rem }}
</style>"""


def problem_board(board: "Board") -> None:
    """Show queries.problems.board.board: open problems in their columns, and those that have ended below."""
    st.html(BOARD_CSS)
    with st.container(key=BOARD_KEY):
        if board.rows.empty:
            empty_list(_("There are no problems in this territory and topic."), "problems")
        else:
            _columns(board)


def _columns(board: "Board") -> None:
    open_statuses = [status for status in STATUS_LABELS if status not in ENDED_STATUSES]
    with st.grid(len(open_statuses), min_column_width=MIN_COLUMN_WIDTH):
        for status in open_statuses:
            with st.container(gap="small"):
                _column(board, status)
    ended_count = sum(board.totals[status] for status in ENDED_STATUSES)
    if ended_count:
        label = ngettext("{n} problem has ended", "{n} problems have ended", ended_count)
        with st.expander(label.format(n=formats.number(ended_count))):
            for status in ENDED_STATUSES:
                if board.totals[status]:
                    _column(board, status)


def _column(board: "Board", status: str) -> None:
    total = board.totals[status]
    st.markdown(f"**{_(STATUS_LABELS[status])}** :gray[{formats.number(total)}]")
    rows = board.rows[board.rows["status"] == status].to_dict("records")
    for row in rows:
        with st.container(border=True, gap="xsmall"):
            _card(row)
    if more_count := total - len(rows):
        more = ngettext("{n} more", "{n} more", more_count).format(n=formats.number(more_count))
        st.caption(_("{more}: choose a territory or a topic").format(more=more))


def _card(row: Mapping[Any, Any]) -> None:
    problem_link(f"**{escape_markdown(row['title'])}**", int(row["id"]))
    st.caption(" · ".join(escape_markdown(str(row[name])) for name in ("topic", "territory")))
    if row["status"] in ENDED_STATUSES:
        return
    owner = escape_markdown(row["owner"]) if row["owner"] else f":orange[{_('nobody yet')}]"
    st.markdown(f":material/person: {owner}")
    if row["next_remedy"]:
        st.markdown(f"{due_text(row['next_due'], is_overdue=row['is_overdue'])}: {escape_markdown(row['next_remedy'])}")
    appeals = ngettext("{n} open appeal", "{n} open appeals", row["open"]).format(n=formats.number(row["open"]))
    st.markdown(f":gray[{appeals}]")
