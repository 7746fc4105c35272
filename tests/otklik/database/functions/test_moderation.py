"""Moderating: what is published, rejected, answered and decided, by whom, and what is written about it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from otklik.database.access import scope
from otklik.database.access.scope import Scope
from otklik.database.functions import moderation
from otklik.database.transactions import write_transaction
from otklik.errors import DatabaseRefusal
from tests.support import factories
from tests.support.appeals.problems import person_scope
from tests.support.participation.discussions import close, comment, discussion, stored_comment

TODAY = datetime.now(UTC).date()


@pytest.fixture
def manager(connection: Connection) -> Scope:
    """A manager of the region XA, whose time is UTC."""
    factories.territory(connection, "XA")
    return person_scope(connection, "manager", "XA")


def log(connection: Connection) -> list[tuple[int | None, str, str, str]]:
    rows = connection.execute(text("SELECT comment_id, person, kind, reason FROM discussion_event ORDER BY id"))
    return [(row.comment_id, row.person, row.kind, row.reason) for row in rows]


def audited(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.execute(text("SELECT action, object FROM audit WHERE object LIKE 'discussion%' ORDER BY id"))
    return [(row.action, row.object) for row in rows]


def test_a_published_comment_is_to_be_answered_and_a_reply_is_not(connection: Connection, manager: Scope) -> None:
    discussion_id = discussion(connection, answer_days=7)
    pending = comment(connection, discussion_id, state="pending")
    root = comment(connection, discussion_id, due=TODAY)
    reply = comment(connection, discussion_id, "boris", state="pending", parent_id=root)
    promises_nothing = comment(connection, discussion(connection, number="D-2", answer_days=None), state="pending")
    with scope.acting_as(manager):
        for comment_id in (pending, reply, promises_nothing):
            moderation.publish_comment(comment_id, "pending")
        moderation.answer_comment(pending, " It is planned ")
        moderation.answer_comment(pending, "It is built")
    rows = [stored_comment(connection, comment_id) for comment_id in (pending, reply, promises_nothing)]
    assert [row["state"] for row in rows] == ["published"] * 3
    assert [row["answer_due"] for row in rows] == [TODAY + timedelta(days=7), None, None]
    assert [row["answer"] for row in rows] == ["It is built", None, None]
    assert log(connection)[2:] == [
        (promises_nothing, "Manager-xa", "published", ""),
        (pending, "Manager-xa", "answered", "It is planned"),
        (pending, "Manager-xa", "answered", "It is built"),
    ]
    assert audited(connection)[2:4] == [("comment published", "discussion D-2"), ("comment answered", "discussion D-1")]


def test_a_rejection_says_why_and_can_be_decided_otherwise(connection: Connection, manager: Scope) -> None:
    comment_id = comment(connection, discussion(connection), state="pending")
    with scope.acting_as(manager):
        with pytest.raises(DatabaseRefusal, match="A reason is needed"):
            moderation.reject_comment(comment_id, "pending", " ")
        moderation.reject_comment(comment_id, "pending", "Insults somebody")
        with pytest.raises(DatabaseRefusal, match="Somebody has decided about the comment meanwhile"):
            moderation.publish_comment(comment_id, "pending")
        with pytest.raises(DatabaseRefusal, match="A reason is needed"):
            moderation.publish_comment(comment_id, "rejected")
        with pytest.raises(DatabaseRefusal, match="Somebody has decided"):
            moderation.answer_comment(comment_id, "Thank you")
        moderation.publish_comment(comment_id, "rejected", "It insults nobody")
        with pytest.raises(DatabaseRefusal, match="A comment is published or rejected"):
            moderation.publish_comment(comment_id, "published")
        with pytest.raises(DatabaseRefusal, match="An answer has 1 to 2000 characters"):
            moderation.answer_comment(comment_id, "")
    assert log(connection) == [
        (comment_id, "Manager-xa", "rejected", "Insults somebody"),
        (comment_id, "Manager-xa", "published", "It insults nobody"),
    ]
    with pytest.raises(ProgrammingError, match="append-only"):
        connection.execute(text("DELETE FROM discussion_event"))


def test_a_discussion_is_decided_once_after_it_has_closed(connection: Connection, manager: Scope) -> None:
    discussion_id = discussion(connection)
    with scope.acting_as(manager):
        with pytest.raises(DatabaseRefusal, match="decided once, after it has closed"):
            moderation.decide_discussion(discussion_id, "Build it")
        with pytest.raises(DatabaseRefusal, match="First it is said what was decided"):
            moderation.record_outcome(discussion_id, "Built")
        close(connection, discussion_id)
        moderation.decide_discussion(discussion_id, "Build it")
        with pytest.raises(DatabaseRefusal, match="decided once"):
            moderation.decide_discussion(discussion_id, "Don't")
        moderation.record_outcome(discussion_id, "Built")
    row = connection.execute(text("SELECT d.*, discussion_phase(d) AS phase FROM discussion AS d")).one()
    assert (row.decision, row.outcome, row.phase) == ("Build it", "Built", "closed")
    assert [entry[2:] for entry in log(connection)] == [("decided", "Build it"), ("outcome", "Built")]
    assert audited(connection)[-1] == ("discussion outcome recorded", "discussion D-1")


@pytest.mark.parametrize(("role", "place"), [("staff", "XA"), ("administrator", "XA"), ("manager", "XB")])
def test_others_moderate_nothing(connection: Connection, role: str, place: str) -> None:
    discussion_id = discussion(connection)
    comment_id = comment(connection, discussion_id, state="pending")
    close(connection, discussion_id)
    with scope.acting_as(person_scope(connection, role, place)):
        refused: list[Callable[[], None]] = [
            partial(moderation.publish_comment, comment_id, "pending"),
            partial(moderation.answer_comment, comment_id, "Thank you"),
            partial(moderation.decide_discussion, discussion_id, "Build it"),
        ]
        for act in refused:
            with pytest.raises(DatabaseRefusal, match=r'needs the right "moderate"|There is no such'):
                act()
    assert log(connection) == []


def test_nobody_comments_through_the_screens(connection: Connection, manager: Scope) -> None:
    comment_id = comment(connection, discussion(connection))
    calls = (
        "write_comment(1, sha256('x'), 'portal', NULL, 'Hm', NULL)",
        f"react_to_comment({comment_id}, sha256('x'), 'portal', NULL, 'agree')",
        "join_discussion(1, sha256('x'), 'portal', NULL)",
        "record_discussion(1, NULL, 'decided', 'x', 'x', NULL, NULL)",
        "fold_discussions()",
    )
    with scope.acting_as(manager):
        for call in calls:
            with pytest.raises(ProgrammingError, match="permission denied"), write_transaction() as writer:
                writer.execute(text(f"SELECT {call}"))
