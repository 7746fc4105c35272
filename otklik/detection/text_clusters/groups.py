"""Groups of similar texts, and which other texts are of the same kind."""

from typing import NamedTuple

import numpy as np
from sklearn.cluster import HDBSCAN

from otklik.detection.cell_tree import IntArray
from otklik.detection.count_model.quasi_poisson import BoolArray, FloatArray
from otklik.detection.text_clusters.vectors import unit_rows

MIN_MEMBERS = 5
MIN_NEIGHBOURS = 2
MAX_RADIUS = 0.9
"""Texts with hardly a word in common are never of one kind."""
NOISE = -1
"""What HDBSCAN calls texts of no group."""
ROUNDING = 1e-9
"""Equal texts are at distance 0 up to this."""


class TextKind(NamedTuple):
    """What some texts have in common: a direction, and how far from it (1 minus the cosine) a text may be."""

    centre: FloatArray
    radius: float

    def has(self, vectors: FloatArray) -> BoolArray:
        """Which texts are of the kind."""
        is_of_kind: BoolArray = 1 - vectors @ self.centre <= self.radius
        return is_of_kind


class TextGroup(NamedTuple):
    """A kind, and which of the texts that were grouped are of it."""

    kind: TextKind
    is_member: BoolArray


def similar_groups(vectors: FloatArray, is_new: BoolArray, old_count: int) -> list[TextGroup]:
    """The groups of at least five similar new texts among vectors of length 1 (or 0, which belong to none).

    HDBSCAN (R. Campello and others, 2013, PAKDD) finds them, among the new texts and the first `old_count` of the
    others. The radius of a kind is the largest distance of a member from the centre of the other members: from a
    centre that it helped to make, a member is always nearer than a text that comes later.
    """
    has_words = vectors.any(axis=1)
    rows = np.concatenate([np.flatnonzero(has_words & is_new), np.flatnonzero(has_words & ~is_new)[:old_count]])
    if len(rows) < 2 * MIN_MEMBERS:
        return []
    labels = HDBSCAN(min_cluster_size=MIN_MEMBERS, min_samples=MIN_NEIGHBOURS, copy=True).fit_predict(vectors[rows])
    labels[~is_new[rows]] = NOISE
    member_sets = [rows[labels == label] for label in range(labels.max() + 1)]
    groups = []
    for members in _merged(vectors, [members for members in member_sets if len(members) >= MIN_MEMBERS]):
        kind = _kind(vectors, members)
        is_member = kind.has(vectors)
        is_member[members] = True
        if kind.radius <= MAX_RADIUS:
            groups.append(TextGroup(kind, is_member))
    return groups


def _kind(vectors: FloatArray, members: IntArray) -> TextKind:
    total = vectors[members].sum(axis=0)
    others = unit_rows(total - vectors[members])
    radius = float((1 - (vectors[members] * others).sum(axis=1)).max())
    return TextKind(total / np.linalg.norm(total), radius + ROUNDING)


def _merged(vectors: FloatArray, member_sets: list[IntArray]) -> list[IntArray]:
    """The groups without pairs of which the centre of one is of the other's kind: one kind in two wordings.

    The nearest pair is merged first.
    """
    while True:
        kinds = [_kind(vectors, members) for members in member_sets]
        pairs = [
            (float(1 - kinds[first].centre @ kinds[second].centre), first, second)
            for second in range(len(kinds))
            for first in range(second)
        ]
        near = [pair for pair in pairs if pair[0] <= max(kinds[pair[1]].radius, kinds[pair[2]].radius)]
        if not near:
            return member_sets
        _distance, first, second = min(near)
        joined = np.concatenate([member_sets[first], member_sets[second]])
        member_sets = [*(members for n, members in enumerate(member_sets) if n not in (first, second)), joined]
