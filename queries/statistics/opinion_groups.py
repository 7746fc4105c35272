"""Groups of opinion: participants who agree and disagree with the same comments, as Polis finds them.

C. Small et al. (2021), "Polis: scaling deliberation by mapping high dimensional opinion spaces", Recerca 26(2).
Missing reactions take their comment's mean; two principal components place each participant, whose place is scaled by
the square root of comments per reaction, since few reactions leave somebody near the middle; k-means on these places,
with the number of groups whose silhouette is best.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Reactions = npt.NDArray[np.float64]
"""A row a participant, a column a comment: 1 agree, -1 disagree, 0 pass, NaN no reaction."""
Labels = npt.NDArray[np.int64]

NO_GROUP = -1
MIN_REACTIONS = 7
"""Who reacted to fewer comments is in no group, unless there are fewer comments."""
MAX_GROUPS = 5
MIN_COMMENTS = 2
MIN_PARTICIPANTS = 3
INITIALISATIONS = 10
SILHOUETTE_SAMPLE = 2000
"""The silhouette compares all pairs: of more participants, so many stand for all."""


class OpinionGroups(NamedTuple):
    """`labels`: the group of each participant, from 0 on by falling size, or NO_GROUP; `places`: two coordinates each.

    `silhouette`: how much closer people are to their own group than to the next one, from -1 to 1.
    """

    labels: Labels
    places: npt.NDArray[np.float64]
    silhouette: float


def opinion_groups(reactions: Reactions) -> OpinionGroups | None:
    """Divide participants by their reactions; equal input gives equal groups.

    None where fewer than three people reacted to enough comments, or all of them alike.
    """
    from sklearn.cluster import KMeans  # noqa: PLC0415 -- two seconds, which other pages need not spend
    from sklearn.metrics import silhouette_score  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    counts = np.isfinite(reactions).sum(axis=1)
    has_enough = counts >= max(min(MIN_REACTIONS, reactions.shape[1]), 1)
    if reactions.shape[1] < MIN_COMMENTS or has_enough.sum() < MIN_PARTICIPANTS:
        return None
    places = participant_places(reactions)
    points = places[has_enough]
    distinct = len(np.unique(points.round(9), axis=0))
    best: tuple[float, Labels] | None = None
    for groups in range(2, min(MAX_GROUPS, distinct - 1, len(points) - 1) + 1):
        # So few points are done sooner than threads are started.
        with threadpool_limits(1):
            labels = KMeans(groups, n_init=INITIALISATIONS, random_state=0).fit_predict(points)
            sample_size = SILHOUETTE_SAMPLE if len(points) > SILHOUETTE_SAMPLE else None
            score = float(silhouette_score(points, labels, sample_size=sample_size, random_state=0))
        if best is None or score > best[0]:
            best = score, labels
    if best is None:
        return None
    labels = np.full(len(reactions), NO_GROUP, dtype=np.int64)
    by_size = np.argsort(-np.bincount(best[1]), kind="stable")
    labels[has_enough] = np.argsort(by_size)[best[1]]
    return OpinionGroups(labels, places, best[0])


def participant_places(reactions: Reactions) -> npt.NDArray[np.float64]:
    """The place of each participant on the first two principal components, scaled by how few reactions they gave."""
    from sklearn.decomposition import PCA  # noqa: PLC0415

    is_given = np.isfinite(reactions)
    counts = is_given.sum(axis=0)
    means = np.where(is_given, reactions, 0).sum(axis=0) / np.maximum(counts, 1)
    filled = np.where(is_given, reactions, means)
    if np.ptp(filled, axis=0).max(initial=0) == 0:
        return np.zeros((len(reactions), 2))
    scale = np.sqrt(reactions.shape[1] / np.maximum(is_given.sum(axis=1), 1))
    places: npt.NDArray[np.float64] = PCA(2, svd_solver="full").fit_transform(filled) * scale[:, None]
    return places
