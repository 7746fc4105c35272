"""Discussions of the demo: twenty-five over its year, with threads, late answers and comments that await moderation.

They are drawn from a generator of their own: whatever else the demo has stays as it is.
"""

from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import Connection, text

from otklik.demo.discussion_comments import write_comments
from otklik.demo.discussion_people import WrittenDiscussion
from otklik.demo.discussion_texts import DEMO_DISCUSSIONS, MODERATOR, TERRITORIES, DemoDiscussion

ANNOUNCED_DAYS = (4, 11)
"""In so many days the discussions that are announced open."""
COLLECTING_DAYS = (2, 5, 8, 11, 14, 17, 20, 23)
"""In so many days those that collect comments close."""
SUMMING_UP_DAYS = (2, 6, 12)
"""So many days ago those closed that aren't decided yet."""
DECIDED = 12
LENGTH_DAYS, NOTICE_DAYS, ANSWER_DAYS = 28, 14, 7
"""How long a discussion collects comments, how long before it is announced, and within how many days it answers."""
PARTICIPANTS = 200
"""About the mean participants of a discussion in a demo of `FULL_APPEALS` appeals; less in smaller ones."""
FULL_APPEALS = 60_000
MIN_SCALE = 0.4
DAY = timedelta(days=1)
NUMBER_PREFIX = "demo-"
DISCUSSION_SQL = """
    INSERT INTO discussion (number, title, description, territory_id, topic_id, organisation_id, moderator, answer_days,
        opens_at, closes_at, published_at)
    SELECT :number, replace(:title, '{place}', coalesce(t.names->>'ru', t.name)), :description, t.id, topic.id,
        (SELECT o.id FROM organisation AS o WHERE o.territory_id = t.id ORDER BY o.code LIMIT 1), :moderator,
        :answer_days, '-infinity', 'infinity', '-infinity'
    FROM territory AS t, topic WHERE t.code = :territory AND topic.code = :topic
    RETURNING id, territory_id,
        (SELECT timezone FROM territory WHERE territory.id = discussion.territory_id) AS timezone"""
# Comments are written while a discussion is open: it gets its days after them.
PERIOD_SQL = """
    UPDATE discussion SET opens_at = :opens_at, closes_at = :closes_at, published_at = :published_at,
        decided_at = :decided_at, decision = :decision, outcome = :outcome
    WHERE id = :id"""
LINK_SQL = """
    INSERT INTO discussion_problem (discussion_id, problem_id)
    SELECT d.id, p.id FROM discussion AS d JOIN topic AS subject ON subject.id = d.topic_id
    JOIN problem AS p ON p.territory_id = d.territory_id JOIN topic ON topic.id = p.topic_id
    WHERE d.id = :id AND split_part(topic.code, '.', 1) = split_part(subject.code, '.', 1)"""
DEMO_DISCUSSIONS_SQL = f"SELECT id FROM discussion WHERE number LIKE '{NUMBER_PREFIX}%'"  # noqa: S608 - own words


def write_demo_discussions(connection: Connection, seed: int, as_of: date, now: datetime, appeals: int) -> int:
    """Write the discussions whose territory and topic are there, with what is said in them; returns how many."""
    rng = np.random.default_rng([seed, as_of.toordinal(), 36])
    scale = min(1.0, max(MIN_SCALE, appeals / FULL_APPEALS))
    written = 0
    for position, (closes_at, decided_at) in enumerate(_periods(now, rng)):
        demo = DEMO_DISCUSSIONS[position % len(DEMO_DISCUSSIONS)]
        territory = TERRITORIES[0] if position == DECIDED else TERRITORIES[int(rng.integers(len(TERRITORIES)))]
        number = f"{NUMBER_PREFIX}{position + 1}"
        row = connection.execute(
            text(DISCUSSION_SQL),
            {
                "number": number,
                "title": demo.title,
                "description": demo.description,
                "moderator": MODERATOR,
                "answer_days": ANSWER_DAYS,
                "territory": territory,
                "topic": demo.topic,
            },
        ).first()
        if row is None:
            continue
        opens_at = closes_at - LENGTH_DAYS * DAY
        if opens_at < now:
            share = (min(closes_at, now) - opens_at) / (closes_at - opens_at)
            participants = max(int(PARTICIPANTS * scale * share * rng.lognormal(0, 0.2)), 12)
            discussion = WrittenDiscussion(
                row.id, number, row.territory_id, row.timezone, opens_at, min(closes_at, now), ANSWER_DAYS
            )
            write_comments(connection, discussion, demo, participants, now, rng, is_decided=decided_at is not None)
        connection.execute(text(PERIOD_SQL), _period_values(row.id, demo, opens_at, closes_at, decided_at, now))
        connection.execute(text(LINK_SQL), {"id": row.id})
        written += 1
    return written


