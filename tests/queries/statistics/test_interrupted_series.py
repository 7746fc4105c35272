"""The effect of a remedy: what is none (trend, season, what happened everywhere), and how often its interval holds."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.api import GLM, families

from otklik.benchmark.accuracy.effect_coverage import (
    SCENARIOS,
    TRUE_RATIO,
    Scenario,
    effect_coverage_table,
    simulated_series,
)
from otklik.progress import ignore_progress
from queries.statistics.interrupted_series import InterruptedSeries, level_change

REPLICATES = 150


def series(before: list[int], after: list[int], raised: int = 0, control: list[int] | None = None) -> InterruptedSeries:
    """Weeks without a gap, the last `raised` of them before the remedy with a level of their own."""
    week = np.arange(-len(before), len(after))
    return InterruptedSeries(
        week,
        np.array([*before, *after]),
        week >= 0,
        (week >= -raised) & (week < 0),
        None if control is None else np.array(control),
    )


def test_a_level_that_halves_is_half_and_the_expected_goes_on_as_before() -> None:
    change = level_change(series([200] * 12, [100] * 6))
    assert change.ratio == pytest.approx(0.5, rel=0.01)
    assert change.low < 0.5 < change.high < 0.6
    assert change.expected == pytest.approx(np.full(18, 200.0), rel=0.01)
    assert (change.expected_low < 200).all()
    assert (change.expected_high > 200).all()


def test_a_trend_that_goes_on_is_no_effect() -> None:
    counts = [round(100 * 0.97**week) for week in range(30)]
    assert np.mean(counts[20:]) / np.mean(counts[:20]) < 0.7
    change = level_change(series(counts[:20], counts[20:]))
    assert change.ratio == pytest.approx(1, abs=0.02)
    assert change.low < 1 < change.high


def test_a_season_is_no_effect_once_a_year_of_it_is_known() -> None:
    counts = [round(100 * np.exp(0.5 * np.sin(2 * np.pi * week / 52.18))) for week in range(62)]
    assert np.mean(counts[56:]) / np.mean(counts[:56]) > 1.2
    with_season = series(counts[:56], counts[56:])
    assert with_season.harmonics == 1
    assert level_change(with_season).ratio == pytest.approx(1, abs=0.05)
    assert series([9] * 51, [9]).harmonics == 0
    assert series([9] * 104, [9]).harmonics == 2
    assert series([9] * 104, [9], control=[9] * 105).harmonics == 0


def test_what_happens_in_similar_places_too_is_no_effect() -> None:
    everywhere = [1000] * 12 + [500] * 6
    change = level_change(series([100] * 12, [50] * 6, control=everywhere))
    assert change.ratio == pytest.approx(1, abs=0.02)
    assert change.low < 1 < change.high
    assert change.expected == pytest.approx(np.array(everywhere) / 10, rel=0.02)
    assert level_change(series([100] * 12, [50] * 6, control=[1000] * 18)).ratio == pytest.approx(0.5, abs=0.02)


def test_the_level_of_the_problem_is_what_is_expected_without_the_remedy() -> None:
    change = level_change(series([50] * 20 + [150] * 6, [75] * 6, raised=6))
    assert change.ratio == pytest.approx(0.5, abs=0.02)
    assert change.expected[-6:] == pytest.approx(np.full(6, 150.0), rel=0.03)
    assert change.expected[:20] == pytest.approx(np.full(20, 50.0), rel=0.03)


def test_weeks_left_out_are_no_neighbours() -> None:
    rng = np.random.default_rng(4)
    whole = series(list(rng.poisson(50, 40)), list(rng.poisson(50, 8)))
    # Every second week of a series that is the same for two weeks each: without gaps they would be correlated.
    doubled = InterruptedSeries(whole.week * 4, whole.received, whole.after, whole.raised)
    assert level_change(doubled).autocorrelation == 0


@pytest.mark.parametrize("control", [None, [60] * 18])
def test_nothing_received_after_the_remedy_has_an_interval_too(control: list[int] | None) -> None:
    change = level_change(series([5, 7, 6, 4, 8, 6, 7, 5, 6, 9, 4, 6], [0] * 6, control=control))
    assert 0 < change.low < change.ratio < change.high < 0.5


def test_more_coefficients_than_weeks_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer weeks"):
        level_change(series([5, 6], [5]))


def test_screens_without_an_effect_do_not_wait_for_statsmodels() -> None:
    script = "import sys, queries.problems.remedy_effects; sys.exit('statsmodels' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def newey_west_holds(weeks: InterruptedSeries) -> bool:
    """Whether the usual interval, with Newey and West's covariance alone, holds the true ratio."""
    design = np.column_stack([np.ones(len(weeks.week)), weeks.after, weeks.week])
    fit = GLM(weeks.received, design.astype(float), family=families.Poisson()).fit(
        cov_type="HAC", cov_kwds={"maxlags": 2}
    )
    low, high = fit.conf_int()[1]
    return bool(low <= np.log(TRUE_RATIO) <= high)


@pytest.mark.parametrize(
    "scenario",
    [SCENARIOS[0], Scenario("correlated", growth=0.3, dispersion=1.5, variation=0.25, correlation=0.5), SCENARIOS[-1]],
    ids=lambda scenario: scenario.name,
)
def test_the_interval_holds_the_truth_as_often_as_it_says(scenario: Scenario) -> None:
    rng = np.random.default_rng(11)
    drawn = [simulated_series(scenario, 26, 8, rng) for _replicate in range(REPLICATES)]
    changes = [level_change(weeks) for weeks in drawn]
    held = sum(change.low <= TRUE_RATIO <= change.high for change in changes)
    assert held >= binom.ppf(0.001, REPLICATES, 0.95)
    # Intervals that are held by anything tell nothing: one of 80 % doesn't hold as often.
    narrower = [level_change(weeks, 0.7) for weeks in drawn]
    assert sum(change.low <= TRUE_RATIO <= change.high for change in narrower) < held
    if not scenario.has_control:
        assert sum(map(newey_west_holds, drawn)) < binom.ppf(0.001, REPLICATES, 0.95)


def test_the_table_has_a_line_for_each_scenario_and_is_the_same_for_a_seed() -> None:
    lines = list(effect_coverage_table(1, 3, ignore_progress))
    assert len(lines) == 2 + len(SCENARIOS)
    assert lines == list(effect_coverage_table(1, 3, ignore_progress))
