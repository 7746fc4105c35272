"""Votes of the demo that somebody's program cast: many within minutes of a night, through one channel, all alike."""

from datetime import datetime, timedelta

import numpy as np
import psycopg
from sqlalchemy import Connection, text

from otklik.database.functions.votes import AGE_BANDS, voter_hash
from otklik.demo.poll_votes import COPY_ANSWERS, COPY_BALLOTS, WrittenPoll

PLANTED_SHARE = 0.08
"""Of the votes of the poll."""
MIN_PLANTED = 25
SECONDS_BETWEEN = 17
CHANNEL = "app"


def plant_votes(connection: Connection, poll: WrittenPoll, votes: int, at: datetime, rng: np.random.Generator) -> None:
    """Write about a twelfth as many votes as the poll has, from a moment on, for the first option of each question."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the engine connects by psycopg
    first_id = 1 + (connection.scalar(text("SELECT coalesce(max(id), 0) FROM poll_ballot")) or 0)
    channel = connection.execute(text("SELECT id FROM channel WHERE code = :code"), {"code": CHANNEL}).scalar_one()
    planted = range(max(int(votes * PLANTED_SHARE), MIN_PLANTED))
    with driver.cursor() as cursor, cursor.copy(COPY_BALLOTS) as copy:
        for number in planted:
            cast_at = at + timedelta(seconds=SECONDS_BETWEEN * number)
            band, sex = AGE_BANDS[int(rng.integers(2, len(AGE_BANDS)))], int(rng.integers(1, 3))
            voter = voter_hash(b"demo", poll.number, f"planted {number}")
            copy.write_row((first_id + number, poll.id, voter, cast_at, channel, poll.territory_id, band, sex))
    with driver.cursor() as cursor, cursor.copy(COPY_ANSWERS) as copy:
        for written in (written for written in poll.questions if written.options):
            for number in planted:
                copy.write_row(
                    (first_id + number, poll.id, written.id, written.question.kind, written.options[0], None)
                )
