"""Polls and votes as rows; a poll with votes is closed after them, since nobody votes in a closed one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import streamlit
from sqlalchemy import Connection, text

from otklik.database.functions import votes
from otklik.database.functions.votes import Answer, Voter
from otklik.launcher.poll_releases import release_polls
from tests.support import factories

DAY = timedelta(days=1)
POLL_SQL = text(
    "INSERT INTO poll (number, title, territory_id, topic_id, opens_at, closes_at, eligible, quorum_votes,"
    " quorum_share, published_at) VALUES (:number, :title, :territory, :topic, :opens_at, :closes_at, :eligible,"
    " :quorum_votes, :quorum_share, :published_at) RETURNING id"
)


class Question(NamedTuple):
    """A question and its options, by their ids in the order of positions."""

    id: int
    options: tuple[int, ...]


def poll(  # noqa: PLR0913 -- the columns of the row
    connection: Connection,
    territory: str = "XA",
    topic: str = "roads",
    *,
    number: str = "P-1",
    title: str = "A new park",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    eligible: int | None = None,
    quorum_votes: int | None = None,
    quorum_share: float | None = None,
    is_draft: bool = False,
) -> int:
    """The id of a new poll; without moments it has been open for ten days, and is for ten more."""
    now = datetime.now(UTC)
    opens_at = opens_at or now - 10 * DAY
    values = {
        "number": number,
        "title": title,
        "territory": factories.territory(connection, territory),
        "topic": factories.topic(connection, topic),
        "opens_at": opens_at,
        "closes_at": closes_at or now + 10 * DAY,
        "eligible": eligible,
        "quorum_votes": quorum_votes,
        "quorum_share": quorum_share,
        "published_at": None if is_draft else min(opens_at, now),
    }
    return int(connection.execute(POLL_SQL, values).scalar_one())


def question(connection: Connection, poll_id: int, kind: str = "single", *options: str) -> Question:
    """A further question of a poll, of this kind and with these options; the steps of a scale count from 1."""
    question_id = int(
        connection.execute(
            text(
                "INSERT INTO poll_question (poll_id, position, kind, text) SELECT :poll, count(*) + 1, :kind,"
                " 'What about it?' FROM poll_question WHERE poll_id = :poll RETURNING id"
            ),
            {"poll": poll_id, "kind": kind},
        ).scalar_one()
    )
    ids = [
        int(
            connection.execute(
                text(
                    "INSERT INTO poll_option (question_id, position, text, value)"
                    " VALUES (:question, :position, :text, :value) RETURNING id"
                ),
                {
                    "question": question_id,
                    "position": position,
                    "text": option,
                    "value": position if kind == "scale" else None,
                },
            ).scalar_one()
        )
        for position, option in enumerate(options, 1)
    ]
    return Question(question_id, tuple(ids))


def voter_id(name: object) -> bytes:
    """A voter's hash."""
    return votes.voter_hash(b"key", "P", str(name))


def vote(connection: Connection, poll_id: int, name: object, answers: Sequence[Answer] = (), **voter: object) -> int:
    """Cast or change the vote of somebody of this name."""
    return votes.cast_vote(connection, poll_id, voter_id(name), Voter(**voter), answers)  # type: ignore[arg-type]


def show_running(url: str, poll_id: int) -> None:
    """Take the next step of a running poll: of its first two thirds, if nothing of it is shown yet."""
    release_polls(url, [poll_id])
    streamlit.cache_data.clear()


def close(connection: Connection, poll_id: int) -> None:
    """End a poll a moment ago."""
    connection.execute(
        text("UPDATE poll SET closes_at = clock_timestamp() - interval '1 millisecond' WHERE id = :poll"),
        {"poll": poll_id},
    )
