"""Discussions, comments and reactions as rows, most of them written as the platform does."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, text

from otklik.database.functions import comments
from otklik.database.functions.comments import Participant
from tests.support import factories

DAY = timedelta(days=1)
DISCUSSION_SQL = text(
    "INSERT INTO discussion (number, title, territory_id, topic_id, organisation_id, answer_days, opens_at, closes_at,"
    " published_at) VALUES (:number, :title, :territory, :topic, :organisation, :answer_days, :opens_at, :closes_at,"
    " :published_at) RETURNING id"
)


def discussion(  # noqa: PLR0913 -- the columns of the row
    connection: Connection,
    territory: str = "XA",
    topic: str = "roads",
    *,
    number: str = "D-1",
    title: str = "A new bridge",
    organisation: str = "",
    answer_days: int | None = 5,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    is_draft: bool = False,
) -> int:
    """The id of a new discussion; without moments it has been open for ten days, and is for ten more."""
    now = datetime.now(UTC)
    opens_at = opens_at or now - 10 * DAY
    values = {
        "number": number,
        "title": title,
        "territory": factories.territory(connection, territory),
        "topic": factories.topic(connection, topic),
        "organisation": factories.organisation(connection, organisation) if organisation else None,
        "answer_days": answer_days,
        "opens_at": opens_at,
        "closes_at": closes_at or now + 10 * DAY,
        "published_at": None if is_draft else min(opens_at, now),
    }
    return int(connection.execute(DISCUSSION_SQL, values).scalar_one())


def participant(name: object, **known: object) -> Participant:
    """Somebody of this name; `known`: channel and municipality_id."""
    person = comments.participant_hash(b"key", "D", str(name))
    return Participant(person, **known)  # type: ignore[arg-type]


def comment(  # noqa: PLR0913 -- the columns of the row
    connection: Connection,
    discussion_id: int,
    name: object = "anna",
    words: str = "Build it",
    *,
    parent_id: int | None = None,
    state: str = "published",
    due: date | None = None,
    answer: str | None = None,
) -> int:
    """The id of a new comment by somebody of this name, in this state; `due`: the last day for an answer."""
    comment_id = comments.write_comment(connection, discussion_id, participant(name), words, parent_id)
    values = {"id": comment_id, "state": state, "due": due, "answer": answer}
    connection.execute(
        text(
            "UPDATE discussion_comment SET state = :state, answer_due = :due, answer = :answer,"
            " published_at = CASE WHEN :state = 'published' THEN now() END,"
            " answered_at = CASE WHEN CAST(:answer AS text) IS NOT NULL THEN now() END WHERE id = :id"
        ),
        values,
    )
    return comment_id


def react(connection: Connection, comment_id: int, name: object, reaction: str | None = "agree") -> None:
    """What somebody of this name thinks of a comment from now on."""
    comments.react(connection, comment_id, participant(name), reaction)


def close(connection: Connection, discussion_id: int) -> None:
    """End the collecting of comments a moment ago."""
    connection.execute(
        text("UPDATE discussion SET closes_at = clock_timestamp() - interval '1 millisecond' WHERE id = :id"),
        {"id": discussion_id},
    )


def stored_comment(connection: Connection, comment_id: int) -> dict[str, object]:
    """A comment's row."""
    row = connection.execute(text("SELECT * FROM discussion_comment WHERE id = :id"), {"id": comment_id})
    return dict(row.mappings().one())
