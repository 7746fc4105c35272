"""What is said in the demo's discussions: comments, replies, answers, and what moderators did."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, text

from otklik.demo.discussion_people import WrittenDiscussion, write_participants, write_reactions
from otklik.demo.discussion_texts import ANSWERS, MODERATOR, PENDING, REJECTED, SHARED, DemoComment, DemoDiscussion

DAY = timedelta(days=1)
ANSWERED_SHARE = 0.6
"""How many of the comments are answered while a discussion collects them; once it is decided, nearly all are."""
COMMENT_SQL = """
    INSERT INTO discussion_comment (discussion_id, participant_id, parent_id, text, written_at, channel_id,
        municipality_id, state, published_at, answer_due, answered_at, answer)
    SELECT :discussion, p.id, :parent, :text, :written_at, p.channel_id, p.municipality_id, :state, :published_at,
        :answer_due, :answered_at, :answer
    FROM discussion_participant AS p WHERE p.id = :participant
    RETURNING id"""
EVENT_SQL = """
    INSERT INTO discussion_event (discussion_id, comment_id, at, person, kind, reason)
    VALUES (:discussion, :comment, :at, :person, :kind, :reason)"""


def write_comments(  # noqa: PLR0913 -- once, by the demo
    connection: Connection,
    discussion: WrittenDiscussion,
    demo: DemoDiscussion,
    participants: int,
    now: datetime,
    rng: np.random.Generator,
    *,
    is_decided: bool,
) -> None:
    """Write the participants, their comments and reactions; a discussion that isn't decided has a backlog."""
    people = write_participants(connection, discussion, participants, rng)
    comments = [*demo.comments, *SHARED]
    # Early enough for some answers to be late.
    written_at = [discussion.opens_at + float(share) * (discussion.until - discussion.opens_at)
                  for share in np.sort(rng.uniform(0, 0.9, len(comments)))]  # fmt: skip
    published: list[tuple[int, DemoComment, datetime]] = []
    for comment, at in zip(comments, written_at, strict=True):
        author = people[int(rng.integers(participants))]
        is_answered = rng.random() < (0.97 if is_decided else ANSWERED_SHARE)
        comment_id = _write_published(
            connection, discussion, comment.text, author.id, at, now=now, rng=rng, is_answered=is_answered
        )
        published.append((comment_id, comment, at))
        if comment.reply:
            replier = people[int(rng.integers(participants))]
            _write_reply(connection, discussion, comment.reply, replier.id, comment_id, at)
    write_reactions(connection, discussion, people, published, rng)
    for words, reason in REJECTED[: 1 + int(rng.integers(len(REJECTED)))]:
        at = written_at[int(rng.integers(len(written_at)))]
        comment_id = _write(connection, discussion, words, people[int(rng.integers(participants))].id, at, "rejected")
        _write_event(connection, discussion, comment_id, at + DAY / 6, "rejected", reason)
    if not is_decided:
        for words in PENDING[: 1 + int(rng.integers(len(PENDING)))]:
            at = max(discussion.until - float(rng.exponential(1.2)) * DAY, discussion.opens_at)
            _write(connection, discussion, words, people[int(rng.integers(participants))].id, at, "pending")


def _write_published(  # noqa: PLR0913 -- the fields of the comment
    connection: Connection,
    discussion: WrittenDiscussion,
    words: str,
    author_id: int,
    at: datetime,
    *,
    now: datetime,
    rng: np.random.Generator,
    is_answered: bool,
) -> int:
    """Write a comment that was published within a day, perhaps with its answer; returns its id."""
    published_at = min(at + float(rng.uniform(0.02, 0.9)) * DAY, now)
    due = published_at.astimezone(ZoneInfo(discussion.timezone)).date() + discussion.answer_days * DAY
    answered_at = published_at + float(rng.uniform(0.5, 1.3 * discussion.answer_days)) * DAY
    is_answered = is_answered and answered_at < now
    answer = ANSWERS[int(rng.integers(len(ANSWERS)))] if is_answered else None
    fields: dict[str, object] = {"published_at": published_at, "answer_due": due}
    fields |= {"answered_at": answered_at if is_answered else None, "answer": answer}
    comment_id = _write(connection, discussion, words, author_id, at, "published", **fields)
    _write_event(connection, discussion, comment_id, published_at, "published", "")
    if answer:
        _write_event(connection, discussion, comment_id, answered_at, "answered", answer)
    return comment_id


def _write_reply(
    connection: Connection, discussion: WrittenDiscussion, words: str, author_id: int, parent_id: int, at: datetime
) -> None:
    written_at = at + min(DAY, (discussion.until - at) / 2)
    _write(connection, discussion, words, author_id, written_at, "published", parent=parent_id, published_at=written_at)


def _write(
    connection: Connection,
    discussion: WrittenDiscussion,
    words: str,
    author_id: int,
    at: datetime,
    state: str,
    **fields: object,
) -> int:
    names = ("parent", "published_at", "answer_due", "answered_at", "answer")
    values = dict.fromkeys(names) | fields
    values |= {"discussion": discussion.id, "participant": author_id, "text": words, "written_at": at, "state": state}
    return int(connection.execute(text(COMMENT_SQL), values).scalar_one())


def _write_event(
    connection: Connection, discussion: WrittenDiscussion, comment_id: int, at: datetime, kind: str, reason: str
) -> None:
    values = {"discussion": discussion.id, "comment": comment_id, "at": at, "kind": kind, "reason": reason}
    connection.execute(text(EVENT_SQL), values | {"person": MODERATOR})
