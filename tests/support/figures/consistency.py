"""Whether appeals, their history, what people were told, the cubes and the audit tell one story."""

from collections.abc import Iterator
from uuid import UUID

import psycopg

from otklik.actions.bulk import ActionResult
from otklik.database.access.audit import verify_audit as audit_verify
from otklik.database.cubes.rollups import cube_differences, fold_cubes

# Each query finds what shouldn't be; the sentence says what that is.
INCONSISTENCIES = {
    "appeals whose history doesn't lead from holder to holder": """
        SELECT appeal_id FROM (
            SELECT appeal_id, before->>'holder' AS was,
                lag(after->>'holder') OVER (PARTITION BY region_id, appeal_id ORDER BY at, id) AS became
            FROM event WHERE kind IN ('redirected', 'undone')
        ) AS told WHERE became IS NOT NULL AND was IS DISTINCT FROM became""",
    "appeals that aren't with whom their history says last": """
        SELECT a.id FROM appeal AS a JOIN organisation AS o ON o.id = holder_id
        JOIN LATERAL (
            SELECT after->>'holder' AS holder FROM event AS e WHERE (e.region_id, e.appeal_id) = (a.region_id, a.id)
            ORDER BY at DESC, e.id DESC LIMIT 1
        ) AS last ON true WHERE last.holder <> o.code""",
    "appeals that moved without a line of history": """
        SELECT a.id FROM appeal AS a WHERE holder_id <> first_holder_id AND NOT EXISTS (
            SELECT FROM event AS e WHERE (e.region_id, e.appeal_id) = (a.region_id, a.id))""",
    "appeals whose version isn't that of their last operation": """
        SELECT a.id FROM appeal AS a JOIN (
            SELECT region_id, appeal_id, max(version) AS version FROM operation_row GROUP BY region_id, appeal_id
        ) AS last ON (last.region_id, last.appeal_id) = (a.region_id, a.id) WHERE last.version <> a.updated_at""",
    "operations that were done twice or without a line of history": """
        SELECT r.operation FROM operation_row AS r LEFT JOIN event AS e
            ON (e.region_id, e.appeal_id, e.at) = (r.region_id, r.appeal_id, r.version)
        WHERE r.refused IS NULL GROUP BY r.operation, r.appeal_id HAVING count(e.id) <> 1""",
    "lines of history without an operation": """
        SELECT e.id FROM event AS e WHERE NOT EXISTS (
            SELECT FROM operation_row AS r
            WHERE (e.region_id, e.appeal_id, e.at) = (r.region_id, r.appeal_id, r.version) AND refused IS NULL)""",
    "operations without an entry in the audit, or with another number": """
        SELECT o.key FROM operation AS o
        LEFT JOIN audit ON object = 'operation ' || o.key
        LEFT JOIN (
            SELECT operation, count(*) FILTER (WHERE refused IS NULL) AS done FROM operation_row GROUP BY operation
        ) AS counted ON counted.operation = o.key
        GROUP BY o.key, done
        HAVING count(audit.id) <> 1 OR max((audit.after->>'done')::integer) IS DISTINCT FROM done""",
    "numbers that two appeals have": "SELECT number FROM appeal GROUP BY number HAVING count(*) > 1",
}


def disagreements(url: str, results_by_operation: dict[UUID, list[ActionResult]], appeals: int) -> list[str]:
    """A line for each thing that disagrees; `told` is what people were answered, by the key of their operation."""
    return [
        *_database_disagreements(url, appeals),
        *_result_disagreements(url, results_by_operation),
        *_cube_disagreements(url),
        *_audit_disagreements(url),
    ]


def _database_disagreements(url: str, appeals: int) -> Iterator[str]:
    with psycopg.connect(url) as connection:
        for description, query in INCONSISTENCIES.items():
            if rows := connection.execute(query).fetchall():
                yield f"{len(rows)} {description}: {rows[:5]}"
        row = connection.execute("SELECT count(*) FROM appeal").fetchone()
        if row != (appeals,):
            yield f"{row} appeals instead of {appeals}"


def _result_disagreements(url: str, results_by_operation: dict[UUID, list[ActionResult]]) -> Iterator[str]:
    reported = {
        (key, row.region_id, row.id, row.refusal_code) for key, rows in results_by_operation.items() for row in rows
    }
    with psycopg.connect(url) as connection:
        stored = set(
            connection.execute("SELECT operation, region_id, appeal_id, refused FROM operation_row").fetchall()
        )
    if lost := reported - stored:
        yield f"{len(lost)} rows that somebody was told of are lost"
    if unreported := stored - reported:
        yield f"{len(unreported)} rows that nobody was told of"


def _cube_disagreements(url: str) -> Iterator[str]:
    if cells := list(cube_differences(url)):
        yield f"{len(cells)} cells of cubes differ: {cells[:3]}"
    fold_cubes(url)
    if cells := list(cube_differences(url)):
        yield f"{len(cells)} cells of cubes differ once they are folded: {cells[:3]}"


def _audit_disagreements(url: str) -> Iterator[str]:
    verification = audit_verify(url)
    if verification.broken_at is not None:
        yield f"the audit breaks at {verification.broken_at}: {verification.reason}"
