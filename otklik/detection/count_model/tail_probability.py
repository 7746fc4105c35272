"""How probable a count is where nothing happens: the negative binomial tail, and the smaller one of two windows."""

from typing import NamedTuple

import numpy as np
from scipy.special import betainc, gammainc, ndtri, owens_t
from scipy.stats import nbinom

from otklik.detection.count_model.farrington import Expectation
from otklik.detection.count_model.quasi_poisson import FloatArray
from otklik.detection.count_model.reweighting_bias import unbiased

SMALLEST_MEAN = 1e-12
MIN_EXCESS_DISPERSION = 1e-6
"""Below, a negative binomial distribution is Poisson's."""
PRIOR_COUNT = 0.5
SHARED_WINDOW = 0.5
"""The share of the longer window that is the shorter one: the square of the correlation of both counts."""


def upper_tail(counts: FloatArray, means: FloatArray, dispersion: FloatArray) -> FloatArray:
    """The probability of at least so many, for a variance of `dispersion` times the mean."""
    positive, means = np.maximum(counts, 0.5), np.maximum(means, SMALLEST_MEAN)
    excess = np.maximum(dispersion - 1, MIN_EXCESS_DISPERSION)
    overdispersed = betainc(positive, means / excess, excess / (1 + excess))
    poisson = gammainc(positive, means)
    tail = np.where(dispersion - 1 > MIN_EXCESS_DISPERSION, overdispersed, poisson)
    probability: FloatArray = np.where(counts > 0, tail, 1.0)
    return probability


def mid_tail(counts: FloatArray, means: FloatArray, dispersion: FloatArray) -> FloatArray:
    """The probability of more, and half of that of as many: not conservative where counts are small.

    H. O. Lancaster (1961), JASA 56, 223-234.
    """
    return (upper_tail(counts, means, dispersion) + upper_tail(counts + 1, means, dispersion)) / 2


def plug_in_probability(counts: FloatArray, expected: Expectation) -> FloatArray:
    """Of the last week's count alone, as if mean and dispersion were known: the algorithm as published."""
    return upper_tail(counts, expected.mean[:, 0], expected.dispersion)


class Predictive(NamedTuple):
    """How counts are distributed where nothing happens: a row per series, a column per window."""

    mean: FloatArray
    dispersion: FloatArray

    def probabilities(self, counts: FloatArray) -> FloatArray:
        """The mid-p value of each count."""
        return mid_tail(counts, self.mean, self.dispersion)

    def quantiles(self, probability: float) -> FloatArray:
        """The smallest counts that at least this share of windows doesn't exceed."""
        excess = np.maximum(self.dispersion - 1, MIN_EXCESS_DISPERSION)
        counts: FloatArray = nbinom.ppf(probability, np.maximum(self.mean, SMALLEST_MEAN) / excess, 1 / (1 + excess))
        return counts


def predictive(expected: Expectation) -> Predictive:
    """The distribution of the next counts.

    Mean and dispersion are freed of the bias of their weights; since the mean is estimated, its variance is added to
    that of a count, and half a count to those that it was estimated from (the prior of H. Jeffreys): weeks of the
    season that never had any don't make the first one impossible.
    """
    means, dispersion = unbiased(expected.mean, expected.dispersion, expected.history_mean)
    uncertainty = expected.variance / np.maximum(means, SMALLEST_MEAN)
    return Predictive(
        means + PRIOR_COUNT * uncertainty / expected.dispersion[:, None], dispersion[:, None] + uncertainty
    )


def either_window_probability(counts: FloatArray, expected: Expectation) -> FloatArray:
    """The probability that the smaller one of both windows' probabilities is as small as it is.

    `counts` has a column per window.
    """
    return smaller_of_both(predictive(expected).probabilities(counts).min(axis=1))


def smaller_of_both(probabilities: FloatArray) -> FloatArray:
    """The probability that the smaller of two windows' probabilities is at most this.

    The two counts are taken as normal scores with the correlation that a shared half makes; for these the probability
    that both exceed a bound is known through T of D. B. Owen (1956), Annals of Mathematical Statistics 27, 1075-1090.
    """
    scores = -ndtri(np.maximum(probabilities, np.finfo(np.float64).tiny))
    correlation = np.sqrt(SHARED_WINDOW)
    slope = np.sqrt((1 - correlation) / (1 + correlation))
    either: FloatArray = np.minimum(probabilities + 2 * owens_t(scores, slope), 1)
    return either
