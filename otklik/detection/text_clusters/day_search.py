"""Searching a day for clusters of similar new texts, and storing those found with what was known."""

from collections.abc import Iterator
from datetime import date
from typing import LiteralString, NamedTuple

import numpy as np
import psycopg
from scipy.stats import false_discovery_control

from otklik.detection.cell_tree import CellTree, read_tree
from otklik.detection.surge_search import COUNTRIES_SQL
from otklik.detection.text_clusters.cell_search import MAX_FALSE_DISCOVERIES, FoundCluster, cell_clusters
from otklik.detection.text_clusters.cluster_store import is_searched, store_clusters
from otklik.detection.text_clusters.region_texts import read_bodies, read_texts, text_cells

REGIONS_SQL: LiteralString = "SELECT id FROM territory WHERE level = 'region' ORDER BY id"
MAX_SHARED = 0.5
"""Of two clusters that share more of their appeals, the less probable one is kept."""


class DayClusters(NamedTuple):
    """What a country's day has: the clusters found, and how many groups of how many new texts were tested."""

    clusters: list[FoundCluster]
    tested: int
    texts: int


def detect_text_clusters(connection: psycopg.Connection, days: list[date]) -> Iterator[tuple[date, int, int]]:
    """Search days in their order for clusters, each by what had been received until then; commits each.

    Yields the day, the number of countries searched now, and the number of their clusters. A day of a country that was
    searched before stays as it is.
    """
    countries = [country for country, _code in connection.execute(COUNTRIES_SQL).fetchall()]
    tree = read_tree(connection)
    for day in days:
        waiting = [country for country in countries if not is_searched(connection, country, day)]
        cluster_count = 0
        for country in waiting:
            found = day_clusters(connection, tree, country, day)
            if store_clusters(connection, tree, country, day, found.clusters, (found.texts, found.tested)):
                cluster_count += len(found.clusters)
            connection.commit()
        connection.rollback()
        yield day, len(waiting), cluster_count


def day_clusters(connection: psycopg.Connection, tree: CellTree, country: int, day: date) -> DayClusters:
    """The clusters of a country that are surely more than usual on a day.

    Over all that are tested the expected share of chance is at most 5 %, however they depend on one another
    (Y. Benjamini and D. Yekutieli, 2001, Annals of Statistics 29, 1165-1188).
    """
    tested: list[FoundCluster] = []
    text_count = 0
    for (region,) in connection.execute(REGIONS_SQL).fetchall():
        if tree.country(region) != country:
            continue
        for cell in text_cells(read_texts(connection, region, day), tree.topics):
            bodies = read_bodies(connection, region, cell.texts.id)
            tested += cell_clusters(tree, region, cell, bodies)
            text_count += cell.new_count
    return DayClusters(significant_clusters(tested), len(tested), text_count)


def significant_clusters(tested: list[FoundCluster]) -> list[FoundCluster]:
    """Those that are no chance, the least probable first; of two with mostly the same appeals only that one."""
    if not tested:
        return []
    tested = sorted(tested, key=lambda cluster: (cluster.growth.probability, cluster.region_id, cluster.appeal_ids))
    rates = false_discovery_control(np.array([cluster.growth.probability for cluster in tested]), method="by")
    separate: list[FoundCluster] = []
    for cluster, rate in zip(tested, rates.tolist(), strict=True):
        members = set(cluster.appeal_ids)
        is_repeated = any(
            cluster.region_id == other.region_id
            and len(members.intersection(other.appeal_ids)) > MAX_SHARED * len(members)
            for other in separate
        )
        if rate <= MAX_FALSE_DISCOVERIES and cluster.terms and not is_repeated:
            separate.append(cluster)
    return separate
