"""Shares over few cases: how few are too few to compare, and the interval that such a share is shown with."""

from math import sqrt

MIN_CASES = 30
# The 97.5th percentile of the standard normal distribution, for intervals of 95 %.
Z_95 = 1.959964


def wilson_interval(successes: float, cases: float) -> tuple[float, float]:
    """The 95 % score interval of a share (E. B. Wilson, 1927, JASA 22, 209-212)."""
    share, weight = successes / cases, Z_95 * Z_95 / cases
    center = (share + weight / 2) / (1 + weight)
    half_width = Z_95 * sqrt(share * (1 - share) / cases + weight / (4 * cases)) / (1 + weight)
    return max(0.0, center - half_width), min(1.0, center + half_width)
