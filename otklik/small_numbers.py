"""Small numbers: how few cases are too few to compare or to show, and the intervals of shares and differences."""

from math import sqrt

MIN_CASES = 30
MIN_PEOPLE = 10
"""A group of fewer people isn't shown where somebody in it could be recognised."""
# The 97.5th percentile of the standard normal distribution, for intervals of 95 %.
Z_95 = 1.959964


def wilson_interval(successes: float, cases: float) -> tuple[float, float]:
    """The 95 % score interval of a share (E. B. Wilson, 1927, JASA 22, 209-212)."""
    share, weight = successes / cases, Z_95 * Z_95 / cases
    center = (share + weight / 2) / (1 + weight)
    half_width = Z_95 * sqrt(share * (1 - share) / cases + weight / (4 * cases)) / (1 + weight)
    return max(0.0, center - half_width), min(1.0, center + half_width)


def newcombe_interval(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """The 95 % bounds of the difference a - b of two shares, each given as numerator and denominator.

    R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10: from the score intervals of both shares.
    """
    (share_a, share_b), (low_a, high_a), (low_b, high_b) = (
        (a[0] / a[1], b[0] / b[1]),
        wilson_interval(*a),
        wilson_interval(*b),
    )
    lower_distance = sqrt((share_a - low_a) ** 2 + (high_b - share_b) ** 2)
    upper_distance = sqrt((high_a - share_a) ** 2 + (share_b - low_b) ** 2)
    return share_a - share_b - lower_distance, share_a - share_b + upper_distance
