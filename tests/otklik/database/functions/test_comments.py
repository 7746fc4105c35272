"""Comments and reactions: while a discussion is open, the latest reaction of each person, and nobody's name."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text

from otklik.database.functions import comments
from otklik.errors import DatabaseRefusal
from tests.support.participation.discussions import DAY, close, comment, discussion, participant, react

NOW = datetime.now(UTC)
WHEN_OPEN = "People comment and react while a discussion is open, neither before nor after."


def reactions(connection: Connection) -> list[tuple[int, str]]:
    rows = connection.execute(text("SELECT comment_id, reaction FROM comment_reaction ORDER BY 1, 2"))
    return [(row.comment_id, row.reaction) for row in rows]


def test_a_comment_waits_for_a_moderator_and_a_person_is_one_participant(connection: Connection) -> None:
    discussion_id = discussion(connection)
    first = comments.write_comment(connection, discussion_id, participant("anna", channel="app"), "Build it")
    second = comment(connection, discussion_id, "anna")
    reply = comment(connection, discussion_id, "boris", parent_id=second)
    react(connection, second, "boris")
    rows = connection.execute(text("SELECT id, state, parent_id FROM discussion_comment ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [
        (first, "pending", None),
        (second, "published", None),
        (reply, "published", second),
    ]
    people = connection.execute(text("SELECT person, channel_id FROM discussion_participant")).all()
    assert {bytes(row.person) for row in people} == {participant(name).person for name in ("anna", "boris")}
    assert comments.participant_hash(b"key", "D-1", "anna") != comments.participant_hash(b"key", "D-2", "anna")


def test_the_latest_reaction_counts_until_it_is_taken_back(connection: Connection) -> None:
    comment_id = comment(connection, discussion(connection))
    for reaction in ("agree", "pass", "disagree"):
        react(connection, comment_id, "boris", reaction)
    react(connection, comment_id, "vera", "pass")
    assert reactions(connection) == [(comment_id, "disagree"), (comment_id, "pass")]
    react(connection, comment_id, "boris", None)
    react(connection, comment_id, "boris", None)
    assert reactions(connection) == [(comment_id, "pass")]


def test_nothing_is_said_before_and_after(connection: Connection) -> None:
    discussion_id = discussion(connection)
    comment_id = comment(connection, discussion_id)
    react(connection, comment_id, "boris")
    close(connection, discussion_id)
    coming = discussion(connection, number="D-2", opens_at=NOW + DAY)
    draft = discussion(connection, number="D-3", is_draft=True)
    for closed in (discussion_id, coming, draft):
        with pytest.raises(DatabaseRefusal, match=WHEN_OPEN):
            comment(connection, closed)
    for reaction in ("agree", "disagree", None):
        with pytest.raises(DatabaseRefusal, match=WHEN_OPEN):
            react(connection, comment_id, "boris", reaction)
    assert reactions(connection) == [(comment_id, "agree")]


def test_only_published_comments_are_replied_and_reacted_to(connection: Connection) -> None:
    discussion_id = discussion(connection)
    elsewhere = comment(connection, discussion(connection, number="D-2"))
    pending = comment(connection, discussion_id, state="pending")
    for parent in (pending, elsewhere, 999_999):
        with pytest.raises(DatabaseRefusal, match="There is no such comment"):
            comment(connection, discussion_id, parent_id=parent)
    with pytest.raises(DatabaseRefusal, match="There is no such comment"):
        react(connection, pending, "boris")
