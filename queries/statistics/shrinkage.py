"""Shares of bad cases against the expected ones, shrunk towards the common ratio (a beta-binomial model).

The share of a member is taken as beta distributed around `centre` times its expected share, with one intraclass
correlation for all members; its bad cases are binomial. Both parameters are integrated over, since with few members
neither is known well: an interval that takes them as known holds the truth far too seldom (C. N. Morris, 1983, JASA 78,
47-55). The square root of the correlation, which is proportional to the standard deviation between members, has a
uniform prior (A. Gelman, 2006, Bayesian Analysis 1, 515-534); `centre` has a flat one. `otklik bench --coverage`
simulates how often the intervals hold.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, betaln

FloatArray = NDArray[np.float64]
# More than so many times the expected cases is worth acting on.
EXCESS_RATIO = 1.2
# The square roots of the intraclass correlation: 40 cells between 0 and 0.95, narrower towards 0.
_ROOT_EDGES = 0.95 * np.linspace(0, 1, 41) ** 2
_ROOTS, _ROOT_WIDTHS = (_ROOT_EDGES[1:] + _ROOT_EDGES[:-1]) / 2, np.diff(_ROOT_EDGES)
_HERMITE_NODES, _HERMITE_WEIGHTS = np.polynomial.hermite.hermgauss(5)
_NEGLIGIBLE_WEIGHT = 1e-4
_BISECTIONS = 12
MAX_BASIS = 200
_SMALLEST_SHARE = 1e-6


class SharePriors(NamedTuple):
    """Beta distributions that shares may come from: `centre` times the expected share, and the cases it counts as."""

    centre: FloatArray
    cases: FloatArray

    def parameters(self, expected_share: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Both parameters of the beta distributions: a row per distribution, a column per expected share."""
        mean = np.clip(self.centre[:, None] * expected_share, _SMALLEST_SHARE, 1 - _SMALLEST_SHARE)
        return mean * self.cases[:, None], (1 - mean) * self.cases[:, None]


