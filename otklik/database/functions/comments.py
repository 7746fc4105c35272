"""What people do in discussions, as the platform writes it: comment, agree or disagree with comments, or pass on them.

Only the owner of the tables can; screens read comments and counts. The demo writes its many reactions by COPY.
"""

import hmac
from typing import NamedTuple

from sqlalchemy import Connection, text

from otklik.database.refusal import translate_refusals

PHASES = ("announced", "collecting", "summing_up", "closed")
"""The phases of a discussion in their order: before it opens, while people comment, until it is decided, and after."""
REACTIONS = ("agree", "disagree", "pass")
COMMENT_STATES = ("pending", "published", "rejected")


class Participant(NamedTuple):
    """Who takes part: `participant_hash`, and as at this moment a channel's code and a municipality's id or None."""

    person: bytes
    channel: str = "portal"
    municipality_id: int | None = None


def participant_hash(key: bytes, discussion_number: str, person: str) -> bytes:
    """The hash by which a discussion knows a person again: without the key nobody finds out whose it is."""
    return hmac.digest(key, f"{discussion_number}\n{person}".encode(), "sha256")


def write_comment(
    connection: Connection, discussion_id: int, author: Participant, comment: str, parent_id: int | None = None
) -> int:
    """Write a comment, or a reply to a published one; returns its id. A moderator publishes it.

    Raises DatabaseRefusal where the discussion isn't open.
    """
    with translate_refusals():
        return int(
            connection.execute(
                text("SELECT write_comment(:discussion, :person, :channel, :municipality_id, :comment, :parent)"),
                {"discussion": discussion_id, **author._asdict(), "comment": comment, "parent": parent_id},
            ).scalar_one()
        )


def react(connection: Connection, comment_id: int, participant: Participant, reaction: str | None) -> None:
    """Agree or disagree with a published comment or pass on it, in place of an earlier reaction; None takes it back.

    Raises DatabaseRefusal where the discussion isn't open, or there is no such comment.
    """
    with translate_refusals():
        connection.execute(
            text("SELECT react_to_comment(:comment, :person, :channel, :municipality_id, :reaction)"),
            {"comment": comment_id, **participant._asdict(), "reaction": reaction},
        )
