"""How surely outbreaks are seen, and how soon: detection against simple rules, at equal rates of false alarms."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from otklik.benchmark.accuracy.outbreak_series import (
    JUDGED_WEEKS,
    WEEKS,
    WEEKS_A_YEAR,
    FloatArray,
    outbreak_cases,
    scenarios,
    usual_counts,
)
from otklik.benchmark.report import table_line
from otklik.detection.count_model.farrington import expected_counts
from otklik.detection.count_model.season_design import MAX_YEARS, level_design
from otklik.detection.count_model.tail_probability import either_window_probability, plug_in_probability
from otklik.progress import ProgressCallback

BoolArray = NDArray[np.bool_]
METHODS = ("Otklik", "Farrington Flexible", "3 sigma", "at least 3 and +50 %")
LEVELS = (0.005, 0.010)
BAND_Z = 3.24
"""The two-sided bound of a normal score that 42 scenarios keep together with a probability of 95 %."""
MIN_RECENT = 5
RECENT_WEEKS = 4
MIN_RATIO_COUNT = 3
SCENARIO_COUNT = 42


class Scores(NamedTuple):
    """What each method makes of each series (rows) and judged week: the smaller, the more unusual."""

    otklik: FloatArray
    farrington: FloatArray
    sigma: FloatArray
    ratio: FloatArray


class Detection(NamedTuple):
    """At some threshold: the share of false alarms, the share of outbreaks seen, and the mean weeks until then."""

    false_positives: float
    detected: float
    delay: float


class Outbreaks(NamedTuple):
    """Series with an outbreak: the scores, and whether each judged week has cases of it."""

    scores: Scores
    is_outbreak: BoolArray


def score_weeks(counts: FloatArray, on_week: Callable[[], None]) -> Scores:
    """Score the judged weeks of each series, each by what was known then. `on_week` is called after each."""
    design = level_design([WEEKS_A_YEAR * year for year in range(1, MAX_YEARS + 1)])
    columns: list[tuple[FloatArray, ...]] = []
    for week in range(WEEKS - JUDGED_WEEKS, WEEKS):
        now, before = counts[:, week], counts[:, week - 1]
        expected = expected_counts(design, counts[:, week - design.ages])
        has_enough = counts[:, week - RECENT_WEEKS + 1 : week + 1].sum(axis=1) >= MIN_RECENT
        year, month = counts[:, week - WEEKS_A_YEAR : week], counts[:, week - RECENT_WEEKS : week].mean(axis=1)
        columns.append(
            (
                np.where(has_enough, either_window_probability(np.column_stack([now, now + before]), expected), 1),
                np.where(has_enough, plug_in_probability(now, expected), 1),
                -(now - year.mean(axis=1)) / np.maximum(year.std(axis=1, ddof=1), 1e-9),
                np.where(now >= MIN_RATIO_COUNT, -now / np.maximum(month, 1e-9), 0),
            )
        )
        on_week()
    return Scores(*(np.column_stack(scores) for scores in zip(*columns, strict=True)))


def simulate(replicates: int, seed: int, progress: ProgressCallback) -> tuple[Scores, Outbreaks]:
    """The scores of all scenarios in turn, `replicates` series each, without outbreaks and with one in each series."""
    rng = np.random.default_rng(seed)
    usual = np.vstack([usual_counts(scenario, replicates, rng) for scenario in scenarios()])
    cases = np.vstack([outbreak_cases(scenario, replicates, rng) for scenario in scenarios()])
    other = np.vstack([usual_counts(scenario, replicates, rng) for scenario in scenarios()])
    weeks_done = 0

    def count_week() -> None:
        nonlocal weeks_done
        weeks_done += 1
        progress("Judging weeks", weeks_done, 2 * JUDGED_WEEKS)

    without = score_weeks(usual, count_week)
    return without, Outbreaks(score_weeks(other + cases, count_week), cases[:, -JUDGED_WEEKS:] > 0)


def threshold_at(scores: FloatArray, level: float) -> float:
    """The highest threshold that at most this share of the scores reaches."""
    values, counts = np.unique(scores, return_counts=True)
    is_within = np.cumsum(counts) <= level * scores.size
    return float(values[is_within][-1]) if is_within.any() else -np.inf


def detection_at(scores: FloatArray, outbreaks: FloatArray, is_outbreak: BoolArray, level: float) -> Detection:
    """Detection by the threshold that gives this share of false alarms among the scores without outbreaks.

    An outbreak is seen by an alarm in a week from its first case to its last one.
    """
    threshold = threshold_at(scores, level)
    first = is_outbreak.argmax(axis=1)
    last = is_outbreak.shape[1] - 1 - is_outbreak[:, ::-1].argmax(axis=1)
    week = np.arange(is_outbreak.shape[1])
    alarms = (outbreaks <= threshold) & (week >= first[:, None]) & (week <= last[:, None])
    is_detected = alarms.any(axis=1)
    delays = (alarms.argmax(axis=1) - first)[is_detected]
    return Detection(
        float((scores <= threshold).mean()), float(is_detected.mean()), float(delays.mean()) if len(delays) else np.nan
    )


def detection_table(replicates: int, seed: int, progress: ProgressCallback) -> Iterator[str]:
    """The lines of two Markdown tables: detection at equal rates, and false alarms at the nominal level."""
    without, outbreaks = simulate(replicates, seed, progress)
    yield table_line(["method", *(f"{name} at {level:.3f}" for level in LEVELS for name in ("seen", "weeks until"))])
    yield "|---|" + "---:|" * (2 * len(LEVELS))
    for name, scores, with_outbreaks in zip(METHODS, without, outbreaks.scores, strict=True):
        cells = []
        for level in LEVELS:
            detection = detection_at(scores, with_outbreaks, outbreaks.is_outbreak, level)
            cells += [f"{detection.detected:.3f}", f"{detection.delay:.2f}"]
        yield table_line([name, *cells])
    yield ""
    yield table_line(["method", "nominal", "false alarms", "least", "most", "scenarios below", "within", "above"])
    yield "|---|" + "---:|" * 7
    for name, scores in zip(METHODS[:2], without[:2], strict=True):
        for level in LEVELS:
            rates = (scores <= level).reshape(SCENARIO_COUNT, -1).mean(axis=1)
            below, above = (int(side.sum()) for side in outside_band(rates, level, replicates * JUDGED_WEEKS))
            within = SCENARIO_COUNT - below - above
            shares = [f"{value:.4f}" for value in (rates.mean(), rates.min(), rates.max())]
            yield table_line([name, f"{level:.3f}", *shares, str(below), str(within), str(above)])


def outside_band(rates: FloatArray, level: float, cases: int) -> tuple[BoolArray, BoolArray]:
    """Which rates lie below and above the band that binomial rates of so many cases keep, all together, in 95 %."""
    half_width = BAND_Z * np.sqrt(level * (1 - level) / cases)
    return rates < level - half_width, rates > level + half_width
