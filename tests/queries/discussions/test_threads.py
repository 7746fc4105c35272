"""Threads: their order, their replies and deadlines; the queue of moderation and its log."""

from datetime import UTC, datetime

from sqlalchemy import Connection, text

from components.text.masked_text import masked_words
from otklik.database.access import scope
from queries.discussions import changes
from queries.discussions.threads import MAX_QUEUE, MAX_THREADS, moderation_log, moderation_queue, threads
from tests.support.appeals.problems import person_scope
from tests.support.participation.discussions import DAY, comment, discussion, react

TODAY = datetime.now(UTC).date()


def shown(discussion_id: int, which: str = "all") -> list[str]:
    return list(threads(discussion_id, which).rows["masked_text"].map(masked_words))


def test_threads_are_sorted_by_support_and_those_that_wait_by_their_deadline(connection: Connection) -> None:
    discussion_id = discussion(connection)
    disliked = comment(connection, discussion_id, "anna", "disliked", due=TODAY + 9 * DAY)
    liked = comment(connection, discussion_id, "boris", "liked", due=TODAY + DAY)
    late = comment(connection, discussion_id, "vera", "late", due=TODAY - 2 * DAY)
    comment(connection, discussion_id, "gleb", "answered", due=TODAY - DAY, answer="Yes")
    comment(connection, discussion_id, "dina", "promised nothing")
    reply = comment(connection, discussion_id, "eva", "reply", parent_id=liked)
    comment(connection, discussion_id, "foma", "reply to it", parent_id=reply)
    comment(connection, discussion_id, "foma", "pending", state="pending")
    for name in ("one", "two"):
        react(connection, liked, name)
        react(connection, disliked, name, "disagree")
    react(connection, late, "one", "pass")
    assert shown(discussion_id) == [
        *("liked", "reply", "reply to it", "late", "answered", "promised nothing", "disliked"),
    ]
    assert shown(discussion_id, "unanswered") == ["late", "liked", "reply", "reply to it", "disliked"]
    assert shown(discussion_id, "late") == ["late"]
    rows = threads(discussion_id, "all").rows
    rows = rows.set_index(rows["masked_text"].map(masked_words))
    assert rows["due_state"].to_dict() == {
        "liked": "at_risk",
        "reply": "no_deadline",
        "reply to it": "no_deadline",
        "late": "overdue",
        "answered": "closed",
        "promised nothing": "no_deadline",
        "disliked": "within",
    }
    assert [rows.loc["late", name] for name in ("agrees", "disagrees", "passes", "days_left")] == [0, 0, 1, -2]
    assert [rows.loc["disliked", name] for name in ("agrees", "disagrees", "passes")] == [0, 2, 0]
    connection.execute(text("UPDATE discussion_comment SET state = 'rejected' WHERE id = :id"), {"id": reply})
    assert shown(discussion_id, "unanswered") == ["late", "liked", "disliked"]


def test_personal_data_are_shown_to_those_alone_who_decide_what_is_published(connection: Connection) -> None:
    words, masked = "Call me: +7 912 345-67-89", "Call me: [telephone]"
    discussion_id = discussion(connection)
    root = comment(connection, discussion_id, "anna", words)
    reply = comment(connection, discussion_id, "boris", words, state="pending", parent_id=root)
    assert shown(discussion_id) == [masked]
    with scope.acting_as(person_scope(connection, "manager", "XA")):
        (pending,) = moderation_queue(discussion_id).to_dict("records")
        assert (pending["text"], masked_words(pending["masked_replies_to"])) == (words, masked)
        changes.reject_comment(reply, "pending", "A number of a telephone")
        (entry,) = moderation_log(discussion_id).to_dict("records")
        assert masked_words(entry["masked_text"]) == masked


def test_of_many_threads_the_first_are_shown(connection: Connection) -> None:
    discussion_id = discussion(connection)
    for number in range(MAX_THREADS + 1):
        comment(connection, discussion_id, number)
    found = threads(discussion_id, "all")
    assert (len(found.rows), found.total) == (MAX_THREADS, MAX_THREADS + 1)


def test_the_queue_is_for_moderators_and_its_longest_waiting_is_first(connection: Connection) -> None:
    discussion_id = discussion(connection)
    root = comment(connection, discussion_id, "anna", "root")
    for number in range(MAX_QUEUE):
        comment(connection, discussion_id, number, f"pending {number}", state="pending")
    comment(connection, discussion_id, "boris", "a reply", state="pending", parent_id=root)
    moderator = person_scope(connection, "manager", "XA")
    with scope.acting_as(moderator):
        rows = moderation_queue(discussion_id)
        assert (rows["text"].iloc[0], len(rows), rows["total"].iloc[0]) == ("pending 0", MAX_QUEUE, MAX_QUEUE + 1)
        connection.execute(text("UPDATE discussion_comment SET state = 'rejected' WHERE text LIKE 'pending%'"))
        (replies_to,) = moderation_queue(discussion_id)["masked_replies_to"]
        assert masked_words(replies_to) == "root"
        assert moderation_log(discussion_id).empty
    with scope.acting_as(person_scope(connection, "staff", "XA")):
        assert moderation_queue(discussion_id).empty
