"""Who takes part in the demo's discussions, and what each group of opinion thinks of the comments."""

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import psycopg
from sqlalchemy import Connection, text

from otklik.database.functions.comments import participant_hash
from otklik.demo.discussion_texts import DemoComment

DAY = timedelta(days=1)
GROUP_WEIGHTS = ((0.62, 0.38, 0.0), (0.5, 0.3, 0.2), (0.4, 0.35, 0.25))
"""How many people are of each group of opinion: in some discussions there are two groups, in others three."""
CHANNEL_WEIGHTS = {"portal": 0.55, "app": 0.38, "widget": 0.07}
REACTED_SHARE, PASS_SHARE = 0.75, 0.08
"""How many of the comments somebody reacts to, and on how many of these they pass."""
MUNICIPALITIES_SQL = """
    SELECT t.id, coalesce(t.population, 1) AS population FROM territory AS t
    JOIN territory_above AS a ON a.territory_id = t.id
    WHERE a.above_id = :territory AND t.level = 'municipality' ORDER BY t.id"""
COPY_PARTICIPANTS = (
    "COPY discussion_participant (discussion_id, person, joined_at, channel_id, municipality_id) FROM STDIN"
)
COPY_REACTIONS = """
    COPY comment_reaction (comment_id, discussion_id, participant_id, reaction, reacted_at, channel_id, municipality_id)
    FROM STDIN"""


class WrittenDiscussion(NamedTuple):
    """A discussion that is in the database, from when until when people comment in it, and its rule for answers."""

    id: int
    number: str
    territory_id: int
    timezone: str
    opens_at: datetime
    until: datetime
    answer_days: int


class WrittenPerson(NamedTuple):
    """A participant that is in the database."""

    id: int
    channel_id: int
    municipality_id: int | None


def write_participants(
    connection: Connection, discussion: WrittenDiscussion, participants: int, rng: np.random.Generator
) -> list[WrittenPerson]:
    """Write so many participants by COPY, more of them in larger towns; most join in the first half."""
    towns = connection.execute(text(MUNICIPALITIES_SQL), {"territory": discussion.territory_id}).all()
    weights = np.array([town.population for town in towns], dtype=float)
    channel_ids = {row.code: row.id for row in connection.execute(text("SELECT code, id FROM channel"))}
    channels = rng.choice(
        [channel_ids[code] for code in CHANNEL_WEIGHTS], participants, p=list(CHANNEL_WEIGHTS.values())
    )
    places = (
        rng.choice(len(towns), participants, p=weights / weights.sum()) if towns else np.zeros(participants, dtype=int)
    )
    joined = rng.beta(1, 2, participants)
    rows = [
        (
            discussion.id,
            participant_hash(b"demo", discussion.number, str(number)),
            discussion.opens_at + float(joined[number]) * (discussion.until - discussion.opens_at),
            int(channels[number]),
            towns[places[number]].id if towns else None,
        )
        for number in range(participants)
    ]
    with _driver(connection).cursor() as cursor, cursor.copy(COPY_PARTICIPANTS) as copy:
        for row in rows:
            copy.write_row(row)
    written = connection.execute(
        text(
            "SELECT id, channel_id, municipality_id FROM discussion_participant WHERE discussion_id = :id ORDER BY id"
        ),
        {"id": discussion.id},
    )
    return [WrittenPerson(*row) for row in written]


def write_reactions(
    connection: Connection,
    discussion: WrittenDiscussion,
    people: list[WrittenPerson],
    published: list[tuple[int, DemoComment, datetime]],
    rng: np.random.Generator,
) -> None:
    """Write by COPY what people think of published comments: mostly as the group of opinion does that each is of."""
    groups = rng.choice(3, len(people), p=GROUP_WEIGHTS[int(rng.integers(len(GROUP_WEIGHTS)))])
    with _driver(connection).cursor() as cursor, cursor.copy(COPY_REACTIONS) as copy:
        for comment_id, comment, at in published:
            for person, group in zip(people, groups.tolist(), strict=True):
                if rng.random() >= REACTED_SHARE:
                    continue
                agrees = rng.random() < comment.agreement[group]
                reaction = "pass" if rng.random() < PASS_SHARE else "agree" if agrees else "disagree"
                reacted_at = at + float(rng.random()) * (discussion.until - at)
                copy.write_row(
                    (
                        comment_id,
                        discussion.id,
                        person.id,
                        reaction,
                        reacted_at,
                        person.channel_id,
                        person.municipality_id,
                    )
                )


def _driver(connection: Connection) -> psycopg.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the engine connects by psycopg
    return driver
