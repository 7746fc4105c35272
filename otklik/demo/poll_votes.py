"""Votes of the demo's polls: how many of each age, through which channel, when, and for what."""

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import psycopg
from sqlalchemy import Connection, text

from otklik.database.functions.votes import AGE_BANDS, UNKNOWN, voter_hash
from otklik.demo.poll_texts import COMMENTS, DemoQuestion

DAY = timedelta(days=1)
AGE_WEIGHTS = (0.03, 0.09, 0.22, 0.25, 0.17, 0.13, 0.11)
CHANNEL_WEIGHTS = {"portal": 0.48, "app": 0.41, "widget": 0.06, "call_centre": 0.05}
WORDY_SHARE = 0.15
"""The share of voters who answer in words; questions with options have to be answered."""
MEAN_DELAY_DAYS = 6
MUNICIPALITIES_SQL = """
    SELECT t.id, coalesce(t.population, 1) AS population FROM territory AS t
    JOIN territory_above AS a ON a.territory_id = t.id
    WHERE a.above_id = :territory AND t.level = 'municipality' ORDER BY t.id"""
COPY_BALLOTS = "COPY poll_ballot (id, poll_id, voter, cast_at, channel_id, municipality_id, age_band, sex) FROM STDIN"
COPY_ANSWERS = "COPY poll_answer (ballot_id, poll_id, question_id, kind, option_id, text) FROM STDIN"


class WrittenQuestion(NamedTuple):
    """A question that is in the database, and the ids of its options."""

    id: int
    question: DemoQuestion
    options: list[int]


class WrittenPoll(NamedTuple):
    """A poll that is in the database, and from when until when votes are cast in it."""

    id: int
    number: str
    territory_id: int
    opens_at: datetime
    until: datetime
    questions: list[WrittenQuestion]


def write_votes(connection: Connection, poll: WrittenPoll, votes: int, rng: np.random.Generator) -> None:
    """Write ballots with their answers by COPY; most people vote in the first days, and the old rarely by app."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the engine connects by psycopg
    first_id = 1 + (connection.scalar(text("SELECT coalesce(max(id), 0) FROM poll_ballot")) or 0)
    towns = connection.execute(text(MUNICIPALITIES_SQL), {"territory": poll.territory_id}).all()
    weights = np.array([town.population for town in towns], dtype=float)
    channel_ids = {row.code: row.id for row in connection.execute(text("SELECT code, id FROM channel"))}
    channels = [channel_ids[code] for code in CHANNEL_WEIGHTS]
    length = (poll.until - poll.opens_at) / DAY
    delays = rng.exponential(MEAN_DELAY_DAYS, votes) % length
    town_of_vote = rng.choice(len(towns), votes, p=weights / weights.sum()) if towns else np.full(votes, -1)
    band_of_vote = rng.choice(len(AGE_BANDS), votes, p=AGE_WEIGHTS)
    known = rng.random(votes) > 0.04  # noqa: PLR2004 -- of whom nobody knows age and sex
    with driver.cursor() as cursor, cursor.copy(COPY_BALLOTS) as copy:
        for vote in range(votes):
            copy.write_row(
                (
                    first_id + vote,
                    poll.id,
                    voter_hash(b"demo", poll.number, str(vote)),
                    poll.opens_at + float(delays[vote]) * DAY,
                    channels[int(rng.choice(len(channels), p=tuple(CHANNEL_WEIGHTS.values())))],
                    towns[town_of_vote[vote]].id if towns else None,
                    AGE_BANDS[band_of_vote[vote]] if known[vote] else UNKNOWN,
                    int(rng.choice((1, 2), p=(0.42, 0.58))) if known[vote] else UNKNOWN,
                )
            )
    with driver.cursor() as cursor, cursor.copy(COPY_ANSWERS) as copy:
        for written in poll.questions:
            for vote in range(votes):
                for option_id, words in _answers(written, rng):
                    copy.write_row((first_id + vote, poll.id, written.id, written.question.kind, option_id, words))


def _answers(written: WrittenQuestion, rng: np.random.Generator) -> list[tuple[int | None, str | None]]:
    """What somebody answers: options by their ids, or words."""
    kind, options = written.question.kind, written.question.options
    if kind == "open":
        return [(None, COMMENTS[int(rng.integers(len(COMMENTS)))])] if rng.random() < WORDY_SHARE else []
    weights = [weight for _option, weight in options]
    if kind == "multiple":
        return [
            (option, None) for option, weight in zip(written.options, weights, strict=True) if rng.random() < weight
        ]
    return [(written.options[int(rng.choice(len(options), p=weights))], None)]
