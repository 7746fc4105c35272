"""Polls of the demo: forty over its year, some of which run, one closing on the next day far from its quorum.

They are drawn from a generator of their own: whatever else the demo has stays as it is.
"""

from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection, text

from otklik.demo.poll_manipulation import plant_votes
from otklik.demo.poll_texts import DEMO_POLLS, TERRITORIES, DemoPoll
from otklik.demo.poll_votes import WrittenPoll, WrittenQuestion, write_votes

POLLS = 40
UPCOMING_DAYS = (3, 9, 16)
"""In so many days the polls to come open."""
RUNNING_DAYS = (1, 4, 6, 9, 12, 15, 18)
"""In so many days those that run close; the first one is far from its quorum."""
MANIPULATED = POLLS - len(RUNNING_DAYS) - len(UPCOMING_DAYS) - 1
"""The position of the poll into which votes of a program are planted: the last one that has closed, in Surgut."""
NIGHT_DAYS_BEFORE_CLOSING = 6
MANIPULATED_VOTES = 900
"""Of it in a demo of `FULL_APPEALS` appeals, before these."""
LENGTH_DAYS, NOTICE_DAYS = 21, 30
"""How long a poll runs, and how long before it is published."""
VOTES = 300
"""About the mean votes of a poll in a demo of `FULL_APPEALS` appeals; less in smaller ones, at least a twentieth."""
FULL_APPEALS = 60_000
MIN_SCALE = 0.05
DAY = timedelta(days=1)
NUMBER_PREFIX = "demo-"
POLL_SQL = """
    INSERT INTO poll (number, title, description, territory_id, topic_id, audience, opens_at, closes_at, published_at,
        eligible, quorum_votes)
    SELECT :number, replace(:title, '{place}', coalesce(t.names->>'ru', t.name)), :description, t.id, topic.id,
        'Жители от 14 лет', '-infinity', 'infinity', '-infinity', greatest((t.population * 0.8)::integer, 1), :quorum
    FROM territory AS t, topic WHERE t.code = :territory AND topic.code = :topic
    RETURNING id, territory_id"""
# Votes are cast while a poll is open: it gets its days after them.
PERIOD_SQL = "UPDATE poll SET opens_at = :opens_at, closes_at = :closes_at, published_at = :published_at WHERE id = :id"
QUESTION_SQL = """
    INSERT INTO poll_question (poll_id, position, kind, text) VALUES (:poll, :position, :kind, :text) RETURNING id"""
OPTION_SQL = """
    INSERT INTO poll_option (question_id, position, text, value) VALUES (:question, :position, :text, :value)
    RETURNING id"""
# By the bands of age: shares of all people of 14 and older, and of men among them, about as in Russia.
AGE_AND_MEN = (
    (14, 0.055, 0.51),
    (18, 0.085, 0.51),
    (25, 0.16, 0.5),
    (35, 0.2, 0.49),
    (45, 0.17, 0.48),
    (55, 0.15, 0.44),
    (65, 0.18, 0.34),
)
GROWN_SHARE = 0.83
"""The share of all people who are 14 or older."""
POPULATION_SQL = """
    INSERT INTO population_group (territory_id, age_band, sex, people, source)
    SELECT id, :band, sex.code, (population * :grown * :share * sex.share)::integer, 'demo'
    FROM territory, (VALUES (1, CAST(:men AS numeric)), (2, 1 - CAST(:men AS numeric))) AS sex (code, share)
    WHERE level = 'municipality' AND population > 0
    ON CONFLICT DO NOTHING"""
CUBE_TABLES = ("poll_vote_fresh", "poll_turnout_folded", "poll_channel_votes_folded", "poll_group_votes_folded")
DEMO_POLLS_SQL = f"SELECT id FROM poll WHERE number LIKE '{NUMBER_PREFIX}%'"  # noqa: S608 - own words


