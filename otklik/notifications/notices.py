"""The viewer's own unread notices, of open appeals in their territories."""

from collections.abc import Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from otklik.database.transactions import read_transaction, write_transaction
from otklik.notifications.model import MAX_NOTICES, Notice

# The inner limit keeps the index scan short: the worker marks notices of closed appeals as read, so that among the
# newest three times as many nearly always enough are of open ones.
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


def unread_notices(language: str = "en", limit: int = MAX_NOTICES) -> list[Notice]:
    """The viewer's unread notices, newest first, at most `limit`; topics and territories are named in the language.

    Raises QueryTimeout, ScopeChanged.
    """
    with read_transaction() as connection:
        rows = connection.execute(text(UNREAD_SQL), {"language": language, "most": limit})
        return [Notice(**row) for row in rows.mappings()]


def mark_as_read(notice_ids: Sequence[int] | None = None) -> int:
    """Mark these notices of the viewer as read, or all that are shown; returns how many it marked.

    Raises ScopeChanged.
    """
    statement = text("SELECT read_notices(:those)").bindparams(bindparam("those", type_=ARRAY(BIGINT)))
    with write_transaction() as connection:
        return int(
            connection.execute(statement, {"those": None if notice_ids is None else list(notice_ids)}).scalar_one()
        )
