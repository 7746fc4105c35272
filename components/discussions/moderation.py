"""What awaits moderation in a discussion, with a form for each comment; the log; and what was decided."""

from typing import TYPE_CHECKING, Protocol

import pandas as pd
import streamlit as st

from components.layout import flash
from components.layout.empty_state import empty_state
from components.panel_contents import ShownTable, add_content
from components.tables.columns import COLUMNS
from components.text.discussion_text import EVENT_LABELS
from components.text.escape import clean_text, escape_markdown
from components.text.masked_text import masked_words
from otklik.i18n import _, formats

if TYPE_CHECKING:
    from datetime import datetime

    from queries.discussions.details import Discussion

MAX_FORMS, MAX_ENTRIES = 8, 8
"""Comments with a form, where the next ones follow once these are decided; and entries of the log."""
MAX_REASON_LENGTH, MAX_TEXT_LENGTH = 500, 2000
QUEUE_COLUMNS, LOG_COLUMNS = (
    ("id", "written_at", "comment", "replies_to"),
    ("at", "person", "action", "reason", "comment"),
)


class DiscussionChanges(Protocol):
    """`queries.discussions.changes`: each raises DatabaseRefusal."""

    def publish_comment(self, comment_id: int, seen_state: str, reason: str = "") -> None:
        """Publish a comment."""

    def reject_comment(self, comment_id: int, seen_state: str, reason: str) -> None:
        """Reject a comment for a reason."""

    def answer_comment(self, comment_id: int, answer: str) -> None:
        """Answer a comment."""

    def decide_discussion(self, discussion_id: int, decision: str) -> None:
        """Say what was decided."""

    def record_outcome(self, discussion_id: int, outcome: str) -> None:
        """Say what came of it."""


def moderation_queue(rows: pd.DataFrame, as_of: "datetime", changes: DiscussionChanges) -> None:
    """The comments that await moderation, the longest waiting first, each whole and with a form."""
    if rows.empty:
        empty_state(_("Nothing awaits moderation."))
        return
    titles = {key: COLUMNS[key].heading() for key in QUEUE_COLUMNS}
    rows = rows.assign(
        comment=rows["text"], replies_to=[parts and masked_words(parts) for parts in rows["masked_replies_to"]]
    )
    add_content(ShownTable(rows[list(QUEUE_COLUMNS)], titles))
    for row in rows.head(MAX_FORMS).to_dict("records"):
        with st.container(border=True, gap="xsmall"):
            st.text(clean_text(row["text"]))
            parts = [
                escape_markdown(formats.moment(row["written_at"])),
                formats.relative_time(row["written_at"], as_of),
            ]
            if row["replies_to"]:
                parts.append(_("in reply to: {text}").format(text=escape_markdown(row["replies_to"], 80)))
            st.caption(" · ".join(parts))
            moderation_form(row["id"], changes)
    if (total := int(rows["total"].iloc[0])) > MAX_FORMS:
        message = _("The first {n} of {total} are shown; the next ones follow.")
        st.caption(message.format(n=formats.number(MAX_FORMS), total=formats.number(total)))


def moderation_form(comment_id: int, changes: DiscussionChanges) -> None:
    """A form that publishes a pending comment, or rejects it for a reason."""
    key = f"moderate-{comment_id}"
    with st.form(key, border=False), st.container(horizontal=True, vertical_alignment="center", gap="small"):
        reason = st.text_input(
            _("Reason"),
            key=f"{key}-reason",
            max_chars=MAX_REASON_LENGTH,
            label_visibility="collapsed",
            placeholder=_("Why it is rejected"),
        )
        publish = st.form_submit_button(_("Publish"), type="primary", key=f"{key}-publish")
        reject = st.form_submit_button(_("Reject"), key=f"{key}-reject")
    if publish:
        changes.publish_comment(comment_id, "pending", reason)
        flash.rerun_with_message(_("The comment is published."))
    if reject:
        changes.reject_comment(comment_id, "pending", reason)
        flash.rerun_with_message(_("The comment is rejected; the reason is in the log."))


def moderation_log(rows: pd.DataFrame) -> None:
    """Who decided what about which comment, and why, the latest first."""
    if rows.empty:
        empty_state(_("Nothing has been moderated yet."))
        return
    titles = {key: COLUMNS[key].heading() for key in LOG_COLUMNS}
    labels = [_(EVENT_LABELS[kind]) for kind in rows["kind"]]
    rows = rows.assign(action=labels, comment=[parts and masked_words(parts) for parts in rows["masked_text"]])
    add_content(ShownTable(rows[list(LOG_COLUMNS)], titles))
    for label, row in zip(labels[:MAX_ENTRIES], rows.head(MAX_ENTRIES).to_dict("records"), strict=True):
        with st.container(gap=None):
            st.markdown(f"**{label}** · {formats.moment(row['at'])} · {escape_markdown(row['person'])}")
            about = [escape_markdown(text, 160) for text in (row["comment"], row["reason"]) if text]
            st.caption(" — ".join(about))
    if len(rows) > MAX_ENTRIES:
        st.caption(_("Older entries are in the file."))


def decision_form(discussion: "Discussion", changes: DiscussionChanges) -> None:
    """A form for what was decided, once a discussion is closed for comments; after that for what came of it."""
    is_decided = discussion.decided_at is not None
    key = f"decide-{discussion.id}-{flash.message_count()}"
    label = _("What came of it") if is_decided else _("What was decided")
    with st.form(key, border=False):
        text = st.text_area(label, key=f"{key}-text", max_chars=MAX_TEXT_LENGTH, height=100)
        submitted = st.form_submit_button(_("Record it"))
    if not submitted:
        return
    if is_decided:
        changes.record_outcome(discussion.id, text)
        flash.rerun_with_message(_("What came of it is recorded."))
    else:
        changes.decide_discussion(discussion.id, text)
        flash.rerun_with_message(_("The discussion is decided."))
