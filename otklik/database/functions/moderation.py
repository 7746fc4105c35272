"""Moderating discussions in the viewer's name: publishing, rejecting and answering comments, and deciding.

Each leaves an entry in the log of the discussion and in the audit, and raises DatabaseRefusal, with one sentence, where
the right `moderate` is missing or the comment has changed since the screen showed it.
"""

from sqlalchemy import text

from otklik.database.refusal import translate_refusals
from otklik.database.transactions import write_transaction


def publish_comment(comment_id: int, seen_state: str, reason: str = "") -> None:
    """Publish a comment that the screen showed in this state; one that was rejected needs a reason."""
    _call(
        "moderate_comment(:comment, :seen_state, 'published', :reason)",
        {"comment": comment_id, "seen_state": seen_state, "reason": reason},
    )


def reject_comment(comment_id: int, seen_state: str, reason: str) -> None:
    """Reject a comment that the screen showed in this state, for a reason."""
    _call(
        "moderate_comment(:comment, :seen_state, 'rejected', :reason)",
        {"comment": comment_id, "seen_state": seen_state, "reason": reason},
    )


def answer_comment(comment_id: int, answer: str) -> None:
    """Give the official answer to a published comment, or replace it."""
    _call("answer_comment(:comment, :answer)", {"comment": comment_id, "answer": answer})


def decide_discussion(discussion_id: int, decision: str) -> None:
    """Say what was decided, which ends a discussion that takes no more comments."""
    _call("conclude_discussion(:discussion, 'decided', :text)", {"discussion": discussion_id, "text": decision})


def record_outcome(discussion_id: int, outcome: str) -> None:
    """Say what came of a discussion that was decided."""
    _call("conclude_discussion(:discussion, 'outcome', :text)", {"discussion": discussion_id, "text": outcome})


def _call(function: str, values: dict[str, object]) -> None:
    with translate_refusals(), write_transaction() as connection:
        connection.execute(text(f"SELECT {function}"), values)
