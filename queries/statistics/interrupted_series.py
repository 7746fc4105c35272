"""The effect of a remedy on weekly counts: an interrupted time series (Bernal, Cummins and Gasparrini 2017).

The counts follow a generalised linear model with log link: a level that changes with the remedy, a linear trend, and a
season where the history is long enough. With a control (the counts of similar places), each week's counts are divided
between the place and the control by a binomial model, which is that of two Poisson series with a level for each week
and an interaction of place and remedy: what happened in both at once is no effect. Estimates are corrected for the bias
of small counts (Firth 1993), which also keeps them finite where nothing was received.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from queries.statistics.level_errors import Fit, FloatArray, correlated_errors, margins

WEEKS_OF_YEAR = 52.18
MIN_WEEKS_OF_SEASON = 52
"""Before the remedy: for one harmonic; for the second it takes twice as many."""
MAX_STEPS, MAX_STEP, TOLERANCE, SMALLEST = 100, 2.0, 1e-9, 1e-9


@dataclass(frozen=True)
class InterruptedSeries:
    """Counts of weeks of 7 days, oldest first: `week` is their number, with gaps for weeks that were left out.

    `after`: the week lies after the remedy. `raised`: before it, but with a level of its own, that of the problem,
    which is the one expected without the remedy. `control`: the counts of similar places, or None.
    """

    week: NDArray[np.int64]
    received: NDArray[np.int64]
    after: NDArray[np.bool_]
    raised: NDArray[np.bool_]
    control: NDArray[np.int64] | None = None

    @property
    def harmonics(self) -> int:
        """How many sine waves a season has; the control has the same season, so that none is needed with one."""
        before = int(np.sum(~self.after))
        return min(before // MIN_WEEKS_OF_SEASON, 2) if self.control is None else 0


class LevelChange(NamedTuple):
    """The counts after the remedy divided by those expected without it: `ratio` with its interval `low` to `high`.

    `expected`, `expected_low` and `expected_high` have a value for each week: what would be expected without the
    remedy. `autocorrelation` is that of one week with the next, `dispersion` the variance over that of the model.
    """

    ratio: float
    low: float
    high: float
    expected: FloatArray
    expected_low: FloatArray
    expected_high: FloatArray
    autocorrelation: float
    dispersion: float


LEVEL = 1
"""The column of the design that is 1 after the remedy."""


def level_change(series: InterruptedSeries, confidence: float = 0.95) -> LevelChange:
    """Estimate how the remedy changed the level of the counts. Raises ValueError with too few weeks for the model."""
    design = _design(series)
    if len(design) <= design.shape[1]:
        raise ValueError("fewer weeks than coefficients")
    fit = _fit(series, design)
    errors = correlated_errors(series.week, fit)
    upper = (1 + confidence) / 2
    estimate = float(fit.coefficients[LEVEL])
    margin = float(margins(np.eye(design.shape[1])[[LEVEL]], fit, errors, upper)[0])
    without = design.copy()
    without[:, LEVEL] = 0
    if series.raised.any():
        without[:, LEVEL + 1] = series.after | series.raised
    base = 1.0 if series.control is None else series.control.astype(float)
    logarithms, widths = without @ fit.coefficients, margins(without, fit, errors, upper)
    return LevelChange(
        float(np.exp(estimate)),
        float(np.exp(estimate - margin)),
        float(np.exp(estimate + margin)),
        base * np.exp(logarithms),
        base * np.exp(logarithms - widths),
        base * np.exp(logarithms + widths),
        errors.autocorrelation,
        errors.dispersion,
    )


def _design(series: InterruptedSeries) -> FloatArray:
    """A row per week: constant, after the remedy, after the problem began (if it has weeks), trend, season."""
    week = series.week.astype(float)
    columns = [np.ones(len(week)), series.after.astype(float)]
    if series.raised.any():
        columns.append((series.after | series.raised).astype(float))
    columns.append((week - week.mean()) / (np.ptp(week) or 1))
    for harmonic in range(1, series.harmonics + 1):
        angle = 2 * np.pi * harmonic * week / WEEKS_OF_YEAR
        columns += [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns)


def _fit(series: InterruptedSeries, design: FloatArray) -> Fit:
    """Fit the model to the counts with half of each week's leverage added, which corrects its bias."""
    # Slow to import: only screens that show an effect pay for it.
    from statsmodels.genmod import families  # noqa: PLC0415
    from statsmodels.genmod.generalized_linear_model import GLM  # noqa: PLC0415

    start, leverage = _corrected(series, design)
    counts: FloatArray = series.received + leverage / 2
    family: Any = families.Poisson()
    if series.control is not None:
        counts = np.column_stack([counts, series.control + leverage / 2])
        family = families.Binomial()
    # Newey and West's own rule for the number of lags (1994).
    lags = int(4 * (len(counts) / 100) ** (2 / 9))
    result = GLM(counts, design, family=family).fit(
        start_params=start,
        method="newton",  # the other method warns of counts that it predicts to the letter
        disp=False,
        cov_type="HAC",
        cov_kwds={"maxlags": lags, "use_correction": True},
    )
    expected, variances = _moments(series, design @ result.params)
    deviations = np.sqrt(variances)
    residuals = (series.received - expected) / deviations
    return Fit(np.asarray(result.params), residuals, deviations[:, None] * design, np.asarray(result.cov_params()))


def _corrected(series: InterruptedSeries, design: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The coefficients whose bias is corrected (Firth 1993), by Newton's method, and each week's leverage at them."""
    total: Any = 0 if series.control is None else series.control
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = np.log((series.received.sum() + 0.5) / (np.sum(total) or len(series.week)))
    leverage = np.zeros(len(series.week))
    for _step in range(MAX_STEPS):
        expected, variances = _moments(series, design @ coefficients)
        weighted = np.sqrt(variances)[:, None] * design
        inverse = np.linalg.pinv(weighted.T @ weighted)
        leverage = np.einsum("ij,jk,ik->i", weighted, inverse, weighted)
        shares = 0.0 if series.control is None else expected / (series.received + series.control)
        step = inverse @ (design.T @ (series.received - expected + leverage * (0.5 - shares)))
        coefficients += step * min(1, MAX_STEP / max(np.abs(step).max(), MAX_STEP))
        if np.abs(step).max() < TOLERANCE:
            break
    return coefficients, leverage


def _moments(series: InterruptedSeries, logarithms: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The expected counts and their variances in the model, given the logarithms of means, or of odds to the control.

    Both are a little above zero.
    """
    if series.control is None:
        expected = np.maximum(np.exp(logarithms), SMALLEST)
        return expected, expected
    share = 1 / (1 + np.exp(-logarithms))
    total = series.received + series.control
    return np.maximum(total * share, SMALLEST), np.maximum(total * share * (1 - share), SMALLEST)
