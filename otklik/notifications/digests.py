"""The state of e-mail digests in the database: who is due for one, its notices, and whether it was sent."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, LiteralString
from urllib.parse import urlencode

import psycopg
from psycopg.rows import DictRow

from otklik.notifications.model import NoticeGroup

MAX_LISTED_APPEALS = 10
"""The number of appeals that a digest lists for each step; the others are counted."""

# Notices that were read, or are older than a day, are not mailed.
RECIPIENTS_SQL: LiteralString = """
    SELECT person.id, email, coalesce(tries, 0) AS tries FROM person LEFT JOIN digest ON person_id = person.id
    WHERE is_active AND email IS NOT NULL
        AND (sent_at IS NULL OR sent_at <= now() - %(every)s)
        AND (tries = 0 OR tries IS NULL OR tried_at <= now() - least(interval '1 minute' * 2 ^ tries, '1 hour'))
        AND EXISTS (
            SELECT FROM notice AS n WHERE n.person_id = person.id AND read_at IS NULL AND mailed_at IS NULL
                AND shown_at > now() - interval '1 day' AND shown_at <= now())
    ORDER BY tries NULLS FIRST, person.id LIMIT 20"""
UNREAD_NOTICES_SQL: LiteralString = """
    SELECT n.id, a.number, source.code AS source, region.code AS region, step.code AS step, step.moment, step.after
    FROM person
    JOIN notice AS n ON n.person_id = person.id AND read_at IS NULL AND mailed_at IS NULL
        AND shown_at > now() - interval '1 day' AND shown_at <= now()
    JOIN escalation_step AS step ON step.id = n.step_id
    JOIN appeal AS a ON a.region_id = n.region_id AND a.id = n.appeal_id AND a.closed_at IS NULL
        AND (everywhere OR a.region_id = ANY (sees) OR a.municipality_id = ANY (sees))
    JOIN source ON source.id = a.source_id
    JOIN territory AS region ON region.id = a.region_id
    WHERE person.id = %(id)s
    ORDER BY array_position(ARRAY['deadline', 'risk', 'transfer'], moment), step.after DESC, a.deadline_at, n.id"""
RECORD_SENT_SQL: LiteralString = """
    WITH mailed AS (UPDATE notice SET mailed_at = now() WHERE id = ANY (%(ids)s))
    INSERT INTO digest (person_id, sent_at) VALUES (%(id)s, now())
    ON CONFLICT (person_id) DO UPDATE SET sent_at = now(), tries = 0, tried_at = NULL, error = NULL"""
RECORD_FAILED_SQL: LiteralString = """
    INSERT INTO digest (person_id, tries, tried_at, error) VALUES (%(id)s, 1, now(), %(error)s)
    ON CONFLICT (person_id) DO UPDATE SET tries = least(digest.tries + 1, 20), tried_at = now(), error = %(error)s"""

Connection = psycopg.Connection[DictRow]


def try_lock(connection: Connection) -> bool:
    """Take the lock that lets one process at a time send; False while another one has it."""
    row = connection.execute("SELECT pg_try_advisory_lock(hashtext('otklik mail')) AS mine").fetchone()
    return bool(row and row["mine"])


def due_recipients(connection: Connection, interval: timedelta) -> list[DictRow]:
    """At most 20 people with unread notices and no digest within the interval, those without failed tries first.

    A row has id, email and tries. A failed digest is due again after 2, 4, 8 … minutes, at most an hour.
    """
    return connection.execute(RECIPIENTS_SQL, {"every": interval}).fetchall()


def unread_notices(connection: Connection, person_id: int) -> list[DictRow]:
    """The person's unread notices of the last day that weren't mailed, the most urgent step first.

    A row has id, number, source, region, step, moment and after. Notices of closed appeals, and of appeals outside the
    person's territories, are left out.
    """
    return connection.execute(UNREAD_NOTICES_SQL, {"id": person_id}).fetchall()


def record_sent(connection: Connection, person_id: int, notice_ids: Sequence[int]) -> None:
    """Record that the mail server took a digest with these notices."""
    connection.execute(RECORD_SENT_SQL, {"id": person_id, "ids": list(notice_ids)})


def record_failed(connection: Connection, person_id: int, error: str) -> None:
    """Record that a digest could not be sent, and why."""
    connection.execute(RECORD_FAILED_SQL, {"id": person_id, "error": error})


def notice_groups(notices: Sequence[DictRow], public_url: str) -> list[NoticeGroup]:
    """Rows of `unread_notices` grouped by step, in their order."""
    notices_by_step: dict[str, list[DictRow]] = {}
    for notice in notices:
        notices_by_step.setdefault(notice["step"], []).append(notice)
    return [
        NoticeGroup(
            step_notices[0]["moment"],
            step_notices[0]["after"],
            len(step_notices),
            {notice["number"]: _appeal_url(public_url, notice) for notice in step_notices[:MAX_LISTED_APPEALS]},
        )
        for step_notices in notices_by_step.values()
    ]


def _appeal_url(public_url: str, notice: dict[str, Any]) -> str:
    if not public_url:
        return ""
    return f"{public_url}/appeal?" + urlencode({name: notice[name] for name in ("number", "source", "region")})
