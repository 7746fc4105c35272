"""Searching one cell for groups of similar new texts."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from otklik.detection.cell_tree import CellTree, IntArray
from otklik.detection.text_clusters.groups import MIN_MEMBERS, similar_groups
from otklik.detection.text_clusters.growth import NEW_DAYS, Growth, growth
from otklik.detection.text_clusters.labels import cluster_label
from otklik.detection.text_clusters.lemmas import text_lemmas
from otklik.detection.text_clusters.region_texts import TextCell
from otklik.detection.text_clusters.vectors import text_vectors

MAX_FALSE_DISCOVERIES = 0.05
"""The expected share of chance among the clusters that are found in a country's day."""
GROUPED_OLD_TEXTS = 100
"""Of the history that are grouped together with the new ones: so that what is most of these stands out too."""
MIN_TOPIC_SHARE = 0.9
MAX_CACHED_TEXTS = 20_000
cached_lemmas = lru_cache(MAX_CACHED_TEXTS)(text_lemmas)
"""Days that are searched one after the other have most of their texts in common."""


class FoundCluster(NamedTuple):
    """Similar new appeals of a cell: those of the window that is least probable by chance.

    `appeal_ids`: the nearest to what they have in common first. `territory_id`: the place that all are from, or else
    the region; `topic_id`: the lowest topic that has nine of ten of them. `first_age`: how many days ago the first
    came. `terms` are empty for one that is probable by chance.
    """

    region_id: int
    territory_id: int
    topic_id: int
    appeal_ids: tuple[int, ...]
    terms: tuple[str, ...]
    first_age: int
    growth: Growth


def cell_clusters(tree: CellTree, region: int, cell: TextCell, bodies: list[str]) -> list[FoundCluster]:
    """The clusters of a cell, whose texts these are, each with how probable it is by chance."""
    texts = cell.texts
    vectors = text_vectors([cached_lemmas(body) for body in bodies])
    is_new = texts.age < NEW_DAYS
    clusters = []
    for group in similar_groups(vectors, is_new, GROUPED_OLD_TEXTS):
        growth_of_kind = growth(texts.age, texts.topic, texts.batches(), group.is_member, cell.old_share)
        members = np.flatnonzero(group.is_member & (texts.age < growth_of_kind.window_days))
        if growth_of_kind.occasions < MIN_MEMBERS:
            continue
        members = members[np.argsort(-(vectors[members] @ group.kind.centre), kind="stable")]
        terms: tuple[str, ...] = ()
        if growth_of_kind.probability <= MAX_FALSE_DISCOVERIES:
            others = np.flatnonzero(~group.is_member)
            terms = cluster_label([bodies[position] for position in members], (bodies[position] for position in others))
        places = np.unique(texts.place[members])
        clusters.append(
            FoundCluster(
                region,
                int(places[0]) if len(places) == 1 else region,
                _common_topic(tree, cell.topic_id, texts.topic[members]),
                tuple(texts.id[members].tolist()),
                terms,
                int(texts.age[members].max()),
                growth_of_kind,
            )
        )
    return clusters


def _common_topic(tree: CellTree, cell_topic: int, topics: IntArray) -> int:
    """The lowest topic, from the cell's own down, that has nine of ten of the appeals."""
    paths = [tree.topics.path(topic) for topic in topics.tolist()]
    candidates = {topic for path in paths for topic in path}
    common = [topic for topic in candidates if sum(topic in path for path in paths) >= MIN_TOPIC_SHARE * len(paths)]
    return max(common, key=lambda topic: (len(tree.topics.path(topic)), -topic), default=cell_topic)
