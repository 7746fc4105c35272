"""The viewer's own unread notices: of open appeals, surges, overdue remedies, and silent data sources."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from otklik.database.transactions import read_transaction, write_transaction
from otklik.notifications.model import (
    MAX_COUNTED,
    Notice,
    RemedyNotice,
    SourceNotice,
    SurgeKey,
    SurgeNotice,
    UnreadNotices,
)

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

UNREAD_SURGES_SQL = """
    SELECT n.territory_id, n.topic_id, n.day, n.window_days, n.observed, n.usual_low, n.usual_high,
        n.shown_at >= :since AS is_new, place.code AS territory_code, topic.code AS topic_code,
        coalesce(place.names->>:language, place.name) AS territory,
        coalesce(topic.names->>:language, topic.name) AS topic
    FROM surge_notice AS n
    JOIN territory AS place ON place.id = n.territory_id
    JOIN topic ON topic.id = n.topic_id
    ORDER BY n.shown_at DESC, n.observed DESC, n.territory_id, n.topic_id"""
UNREAD_REMEDIES_SQL = """
    SELECT n.id, n.problem_id, n.title, coalesce(place.names->>:language, place.name) AS territory, n.due
    FROM remedy_notice AS n
    JOIN territory AS place ON place.id = n.territory_id
    ORDER BY n.due, n.id"""
# Of administrators alone: nobody else sees a data source.
UNREAD_SOURCES_SQL = "SELECT id, name, since, is_unreadable FROM data_source_notice ORDER BY since, id"
READ_ALL_SOURCES_SQL = "SELECT read_data_sources(NULL)"
READ_ALL_REMEDIES_SQL = "SELECT coalesce(read_remedies(array_agg(id)), 0) FROM remedy_notice"
READ_ALL_SURGES_SQL = """
    SELECT coalesce(read_surges(array_agg(territory_id), array_agg(topic_id), array_agg(day)), 0) FROM surge_notice"""
READ_ALL_SQL = READ_ALL_SURGES_SQL, READ_ALL_REMEDIES_SQL, READ_ALL_SOURCES_SQL
READ_SURGE_SQL = "SELECT read_surges(ARRAY[:territory_id], ARRAY[:topic_id], ARRAY[CAST(:day AS date)])"


def unread_notices(since: datetime, language: str = "en", limit: int = 6) -> UnreadNotices:
    """The viewer's unread notices, at most `MAX_COUNTED` of appeals; `limit` new ones of each kind.

    New are those of appeals that crossed a step at `since` or later, and of surges shown since; those of overdue
    remedies and silent data sources are new until they are read. Topics and territories are named in the language.
    Raises QueryTimeout, ScopeChanged.
    """
    values = {"language": language, "most": MAX_COUNTED, "listed": limit, "since": since}
    with read_transaction() as connection:
        rows = [dict(row) for row in connection.execute(text(UNREAD_SQL), values).mappings()]
        surge_rows = [dict(row) for row in connection.execute(text(UNREAD_SURGES_SQL), values).mappings()]
        remedies = [RemedyNotice(**row) for row in connection.execute(text(UNREAD_REMEDIES_SQL), values).mappings()]
        sources = [SourceNotice(**row) for row in connection.execute(text(UNREAD_SOURCES_SQL)).mappings()]
    counts = [(row.pop("new_count"), row.pop("backlog_count")) for row in rows]
    new_surges = tuple(_surge_notice(row) for row in surge_rows if row.pop("is_new"))
    return UnreadNotices(
        [Notice(**row) for row in rows if row["id"] is not None],
        counts[0][0] + len(new_surges) + len(remedies) + len(sources),
        counts[0][1] + len(surge_rows) - len(new_surges),
        new_surges[:limit],
        tuple(remedies[:limit]),
        tuple(sources[:limit]),
    )


def mark_as_read(notice_ids: Sequence[int] | None = None) -> int:
    """Mark these notices of the viewer as read, or all that are shown, of every kind; how many it marked.

    Raises ScopeChanged.
    """
    statement = text("SELECT read_notices(:those)").bindparams(bindparam("those", type_=ARRAY(BIGINT)))
    with write_transaction() as connection:
        marked = connection.execute(statement, {"those": None if notice_ids is None else list(notice_ids)}).scalar_one()
        if notice_ids is None:
            marked += sum(connection.execute(text(sql)).scalar_one() for sql in READ_ALL_SQL)
    return int(marked)


def mark_remedy_as_read(remedy_id: int) -> int:
    """Mark the notice of an overdue remedy as read for the viewer; returns 0 where it was. Raises ScopeChanged."""
    with write_transaction() as connection:
        return int(connection.execute(text("SELECT read_remedies(ARRAY[:id])"), {"id": remedy_id}).scalar_one())


def mark_source_as_read(source_id: int) -> int:
    """Mark the notice of a silent data source as read for the viewer; returns 0 where it was. Raises ScopeChanged."""
    with write_transaction() as connection:
        return int(connection.execute(text("SELECT read_data_sources(ARRAY[:id])"), {"id": source_id}).scalar_one())


def mark_surge_as_read(key: SurgeKey) -> int:
    """Mark the notice of a surge as read for the viewer; returns 0 where it was. Raises ScopeChanged."""
    with write_transaction() as connection:
        return int(connection.execute(text(READ_SURGE_SQL), key._asdict()).scalar_one())


def _surge_notice(row: dict[str, Any]) -> SurgeNotice:
    return SurgeNotice(SurgeKey(*(row.pop(name) for name in SurgeKey._fields)), **row)
