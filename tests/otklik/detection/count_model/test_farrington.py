"""The algorithm against R's, and what it makes of trends, earlier outbreaks and series without any count."""

from typing import NamedTuple

import numpy as np
import pytest
import statsmodels.api as sm

from otklik.detection.count_model.farrington import Expectation, expected_counts
from otklik.detection.count_model.quasi_poisson import FloatArray, fit_quasi_poisson
from otklik.detection.count_model.season_design import (
    LEFT_OUT_WEEKS,
    calendar_reference_weeks,
    fourier_design,
    level_design,
)
from otklik.detection.count_model.tail_probability import plug_in_probability
from tests.support.paths import PROJECT_ROOT

REFERENCE_FILE = PROJECT_ROOT / "tests" / "data" / "farrington_flexible.csv"
REFERENCE_WEEKS = [52, 104, 156, 208, 260]
JUDGED_WEEKS = 49
ALPHA = 0.01


class Reference(NamedTuple):
    """What R makes of the last 49 weeks of 42 series."""

    counts: FloatArray
    p: FloatArray
    is_alarm: FloatArray


@pytest.fixture(scope="module")
def reference() -> Reference:
    rows: dict[str, list[list[float]]] = {"counts": [], "p": [], "alarm": []}
    for line in REFERENCE_FILE.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            name, *values = line.split(",")
            rows[name].append([float(value) for value in values])
    return Reference(*(np.array(rows[name]) for name in ("counts", "p", "alarm")))


def test_a_week_alone_is_judged_as_in_r(reference: Reference) -> None:
    design = level_design(REFERENCE_WEEKS)
    week_count = reference.counts.shape[1]
    probabilities, alarms = [], []
    for week in range(week_count - JUDGED_WEEKS, week_count):
        now = reference.counts[:, week]
        probability = plug_in_probability(now, expected_counts(design, reference.counts[:, week - design.ages]))
        has_enough = reference.counts[:, week - 3 : week + 1].sum(axis=1) >= 5
        probabilities.append(probability)
        alarms.append((probability <= ALPHA) & has_enough)
    ours, our_alarms = np.column_stack(probabilities), np.column_stack(alarms)
    assert reference.is_alarm.sum() > 40
    assert (our_alarms == reference.is_alarm).mean() >= 0.999
    assert np.median(np.abs(ours - reference.p)) < 1e-6
    assert np.abs(ours - reference.p).max() < 1e-4


def test_a_fit_is_that_of_statsmodels() -> None:
    rng = np.random.default_rng(3)
    design = level_design(REFERENCE_WEEKS).history
    counts, weights = rng.poisson(4, (3, len(design))).astype(float), rng.uniform(0.2, 1, (3, len(design)))
    fits = fit_quasi_poisson(design, counts, weights)
    for row in range(3):
        model = sm.GLM(counts[row], design, sm.families.Poisson(), var_weights=weights[row])
        result = model.fit(scale="X2", tol=1e-12)
        assert fits.coefficients[row] == pytest.approx(result.params, abs=1e-6)
        assert fits.dispersion[row] == pytest.approx(max(1, result.scale), rel=1e-6)
        assert fits.covariance[row] * result.scale == pytest.approx(result.cov_params(), abs=1e-5)


def test_the_last_26_weeks_are_no_history() -> None:
    counts = np.full((1, 312), 10.0)
    counts[0, -(LEFT_OUT_WEEKS + 1) :] = 40
    assert expected(counts).mean[0] == pytest.approx([10, 20])


def test_earlier_outbreaks_count_for_less() -> None:
    rng = np.random.default_rng(5)
    usual = rng.poisson(10, (1, 312)).astype(float)
    outbreak = usual.copy()
    outbreak[0, 312 - 1 - 105 : 312 - 1 - 102] += 60
    without, after = expected(usual), expected(outbreak)
    design = level_design(REFERENCE_WEEKS)
    history = outbreak[:, 311 - design.ages]
    unweighted = fit_quasi_poisson(design.history, history, np.ones_like(history))
    assert after.mean[0, 0] < 1.1 * without.mean[0, 0]
    assert np.exp(unweighted.coefficients[0] @ design.current[0]) > 1.3 * without.mean[0, 0]


def test_a_trend_is_followed_but_not_beyond_every_count_of_the_history() -> None:
    weeks = np.arange(312)
    falling, rising = np.round(60 * np.exp(-weeks / 200)), np.round(10 * np.exp(weeks / 100))
    means = expected(np.vstack([falling, rising])).mean[:, 0]
    assert means[0] == pytest.approx(falling[-1], rel=0.1)
    assert means[1] < rising[: 312 - LEFT_OUT_WEEKS].max()


def test_a_series_without_any_count_expects_none() -> None:
    nothing = expected(np.zeros((1, 312)))
    assert nothing.mean[0] == pytest.approx([0, 0], abs=1e-8)
    assert nothing.dispersion[0] == 1


def test_levels_are_weeks_around_the_same_one_and_nine_between() -> None:
    design = level_design(REFERENCE_WEEKS)
    level = design.history[:, :10].argmax(axis=1)
    is_same_week = np.isin(design.ages % 52, [0, 1, 2, 3, 49, 50, 51])
    assert (level[is_same_week] == 9).all()
    assert sorted(np.bincount(level[(design.ages > 55) & (design.ages < 101)])) == [5] * 9
    assert design.ages.tolist() == list(range(263, 26, -1))


def test_years_are_those_of_the_calendar() -> None:
    assert calendar_reference_weeks(400) == [52, 104, 157, 209, 261]
    assert calendar_reference_weeks(107) == [52]
    assert calendar_reference_weeks(108) == [52, 104]


def test_a_short_history_follows_one_wave_a_year() -> None:
    ages = np.arange(90)
    means = 50 * np.exp(0.5 * np.cos(2 * np.pi * (ages - 10) / (365.25 / 7)))
    design = fourier_design(90, 20)
    mean = expected_counts(design, means[design.ages][None, :]).mean[0]
    assert mean == pytest.approx([means[0], means[0] + means[1]], rel=0.01)


def test_holidays_make_a_week_smaller() -> None:
    holidays = np.zeros(312)
    holidays[[0, 47, 52, 99, 104, 150, 157, 200, 209, 261]] = 3
    counts = 100 * np.exp(-0.2 * holidays[::-1])[None, :]
    design = level_design(REFERENCE_WEEKS, holidays)
    with_holidays = expected_counts(design, counts[:, 311 - design.ages]).mean[0, 0]
    assert with_holidays == pytest.approx(100 * np.exp(-0.6), rel=0.001)
    assert expected(counts).mean[0, 0] > 75
    assert level_design(REFERENCE_WEEKS, np.ones(312)).history.shape == level_design(REFERENCE_WEEKS).history.shape


def expected(counts: FloatArray) -> Expectation:
    """What is expected of the last of 312 weeks."""
    design = level_design(REFERENCE_WEEKS)
    return expected_counts(design, counts[:, counts.shape[1] - 1 - design.ages])
