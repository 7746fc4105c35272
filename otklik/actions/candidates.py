"""Organisations that may take the selected appeals, with their workload, the best suited first."""

from collections.abc import Sequence

from sqlalchemy import text

from otklik.actions.model import AppealVersion, HolderCandidate
from otklik.actions.operations import ACTION_TIMEOUT_SECONDS
from otklik.database.transactions import read_transaction

PACE_DAYS = 28
"""Days over which the appeals that an organisation closed a day are averaged."""
TOPIC_DAYS = 90
"""Days over which closed appeals on the selected appeals' topics are counted."""
NEARLY_ALL_SHARE = 0.8
"""Organisations that may take at least this share of what the most capable one may take are ranked as equals."""


def holder_candidates(appeals: Sequence[AppealVersion], language: str = "en") -> list[HolderCandidate]:
    """One row an organisation that the viewer may give at least one of the appeals to, the best suited first.

    Those that may take nearly all of the appeals come first; among these, those that have closed appeals on the same
    topics and in the same regions lately come before the others, then those that would clear their workload soonest.
    Names are in the language.
    """
    keys = {"regions": [appeal.region_id for appeal in appeals], "ids": [appeal.id for appeal in appeals]}
    with read_transaction(ACTION_TIMEOUT_SECONDS) as connection:
        rows = connection.execute(
            text(CANDIDATES_SQL), {**keys, "language": language, "lately": PACE_DAYS, "days": TOPIC_DAYS}
        )
        holders = [HolderCandidate(*row) for row in rows]
    max_takes = max((candidate.takes_count for candidate in holders), default=0)

    def sort_key(candidate: HolderCandidate) -> tuple[object, ...]:
        takes_few = candidate.takes_count < NEARLY_ALL_SHARE * max_takes
        days_to_clear = candidate.days_to_clear
        return (
            takes_few,
            -candidate.takes_count if takes_few else 0,
            not candidate.answered,
            days_to_clear is None,
            days_to_clear or 0,
            candidate.name,
        )

    return sorted(holders, key=sort_key)


CANDIDATES_SQL = """
    WITH chosen AS MATERIALIZED (
        SELECT a.region_id, a.id, coalesce(a.municipality_id, a.region_id) AS place_id, a.topic_id, a.holder_id
        FROM appeal AS a WHERE (a.region_id, a.id) IN (
            SELECT * FROM unnest(CAST(:regions AS integer[]), CAST(:ids AS bigint[])))
    ), sight AS MATERIALIZED (
        SELECT sees_everything() AS everything, visible_territories() AS places
    ), regions AS MATERIALIZED (
        SELECT id FROM territory, sight WHERE level = 'region' AND (sight.everything OR id = ANY (sight.places))
    ), places AS (
        SELECT place_id, count(*) AS appeals FROM chosen GROUP BY place_id
    ), takers AS MATERIALIZED (
        SELECT o.id, sum(p.appeals) - (SELECT count(*) FROM chosen AS c WHERE c.holder_id = o.id) AS takes
        FROM organisation AS o CROSS JOIN sight
        JOIN territory_above AS above ON above.above_id = o.territory_id
        JOIN places AS p ON p.place_id = above.territory_id
        WHERE sight.everything OR o.territory_id = ANY (sight.places)
        GROUP BY o.id
    ), topics AS MATERIALIZED (
        SELECT region_id, topic_id FROM chosen GROUP BY region_id, topic_id ORDER BY count(*) DESC, topic_id LIMIT 5
    ), answers AS (
        SELECT a.holder_id, count(*) AS answered
        FROM topics JOIN appeal AS a ON a.region_id = topics.region_id AND a.topic_id = topics.topic_id
        WHERE a.received_at > now() - make_interval(days => :days) AND a.closed_at IS NOT NULL
        GROUP BY a.holder_id
    ), loads AS (
        SELECT holder_id, sum(appeals) AS open, sum(appeals) FILTER (WHERE deadline_day < current_date) AS overdue
        FROM open_holder WHERE territory_id IN (SELECT id FROM regions) AND holder_id IN (SELECT id FROM takers)
        GROUP BY holder_id
    ), paces AS (
        SELECT holder_id, sum(closed) AS closed FROM cube_holder
        WHERE territory_id IN (SELECT id FROM regions) AND holder_id IN (SELECT id FROM takers)
            AND day >= current_date - CAST(:lately AS integer) AND day < current_date
        GROUP BY holder_id
    )
    SELECT o.code, coalesce(o.names->>:language, o.names->>'en', o.name),
        coalesce(t.names->>:language, t.names->>'en', t.name), CAST(takers.takes AS bigint), coalesce(answered, 0),
        coalesce(loads.open, 0), coalesce(loads.overdue, 0),
        CAST(coalesce(paces.closed, 0) AS double precision) / :lately
    FROM takers JOIN organisation AS o ON o.id = takers.id JOIN territory AS t ON t.id = o.territory_id
    LEFT JOIN answers ON answers.holder_id = o.id
    LEFT JOIN loads ON loads.holder_id = o.id
    LEFT JOIN paces ON paces.holder_id = o.id
    WHERE takers.takes > 0"""
