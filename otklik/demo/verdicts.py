"""Verdicts of the demo: of a fifth of the answers applicants say whether the matter was resolved.

Which ones, and what they say, follows from the seed and the appeal's id: equal seeds give equal rows.
"""

from datetime import datetime

from sqlalchemy import Connection, text

VERDICT_PERCENT = 20
# Thresholds of a hundred: below the first "no", below the second "partly", else "yes". By official outcome and rating.
WRITE_SQL = """
    WITH dice AS (
        SELECT a.region_id, a.id, a.closed_at, a.outcome_id, a.rating, outcome.resolved AS is_resolved,
            CASE WHEN a.rating IS NOT NULL AND (a.reopened = 0 OR a.rated_at >= a.closed_at) THEN a.rated_at
                ELSE a.closed_at + (1 + draw.of_hours % 72) * interval '1 hour' END AS given_at,
            draw.of_verdict % 100 AS said
        FROM appeal AS a
        JOIN status ON status.id = a.status_id AND status.code = 'answered'
        JOIN outcome ON outcome.id = a.outcome_id
        CROSS JOIN LATERAL (
            SELECT (hashint8extended(a.id, :seed) & 1048575) AS of_appeal,
                (hashint8extended(a.id, :seed + 1) & 1048575) AS of_verdict,
                (hashint8extended(a.id, :seed + 2) & 1048575) AS of_hours
        ) AS draw
        WHERE draw.of_appeal % 100 < :percent
    ), given AS (
        INSERT INTO verdict (region_id, appeal_id, answered_at, given_at, resolved, outcome_id)
        SELECT region_id, id, closed_at, given_at,
            CASE WHEN said < bound.no THEN 'no' WHEN said < bound.partly THEN 'partly' ELSE 'yes' END, outcome_id
        FROM dice CROSS JOIN LATERAL (
            SELECT CASE WHEN rating <= 2 THEN 70 WHEN rating >= 4 THEN 4 WHEN is_resolved THEN 13 ELSE 55 END AS no,
                CASE WHEN rating <= 2 THEN 90 WHEN rating >= 4 THEN 12 WHEN is_resolved THEN 25 ELSE 80 END AS partly
        ) AS bound
        WHERE given_at >= closed_at AND given_at <= :now
        RETURNING region_id, appeal_id, given_at, resolved
    )
    INSERT INTO event (region_id, appeal_id, at, kind, actor, after)
    SELECT region_id, appeal_id, given_at, 'rated', 'applicant', jsonb_build_object('verdict', resolved) FROM given
    ORDER BY given_at, appeal_id"""


def write_demo_verdicts(connection: Connection, seed: int, now: datetime) -> None:
    """Write verdicts on the demo's answers, given until now, and their entries in the history."""
    connection.execute(text(WRITE_SQL), {"seed": seed, "percent": VERDICT_PERCENT, "now": now})
