"""Whether appeals of one kind are more than their share of the topics before leads to expect."""

from typing import NamedTuple

import numpy as np

from otklik.detection.cell_tree import IntArray
from otklik.detection.count_model.quasi_poisson import BoolArray, FloatArray
from otklik.detection.count_model.tail_probability import Predictive, smaller_of_both
from otklik.detection.weekly_series import WEEK_DAYS

WINDOW_DAYS = (7, 14)
NEW_DAYS = max(WINDOW_DAYS)
HISTORY_WEEKS = 26
PRIOR_COUNT = 0.5
"""Of the prior of H. Jeffreys: what has never been isn't impossible."""
SHARED_WEIGHT = 5.0
"""The share in a topic is shrunk towards that in all topics, which weighs as much as so many appeals."""
USUAL_QUANTILES = (0.05, 0.95)


class Growth(NamedTuple):
    """What a kind has in the window that is least probable by chance, and what is usual: nine of ten such windows."""

    window_days: int
    occasions: int
    expected: float
    usual_low: int
    usual_high: int
    dispersion: float
    probability: float


def growth(age: IntArray, topic: IntArray, batch: IntArray, is_member: BoolArray, history_share: float) -> Growth:
    """How improbable the last 7 and 14 days are, one element per text.

    `age`: days before the day that is judged; texts of 14 days and more are the history, of which `history_share` are
    here. `batch`: texts with the same number came at once, and count as one. Expected is the kind's share of each topic
    in the history times what the topic has now: a topic that has more of all is no growth of a kind.
    """
    is_new = age < NEW_DAYS
    week = np.where(is_new, -1, (age - NEW_DAYS) // WEEK_DAYS)
    topics, position = np.unique(topic, return_inverse=True)
    texts = np.bincount(position[~is_new], minlength=len(topics)).astype(float)
    of_kind = np.bincount(position[~is_new & is_member], minlength=len(topics)).astype(float)
    kind_count = of_kind.sum()
    overall = (kind_count + PRIOR_COUNT) / (texts.sum() + 1)
    share = (of_kind + SHARED_WEIGHT * overall) / (texts + SHARED_WEIGHT)
    mean = np.array([share[position[age < days]].sum() for days in WINDOW_DAYS])
    dispersion = _dispersion(share[position], week, is_member, history_share)
    uncertainty = mean * dispersion / (kind_count + PRIOR_COUNT)
    distribution = Predictive(mean[None], dispersion + uncertainty[None])
    occasions = np.array([[len(np.unique(batch[is_member & (age < days)])) for days in WINDOW_DAYS]], dtype=float)
    probabilities = distribution.probabilities(occasions)
    window = int(probabilities.argmin())
    low, high = (distribution.quantiles(quantile)[0, window] for quantile in USUAL_QUANTILES)
    return Growth(
        WINDOW_DAYS[window],
        int(occasions[0, window]),
        float(mean[window]),
        int(low),
        int(high),
        float(distribution.dispersion[0, window]),
        float(smaller_of_both(probabilities.min(axis=1))[0]),
    )


def _dispersion(share: FloatArray, week: IntArray, is_member: BoolArray, history_share: float) -> float:
    """The variance of a week's count over its mean, at least 1; that of a sample of the history says less than all."""
    is_past = week >= 0
    if not is_past.any():
        return 1.0
    weeks = int(week.max()) + 1
    expected = np.bincount(week[is_past], share[is_past], minlength=weeks)
    counts = np.bincount(week[is_past], is_member[is_past], minlength=weeks)
    variance = ((counts - expected) ** 2).sum() / max(expected.sum(), PRIOR_COUNT) * weeks / max(weeks - 1, 1)
    return 1 + max(float(variance) - 1, 0) / history_share
