"""The simulation behind `otklik bench detect`: scenarios as published, equal false alarms, planted outbreaks seen."""

import subprocess

import numpy as np
import pytest

from otklik.benchmark.accuracy.outbreak_detection import (
    LEVELS,
    METHODS,
    detection_at,
    outside_band,
    threshold_at,
)
from otklik.benchmark.accuracy.outbreak_series import (
    JUDGED_WEEKS,
    WEEKS,
    Scenario,
    outbreak_cases,
    scenarios,
    usual_counts,
)
from tests.support.servers.running_app import OTKLIK_COMMAND


def test_there_are_42_scenarios() -> None:
    every = list(scenarios())
    assert len(set(every)) == 42
    assert sum(scenario.beta == 0 for scenario in every) == 21
    assert {scenario.harmonics for scenario in every} == {0, 1, 2}


def test_counts_have_the_mean_and_dispersion_of_their_scenario() -> None:
    scenario = Scenario(1.5, 0.003, 0.2, -0.4, 3.0, 1)
    counts = usual_counts(scenario, 4000, np.random.default_rng(1))
    assert counts.mean(axis=0) == pytest.approx(scenario.means, rel=0.15)
    assert (counts.var(axis=0) / scenario.means).mean() == pytest.approx(3, rel=0.02)
    assert scenario.means[51] == pytest.approx(np.exp(1.5 + 0.003 * 52 + 0.2))


def test_outbreaks_lie_in_the_judged_weeks_and_grow_with_their_number() -> None:
    cases = outbreak_cases(Scenario(3, 0, 0, 0, 1, 0), 1000, np.random.default_rng(2))
    assert not cases[:, : WEEKS - JUDGED_WEEKS].any()
    sizes = cases.sum(axis=1).reshape(-1, 10).mean(axis=0)
    assert sizes == pytest.approx(np.arange(1, 11) * np.exp(1.5), rel=0.12)


def test_a_threshold_never_gives_more_false_alarms_than_asked_for() -> None:
    scores = np.array([0.1, 0.2, 0.2, 0.2, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    assert threshold_at(scores, 0.1) == 0.1
    assert threshold_at(scores, 0.3) == 0.1
    assert threshold_at(scores, 0.4) == 0.2
    assert threshold_at(scores, 0.05) == -np.inf


def test_the_band_has_both_sides() -> None:
    below, above = outside_band(np.array([0.0, 0.004, 0.010, 0.02]), 0.01, 4900)
    assert below.tolist() == [True, True, False, False]
    assert above.tolist() == [False, False, False, True]


def test_an_outbreak_is_seen_only_while_it_lasts() -> None:
    is_outbreak = np.zeros((3, 6), dtype=bool)
    is_outbreak[:, 2:4] = True
    outbreaks = np.ones((3, 6))
    outbreaks[0, 1] = outbreaks[1, 3] = outbreaks[2, 4] = 0.0
    detection = detection_at(np.linspace(0, 1, 100), outbreaks, is_outbreak, 0.05)
    assert detection.detected == pytest.approx(1 / 3)
    assert detection.delay == 1
    assert detection.false_positives == pytest.approx(0.05)


@pytest.mark.slow
def test_the_command_shows_more_outbreaks_than_simple_rules_see_and_fewer_false_alarms_than_farrington_has() -> None:
    # A process of its own: in one that has NumPy already, the number of its threads can't be set any more.
    command = [str(OTKLIK_COMMAND), "bench", "detect", "--replicates", "10"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [line.strip("| ").split(" | ") for line in result.stdout.splitlines() if line.startswith("|")]
    detection, false_alarms = rows[2:6], rows[8:]
    assert [row[0] for row in detection] == list(METHODS)
    for seen in (1, 3):
        otklik, farrington, sigma, ratio = (float(row[seen]) for row in detection)
        assert min(otklik, farrington) > 1.2 * sigma > 2 * ratio > 0
    assert float(detection[0][1]) > float(detection[1][1])
    assert [float(row[1]) for row in false_alarms] == [*LEVELS, *LEVELS]
    # The smaller probability of two windows, taken as it is, has false alarms at 2.7 times the nominal level.
    for otklik_row, farrington_row in zip(false_alarms[:2], false_alarms[2:], strict=True):
        assert float(otklik_row[2]) < float(farrington_row[2])
        assert float(otklik_row[2]) <= 1.5 * float(otklik_row[1])
