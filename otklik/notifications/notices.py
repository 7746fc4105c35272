"""The viewer's own unread notices, of open appeals in their territories."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from otklik.database.transactions import read_transaction, write_transaction
from otklik.notifications.model import MAX_COUNTED, Notice, UnreadNotices

# Of closed appeals the worker marks notices as read. A step may be crossed long before its notice is written: an import
# brings appeals that were late before.
UNREAD_SQL = """
    WITH unread AS MATERIALIZED (
        SELECT n.id, a.number, a.source_id, a.topic_id, a.region_id, a.municipality_id, step.moment, step.after,
            n.shown_at, n.moment_at + step.after >= :since AS is_new
        FROM notice AS n
        JOIN escalation_step AS step ON step.id = n.step_id
        JOIN appeal AS a ON a.region_id = n.region_id AND a.id = n.appeal_id
        WHERE n.read_at IS NULL AND n.shown_at <= now() AND a.closed_at IS NULL
        ORDER BY n.shown_at DESC, n.id DESC LIMIT :most
    ), counted AS (
        SELECT count(*) FILTER (WHERE is_new) AS new_count, count(*) FILTER (WHERE NOT is_new) AS backlog_count
        FROM unread
    )
    SELECT counted.new_count, counted.backlog_count, n.id, n.number, source.code AS source, region.code AS region,
        n.moment, n.after, n.shown_at,
        coalesce(topic.names->>:language, topic.name) AS topic,
        coalesce(place.names->>:language, place.name) AS territory
    FROM counted
    LEFT JOIN (SELECT * FROM unread WHERE is_new ORDER BY shown_at DESC, id DESC LIMIT :listed) AS n ON true
    LEFT JOIN source ON source.id = n.source_id
    LEFT JOIN topic ON topic.id = n.topic_id
    LEFT JOIN territory AS region ON region.id = n.region_id
    LEFT JOIN territory AS place ON place.id = coalesce(n.municipality_id, n.region_id)
    ORDER BY n.shown_at DESC, n.id DESC"""


def unread_notices(since: datetime, language: str = "en", limit: int = 6) -> UnreadNotices:
    """The viewer's unread notices, at most `MAX_COUNTED`, `limit` of the new ones with their appeals.

    New are those of appeals that crossed a step at `since` or later. Topics and territories are named in the language.
    Raises QueryTimeout, ScopeChanged.
    """
    values = {"language": language, "most": MAX_COUNTED, "listed": limit, "since": since}
    with read_transaction() as connection:
        rows = [dict(row) for row in connection.execute(text(UNREAD_SQL), values).mappings()]
    counts = [(row.pop("new_count"), row.pop("backlog_count")) for row in rows]
    return UnreadNotices([Notice(**row) for row in rows if row["id"] is not None], *counts[0])


def mark_as_read(notice_ids: Sequence[int] | None = None) -> int:
    """Mark these notices of the viewer as read, or all that are shown; returns how many it marked.

    Raises ScopeChanged.
    """
    statement = text("SELECT read_notices(:those)").bindparams(bindparam("those", type_=ARRAY(BIGINT)))
    with write_transaction() as connection:
        return int(
            connection.execute(statement, {"those": None if notice_ids is None else list(notice_ids)}).scalar_one()
        )