def shrunk_ratios(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with expected cases, with ratio, shrunk (ratio), low and high (its 95 % bounds), and excess_probability.

    `rows` has the columns cases, observed and expected, observed ≤ cases. `excess_probability` is that of a true ratio
    above `EXCESS_RATIO`.
    """
    rows = rows[(rows["expected"] > 0) & (rows["cases"] > 0)]
    observed, cases = rows["observed"].to_numpy(float), rows["cases"].to_numpy(float)
    expected_share = np.clip(rows["expected"].to_numpy(float) / cases, _SMALLEST_SHARE, 1 - _SMALLEST_SHARE)
    if rows.empty:
        mean = low = high = excess_probability = np.zeros(0)
    else:
        priors, weights = likely_priors(observed, cases, expected_share)
        a, b = _posterior_parameters(priors, observed, cases, expected_share)
        mean, excess_probability = _mean_and_excess(weights, a, b, expected_share)
        low, high = (_mixture_quantile(weights, a, b, probability) for probability in (0.025, 0.975))
    return rows.assign(
        ratio=rows["observed"] / rows["expected"],
        shrunk=mean / expected_share,
        low=low / expected_share,
        high=high / expected_share,
        excess_probability=excess_probability,
    )


class ShrunkShares(NamedTuple):
    """Shares of members as they are most likely to be: the mean, and its 95 % bounds."""

    mean: FloatArray
    low: FloatArray
    high: FloatArray


def shrunk_shares(observed: FloatArray, cases: FloatArray) -> ShrunkShares:
    """Shares shrunk towards the common one, the more the fewer the cases; NaN without cases.

    The bounds are those of one beta distribution with the mean and variance of the mixture: fast enough for a map.
    """
    has_cases = cases > 0
    shares = np.full((3, len(cases)), np.nan)
    if has_cases.any():
        observed, cases = observed[has_cases], cases[has_cases]
        common = np.clip(observed.sum() / cases.sum(), _SMALLEST_SHARE, 1 - _SMALLEST_SHARE)
        priors, weights = likely_priors(observed, cases, np.full(len(cases), common))
        prior_a, prior_b = priors.parameters(np.full(len(cases), common))
        a, b = prior_a + observed, prior_b + cases - observed
        means = a / (a + b)
        mean = weights @ means
        variance = weights @ (means * (1 - means) / (a + b + 1) + (means - mean) ** 2)
        size = np.maximum(mean * (1 - mean) / variance - 1, _SMALLEST_SHARE)
        bounds = [betaincinv(mean * size, (1 - mean) * size, probability) for probability in (0.025, 0.975)]
        shares[:, has_cases] = [mean, *bounds]
    return ShrunkShares(*shares)


def share_and_excess(observed: FloatArray, cases: FloatArray, expected_share: float) -> tuple[FloatArray, FloatArray]:
    """Each member's probable share of bad cases, and the probability that it is above 1.2 times the expected one.

    What shares may be is learnt from the `MAX_BASIS` members with most cases, of which there has to be one; a member
    without cases has what is usual among them.
    """
    share = np.clip(np.full(len(cases), expected_share), _SMALLEST_SHARE, 1 - _SMALLEST_SHARE)
    basis = np.argsort(-cases, kind="stable")[:MAX_BASIS]
    basis = basis[cases[basis] > 0]
    priors, weights = likely_priors(observed[basis], cases[basis], share[basis])
    return _mean_and_excess(weights, *_posterior_parameters(priors, observed, cases, share), share)


def _posterior_parameters(
    priors: SharePriors, observed: FloatArray, cases: FloatArray, expected_share: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Both parameters of each member's beta distributions, a row per prior."""
    prior_a, prior_b = priors.parameters(expected_share)
    return prior_a + observed, prior_b + cases - observed


def _mean_and_excess(
    weights: FloatArray, a: FloatArray, b: FloatArray, expected_share: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The mean of each member's share, and the probability that it is above `EXCESS_RATIO` times the expected one."""
    mean: FloatArray = weights @ (a / (a + b))
    excess_probability: FloatArray = 1 - weights @ betainc(a, b, np.minimum(EXCESS_RATIO * expected_share, 1))
    return mean, excess_probability


def likely_priors(
    observed: FloatArray, cases: FloatArray, expected_share: FloatArray
) -> tuple[SharePriors, FloatArray]:
    """The distributions that the members' shares may come from, with their posterior probabilities, summing to 1."""
    centres, log_weights = [], []
    for root, width in zip(_ROOTS, _ROOT_WIDTHS, strict=True):
        variance = expected_share * (1 - expected_share) * (1 + (cases - 1) * root**2) / cases
        precision = float((expected_share**2 / variance).sum())
        likeliest_centre = float((expected_share * observed / cases / variance).sum()) / precision
        # Gauss-Hermite nodes: the likelihood of the centre is nearly normal, what differs goes into the weights.
        centre = np.maximum(likeliest_centre + np.sqrt(2 / precision) * _HERMITE_NODES, 1e-3)
        a, b = SharePriors(centre, np.full_like(centre, 1 / root**2 - 1)).parameters(expected_share)
        log_likelihood = (betaln(a + observed, b + cases - observed) - betaln(a, b)).sum(axis=1)
        centres.append(centre)
        log_weights.append(
            log_likelihood + np.log(_HERMITE_WEIGHTS * width) + _HERMITE_NODES**2 - np.log(precision) / 2
        )
    log_weight = np.concatenate(log_weights)
    weights = np.exp(log_weight - log_weight.max())
    weights /= weights.sum()
    is_likely = weights > _NEGLIGIBLE_WEIGHT
    prior_cases = np.repeat(1 / _ROOTS**2 - 1, len(_HERMITE_NODES))
    priors = SharePriors(np.concatenate(centres)[is_likely], prior_cases[is_likely])
    return priors, weights[is_likely] / weights[is_likely].sum()


def _mixture_quantile(weights: FloatArray, a: FloatArray, b: FloatArray, probability: float) -> FloatArray:
    """The quantile of each member's share, whose distribution is a mixture of beta distributions."""
    means = a / (a + b)
    mean = weights @ means
    deviation = np.sqrt(weights @ (means * (1 - means) / (a + b + 1) + (means - mean) ** 2))
    # Cantelli's inequality: no quantile is farther from the mean.
    reach = deviation / np.sqrt(min(probability, 1 - probability))
    low, high = np.maximum(mean - reach, 0), np.minimum(mean + reach, 1)
    for _step in range(_BISECTIONS):
        middle = (low + high) / 2
        is_below = weights @ betainc(a, b, middle) < probability
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    quantile: FloatArray = (low + high) / 2
    return quantile