def write_demo_polls(connection: Connection, seed: int, now: datetime, appeals: int) -> int:
    """Write the polls whose territory and topic are there, with their votes; returns how many polls."""
    rng = np.random.default_rng([seed, 35])
    for band, share, men in AGE_AND_MEN:
        connection.execute(text(POPULATION_SQL), {"grown": GROWN_SHARE, "band": band, "share": share, "men": men})
    scale = min(1.0, max(MIN_SCALE, appeals / FULL_APPEALS))
    written = 0
    for position, (opens_at, closes_at) in enumerate(_periods(now, rng)):
        text_of_poll = DEMO_POLLS[position % len(DEMO_POLLS)]
        is_short = closes_at == now + RUNNING_DAYS[0] * DAY
        is_manipulated = position == MANIPULATED
        territory = TERRITORIES[0 if is_short else int(rng.integers(len(TERRITORIES)))]
        votes = max(int(VOTES * scale * rng.lognormal(-0.2, 0.6)), 1)
        if is_manipulated:
            territory, votes = TERRITORIES[0], int(MANIPULATED_VOTES * scale)
        quorum = votes * 3 if is_short else max(int(votes * rng.uniform(0.5, 1.3)), 1)
        number = f"{NUMBER_PREFIX}{position + 1}"
        poll = _write_poll(connection, text_of_poll, number, territory, (opens_at, min(closes_at, now)), quorum)
        if poll is None:
            continue
        if opens_at < now:
            share_cast = (min(closes_at, now) - opens_at) / (closes_at - opens_at)
            write_votes(connection, poll, max(int(votes * share_cast), 1), rng)
        if is_manipulated:
            night = (closes_at - NIGHT_DAYS_BEFORE_CLOSING * DAY).replace(hour=22, minute=10)
            plant_votes(connection, poll, votes, night, rng)
        values = {
            "id": poll.id,
            "opens_at": opens_at,
            "closes_at": closes_at,
            "published_at": opens_at - NOTICE_DAYS * DAY,
        }
        connection.execute(text(PERIOD_SQL), values)
        written += 1
    connection.execute(
        text("SELECT setval(pg_get_serial_sequence('poll_ballot', 'id'), max(id)) FROM poll_ballot HAVING max(id) > 0")
    )
    return written


def remove_demo_polls(connection: Connection) -> None:
    """Remove the demo's polls with their votes and counts, and its population by age and sex."""
    connection.execute(text("DELETE FROM population_group WHERE source = 'demo'"))
    # A closed poll keeps its votes for everybody but the one who removes what never happened.
    for table in ("poll_answer", "poll_ballot"):
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER count_removed"))
        connection.execute(text(f"DELETE FROM {table} WHERE poll_id IN ({DEMO_POLLS_SQL})"))  # noqa: S608 - own words
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER count_removed"))
    for table in CUBE_TABLES:
        connection.execute(text(f"DELETE FROM {table} WHERE poll_id IN ({DEMO_POLLS_SQL})"))  # noqa: S608 - own words
    connection.execute(
        text(
            "DELETE FROM poll_option WHERE question_id IN"  # noqa: S608 - own words
            f" (SELECT id FROM poll_question WHERE poll_id IN ({DEMO_POLLS_SQL}))"
        )
    )
    connection.execute(text(f"DELETE FROM poll_question WHERE poll_id IN ({DEMO_POLLS_SQL})"))  # noqa: S608 - own words
    connection.execute(text(f"DELETE FROM poll WHERE id IN ({DEMO_POLLS_SQL})"))  # noqa: S608 - own words


def _periods(now: datetime, rng: np.random.Generator) -> list[tuple[datetime, datetime]]:
    """When each poll opens and closes: those that closed within the year, those that run, and those to come."""
    closed = POLLS - len(RUNNING_DAYS) - len(UPCOMING_DAYS)
    ends = [now - float(days) * DAY for days in sorted(rng.uniform(1, 340, closed), reverse=True)]
    ends += [now + days * DAY for days in RUNNING_DAYS]
    ends += [now + (days + LENGTH_DAYS) * DAY for days in UPCOMING_DAYS]
    return [(end - LENGTH_DAYS * DAY, end) for end in ends]


def _write_poll(
    connection: Connection,
    poll: DemoPoll,
    number: str,
    territory: str,
    cast_between: tuple[datetime, datetime],
    quorum: int,
) -> WrittenPoll | None:
    values = {**poll._asdict(), "number": number, "territory": territory, "quorum": quorum}
    row = connection.execute(text(POLL_SQL), values).first()
    if row is None:
        return None
    questions = []
    for position, question in enumerate(poll.questions, 1):
        values = {"poll": row.id, "position": position, "kind": question.kind, "text": question.text}
        question_id = connection.execute(text(QUESTION_SQL), values).scalar_one()
        options = [
            connection.execute(
                text(OPTION_SQL),
                {
                    "question": question_id,
                    "position": place,
                    "text": option,
                    "value": place if question.kind == "scale" else None,
                },
            ).scalar_one()
            for place, (option, _weight) in enumerate(question.options, 1)
        ]
        questions.append(WrittenQuestion(question_id, question, options))
    return WrittenPoll(row.id, number, row.territory_id, *cast_between, questions)
