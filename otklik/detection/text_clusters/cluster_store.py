"""Clusters of similar texts as they are stored: once, with what was known."""

from datetime import date, timedelta
from typing import LiteralString

import psycopg

from otklik.detection.cell_tree import Cell, CellTree
from otklik.detection.surge_search import GAP_DAYS
from otklik.detection.text_clusters.cell_search import FoundCluster

CODE_VERSION = "1"
"""Stored with each day; grows when the same texts would give other clusters."""
IS_SEARCHED_SQL: LiteralString = "SELECT EXISTS (SELECT FROM text_cluster_run WHERE country_id = %s AND day = %s)"
INSERT_RUN_SQL: LiteralString = """
    INSERT INTO text_cluster_run (country_id, day, texts, tested, code_version) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING"""
# The latest first.
SURGES_SQL: LiteralString = """
    SELECT territory_id, topic_id FROM surge_alarm WHERE country_id = %s AND day BETWEEN %s AND %s
    GROUP BY territory_id, topic_id ORDER BY max(day) DESC, territory_id, topic_id"""
# The episode of the cluster of the last fortnight that has the most appeals of this one, and at least half of the
# smaller of both.
EPISODE_SQL: LiteralString = """
    SELECT episode_id FROM text_cluster AS earlier
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE appeal_id = ANY (%(appeals)s)) AS shared, count(*) AS members
        FROM text_cluster_member WHERE cluster_id = earlier.id AND region_id = %(region)s
    ) AS counts
    WHERE country_id = %(country)s AND day >= %(first)s AND day < %(day)s
        AND shared * 2 >= least(members, cardinality(%(appeals)s::bigint[])) AND shared > 0
    ORDER BY shared DESC, day DESC, id LIMIT 1"""
INSERT_CLUSTER_SQL: LiteralString = """
    WITH made AS (SELECT nextval('text_cluster_id') AS id)
    INSERT INTO text_cluster (id, episode_id, country_id, day, territory_id, topic_id, terms, first_day, window_days,
        appeals, expected, usual_low, usual_high, dispersion, probability, surge_territory_id, surge_topic_id)
    SELECT id, coalesce(%s, id), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM made RETURNING id"""
INSERT_MEMBERS_SQL: LiteralString = """
    INSERT INTO text_cluster_member (cluster_id, position, region_id, appeal_id)
    SELECT %s, position, %s, appeal_id FROM unnest(%s::bigint[]) WITH ORDINALITY AS those (appeal_id, position)"""


def is_searched(connection: psycopg.Connection, country: int, day: date) -> bool:
    """Whether a country's day has been searched for clusters."""
    return connection.execute(IS_SEARCHED_SQL, (country, day)).fetchone() == (True,)


def store_clusters(
    connection: psycopg.Connection,
    tree: CellTree,
    country: int,
    day: date,
    clusters: list[FoundCluster],
    counts: tuple[int, int],
) -> bool:
    """Store a day's clusters; `counts`: new texts, and groups tested. False where somebody else has meanwhile.

    A cluster in whose cell, or around or within it, there was a surge within the last fortnight refers to that.
    """
    if not connection.execute(INSERT_RUN_SQL, (country, day, *counts, CODE_VERSION)).rowcount:
        return False
    first = day - timedelta(days=GAP_DAYS)
    surges: list[Cell] = connection.execute(SURGES_SQL, (country, first, day)).fetchall()
    for cluster in clusters:
        cell = (cluster.territory_id, cluster.topic_id)
        surge = next((surge for surge in surges if tree.are_related(surge, cell)), (None, None))
        growth = cluster.growth
        row = connection.execute(
            INSERT_CLUSTER_SQL,
            (
                _episode(connection, country, day, cluster),
                country,
                day,
                *cell,
                list(cluster.terms),
                day - timedelta(days=cluster.first_age),
                growth.window_days,
                len(cluster.appeal_ids),
                growth.expected,
                growth.usual_low,
                growth.usual_high,
                growth.dispersion,
                growth.probability,
                *surge,
            ),
        ).fetchone()
        connection.execute(INSERT_MEMBERS_SQL, (*(row or ()), cluster.region_id, list(cluster.appeal_ids)))
    return True


def _episode(connection: psycopg.Connection, country: int, day: date, cluster: FoundCluster) -> int | None:
    """The episode that a cluster continues; None for a new one."""
    row = connection.execute(
        EPISODE_SQL,
        {
            "appeals": list(cluster.appeal_ids),
            "region": cluster.region_id,
            "country": country,
            "first": day - timedelta(days=GAP_DAYS),
            "day": day,
        },
    ).fetchone()
    return int(row[0]) if row else None