def remove_demo_discussions(connection: Connection) -> None:
    """Remove the demo's discussions with all that is said in them, and its counts."""
    # A closed discussion keeps its reactions, and its log, for everybody but the one who removes what never happened.
    connection.execute(text("ALTER TABLE discussion_event DISABLE TRIGGER discussion_events_are_append_only"))
    connection.execute(text("ALTER TABLE comment_reaction DISABLE TRIGGER only_while_open_removed"))
    for table in ("discussion_event", "discussion_problem", "comment_reaction"):
        connection.execute(text(f"DELETE FROM {table} WHERE discussion_id IN ({DEMO_DISCUSSIONS_SQL})"))  # noqa: S608
    # A reply refers to the comment above it: all go in one statement.
    for table in ("discussion_comment", "discussion_participant"):
        connection.execute(text(f"DELETE FROM {table} WHERE discussion_id IN ({DEMO_DISCUSSIONS_SQL})"))  # noqa: S608
    connection.execute(text("ALTER TABLE comment_reaction ENABLE TRIGGER only_while_open_removed"))
    connection.execute(text("ALTER TABLE discussion_event ENABLE TRIGGER discussion_events_are_append_only"))
    for cube in ("discussion_activity", "discussion_reactions"):
        for part in ("fresh", "folded"):
            statement = f"DELETE FROM {cube}_{part} WHERE discussion_id IN ({DEMO_DISCUSSIONS_SQL})"  # noqa: S608
            connection.execute(text(statement))
    connection.execute(text(f"DELETE FROM discussion WHERE id IN ({DEMO_DISCUSSIONS_SQL})"))  # noqa: S608 - own words


def _periods(now: datetime, rng: np.random.Generator) -> list[tuple[datetime, datetime | None]]:
    """When each discussion closes for comments, and when it was decided, if it is."""
    decided = [now - float(days) * DAY for days in sorted(rng.uniform(20, 320, DECIDED), reverse=True)]
    periods: list[tuple[datetime, datetime | None]] = [(end, end + float(rng.uniform(5, 18)) * DAY) for end in decided]
    periods += [(now + days * DAY, None) for days in COLLECTING_DAYS]
    periods += [(now - days * DAY, None) for days in SUMMING_UP_DAYS]
    return periods + [(now + (days + LENGTH_DAYS) * DAY, None) for days in ANNOUNCED_DAYS]


def _period_values(
    discussion_id: int,
    demo: DemoDiscussion,
    opens_at: datetime,
    closes_at: datetime,
    decided_at: datetime | None,
    now: datetime,
) -> dict[str, object]:
    """The dates of a discussion, and what was decided; what came of it is known of those decided a while ago."""
    has_outcome = decided_at is not None and decided_at < now - 60 * DAY
    return {
        "id": discussion_id,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "published_at": opens_at - NOTICE_DAYS * DAY,
        "decided_at": decided_at,
        "decision": demo.decision if decided_at else None,
        "outcome": demo.outcome if has_outcome else None,
    }
