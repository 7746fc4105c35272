"""The threads of a discussion: comments with their replies, reactions and official answers, and forms to answer."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from components.layout import flash
from components.layout.empty_state import empty_state
from components.panel_contents import ShownTable, add_content
from components.tables.columns import COLUMNS
from components.text.appeal_state import STATE_LABELS, state_badge
from components.text.discussion_text import answer_due_text, reactions_text
from components.text.escape import clean_text, escape_markdown
from components.text.masked_text import masked_words
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.discussions.details import Discussion
    from queries.discussions.threads import Threads

MAX_REPLIES = 4
"""Of a thread; the others are counted, and in the file."""
MAX_ANSWER_LENGTH = 2000
EXPORTED = (
    *("id", "comment", "replies_to", "written_at", "agrees", "disagrees", "passes", "answer_due", "state", "answer"),
)
Answer = Callable[[int, str], None]


def thread_list(threads: "Threads", discussion: "Discussion", answer: Answer | None) -> None:
    """Each thread in a card; `answer` gets a comment's id and the text, None for those who may not answer."""
    rows = threads.rows
    if rows.empty:
        empty_state(_("No comment waits here.") if discussion.comments else _("No comment is published yet."))
        return
    add_content(_exported(rows))
    for _root_id, thread in rows.groupby("root_id", sort=False):
        first, *replies = thread.to_dict("records")
        with st.container(border=True, gap="xsmall"):
            _comment(first, discussion)
            for reply in replies[:MAX_REPLIES]:
                _reply(reply)
            if (more := len(replies) - MAX_REPLIES) > 0:
                text = ngettext("{n} more reply", "{n} more replies", more)
                st.caption(text.format(n=formats.number(more)))
            if answer is not None and first["due_state"] in ("overdue", "at_risk", "within"):
                with st.expander(_("Answer this comment")):
                    answer_form(first["id"], answer)
    if threads.total > (shown := rows["root_id"].nunique()):
        message = _("The first {n} of {total} threads are shown.")
        st.caption(message.format(n=formats.number(shown), total=formats.number(threads.total)))


def answer_form(comment_id: int, answer: Answer) -> None:
    """A form for the official answer to a comment."""
    key = f"answer-{comment_id}"
    with st.form(key, border=False):
        text = st.text_area(
            _("Official answer"),
            key=f"{key}-text",
            max_chars=MAX_ANSWER_LENGTH,
            height=100,
            label_visibility="collapsed",
            placeholder=_("The organisation's answer, which everybody can read"),
        )
        submitted = st.form_submit_button(_("Publish the answer"), type="primary")
    if submitted:
        answer(comment_id, text)
        flash.rerun_with_message(_("The answer is published."))


def _comment(row: Mapping[Any, Any], discussion: "Discussion") -> None:
    st.text(clean_text(masked_words(row["masked_text"])))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{_written(row)} · {reactions_text(row)}", width="content")
        if due := answer_due_text(row["due_state"], row["days_left"]):
            state_badge(row["due_state"])
            st.caption(due, width="content")
    if row["answer"]:
        parts = [_("Official answer"), discussion.organisation, formats.day(row["answered_at"])]
        st.markdown(f":green[:material/verified:] **{' · '.join(escape_markdown(part) for part in parts if part)}**")
        st.text(clean_text(row["answer"]))


def _reply(row: Mapping[Any, Any]) -> None:
    with st.container(horizontal=True, gap="small"):
        st.markdown(":gray[:material/subdirectory_arrow_right:]", width="content")
        with st.container(gap=None):
            st.text(clean_text(masked_words(row["masked_text"])))
            has_reactions = row["agrees"] or row["disagrees"] or row["passes"]
            parts = [_written(row), *([reactions_text(row)] if has_reactions else [])]
            st.caption(" · ".join(parts))


def _written(row: Mapping[Any, Any]) -> str:
    """When it was written, as Markdown: a day that ends with a full stop would begin a list."""
    return escape_markdown(formats.moment(row["written_at"]))


def _exported(rows: pd.DataFrame) -> ShownTable:
    """A row a comment, for files: with what it replies to, and where its answer stands."""
    titles = {key: COLUMNS[key].heading() for key in EXPORTED}
    comments = rows["masked_text"].map(masked_words)
    comment_by_id = dict(zip(rows["id"], comments, strict=True))
    exported = rows.assign(
        comment=comments,
        replies_to=rows["parent_id"].map(comment_by_id),
        state=[
            _("Answered") if state == "closed" else _(STATE_LABELS[state]) if parent is None else ""
            for state, parent in zip(rows["due_state"], rows["parent_id"], strict=True)
        ],
    )
    return ShownTable(exported[list(EXPORTED)], titles)
