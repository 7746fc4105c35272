"""What the viewer is told of: their own unread notices, of open appeals that they see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from otklik.database.transactions import read_transaction, write_transaction

MAX_NOTICES = 100
"""More than so many aren't counted."""

UNREAD_SQL = """
    SELECT n.id, a.number, source.code AS source, region.code AS region, step.moment, step.after, n.shown_at,
        coalesce(topic.names->>:language, topic.name) AS topic,
        coalesce(place.names->>:language, place.name) AS territory
    FROM (
        SELECT * FROM notice WHERE read_at IS NULL AND shown_at <= now()
        ORDER BY shown_at DESC, id DESC LIMIT 3 * :most
    ) AS n
    JOIN escalation_step AS step ON step.id = n.step_id
    JOIN appeal AS a ON a.region_id = n.region_id AND a.id = n.appeal_id
    JOIN source ON source.id = a.source_id
    JOIN topic ON topic.id = a.topic_id
    JOIN territory AS region ON region.id = a.region_id
    JOIN territory AS place ON place.id = coalesce(a.municipality_id, a.region_id)
    WHERE a.closed_at IS NULL
    ORDER BY n.shown_at DESC, n.id DESC LIMIT :most"""
"""Of the newest alone: the worker marks those of closed appeals as read, so few of them are left out."""


@dataclass(frozen=True)
class Notice:
    """Of which appeal, what happened to it (`moment` and how long after), and since when it is shown."""

    id: int
    number: str
    source: str
    region: str
    moment: str
    after: timedelta
    shown_at: datetime
    topic: str
    territory: str


def unread_notices(language: str = "en", limit: int = MAX_NOTICES) -> list[Notice]:
    """The viewer's unread notices, newest first, at most so many; names in the language. Raises TooSlow, Rescoped."""
    with read_transaction() as connection:
        rows = connection.execute(text(UNREAD_SQL), {"language": language, "most": limit})
        return [Notice(**row) for row in rows.mappings()]


def mark_as_read(notice_ids: Sequence[int] | None = None) -> int:
    """Mark the viewer's notices as read, those or all that are shown; how many that was. Raises Rescoped."""
    statement = text("SELECT read_notices(:those)").bindparams(bindparam("those", type_=ARRAY(BIGINT)))
    with write_transaction() as connection:
        return int(
            connection.execute(statement, {"those": None if notice_ids is None else list(notice_ids)}).scalar_one()
        )
