"""Searching a day for surges, and storing the alarms with what was known."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import LiteralString, NamedTuple

import numpy as np
import psycopg

from otklik.deadlines.calendars import territory_calendar
from otklik.detection.cell_tree import Cell, CellTree, IntArray, read_tree
from otklik.detection.count_model.quasi_poisson import FloatArray
from otklik.detection.count_model.tail_probability import either_window_probability, predictive
from otklik.detection.daily_counts import DailyCounts, read_daily_counts
from otklik.detection.receipt_minutes import ReceiptMinutes, read_receipt_minutes
from otklik.detection.surge_alarms import alarm_threshold, separate_alarms
from otklik.detection.surge_scores import SurgeScores, score_series
from otklik.detection.weekly_series import weekly_series

CODE_VERSION = "2"
"""Stored with each day; grows when the same counts would give other alarms."""
GAP_DAYS = 14
"""Alarms that are no further apart are of one surge, as in the view `surge_episode`."""
WINDOW_DAYS = (7, 14)
USUAL_QUANTILES = (0.05, 0.95)
COUNTRIES_SQL: LiteralString = "SELECT id, code FROM territory WHERE level = 'country' ORDER BY id"
IS_DONE_SQL: LiteralString = "SELECT EXISTS (SELECT FROM detection_run WHERE country_id = %s AND day = %s)"
GOING_ON_SQL: LiteralString = """
    SELECT DISTINCT territory_id, topic_id FROM surge_alarm WHERE country_id = %s AND day < %s AND day >= %s"""
INSERT_RUN_SQL: LiteralString = """
    INSERT INTO detection_run (country_id, day, cells, threshold, code_version) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT DO NOTHING"""
INSERT_ALARM_SQL: LiteralString = """
    INSERT INTO surge_alarm (country_id, day, territory_id, topic_id, window_days, observed, expected, usual_low,
        usual_high, dispersion, probability)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


class SurgeAlarm(NamedTuple):
    """What is stored of an alarm, as the columns of `surge_alarm` after the country and the day."""

    territory_id: int
    topic_id: int
    window_days: int
    observed: int
    expected: float
    usual_low: int
    usual_high: int
    dispersion: float
    probability: float


class DayAlarms(NamedTuple):
    """The alarms of a country's day, the number of cells that were judged, and the threshold."""

    alarms: list[SurgeAlarm]
    judged_cells: int
    threshold: float


def detect_days(connection: psycopg.Connection, days: list[date]) -> Iterator[tuple[date, int, int]]:
    """Search days in their order for surges, each by what had been received until then; commits each.

    Yields the day, the number of countries searched now, and the number of their alarms. A day of a country that was
    searched before stays as it is.
    """
    countries: dict[int, str] = dict(connection.execute(COUNTRIES_SQL).fetchall())
    todo = [(day, [country for country in countries if not _is_done(connection, country, day)]) for day in days]
    if not any(waiting for _day, waiting in todo):
        connection.rollback()
        yield from ((day, 0, 0) for day in days)
        return
    tree, daily = read_tree(connection), read_daily_counts(connection)
    unsearched = [day for day, waiting in todo if waiting]
    minutes = read_receipt_minutes(connection, min(unsearched) - timedelta(days=max(WINDOW_DAYS)), max(unsearched))
    country_of_row = _country_of_rows(tree, daily)
    connection.commit()
    for day, waiting in todo:
        alarm_count = 0
        for country in waiting:
            going_on = _going_on(connection, country, day)
            country_counts = daily.only(country_of_row == country)
            day_result = day_alarms(tree, country_counts, minutes, countries[country], day, going_on)
            if _store(connection, country, day, day_result):
                alarm_count += len(day_result.alarms)
            connection.commit()
        yield day, len(waiting), alarm_count


def day_alarms(
    tree: CellTree, daily: DailyCounts, minutes: ReceiptMinutes, country_code: str, day: date, going_on: set[Cell]
) -> DayAlarms:
    """The alarms of a day among the counts of a country; `going_on` are cells with an alarm in the 14 days before.

    A surge must still be one when its largest batch counts as a single appeal.
    """
    series = weekly_series(tree, daily, day)
    if not len(series.territory):
        return DayAlarms([], 0, alarm_threshold(0))
    scores = score_series(tree, series, territory_calendar(country_code), day)
    judged_cells = int(scores.is_judged.sum())
    threshold = alarm_threshold(judged_cells)
    cells = list(zip(series.territory.tolist(), series.topic.tolist(), strict=True))
    probability = _without_batch_alarms(tree, minutes, cells, day, scores, threshold)
    positions = separate_alarms(tree, cells, probability, going_on, threshold)
    expected = scores.expected.at(np.array(positions, dtype=np.int64))
    distribution, observed = predictive(expected), scores.observed[positions]
    window = distribution.probabilities(observed).argmin(axis=1)
    low, high = (distribution.quantiles(share) for share in USUAL_QUANTILES)
    alarms = [
        SurgeAlarm(
            *cells[position],
            WINDOW_DAYS[column],
            int(observed[row, column]),
            float(distribution.mean[row, column]),
            int(low[row, column]),
            int(high[row, column]),
            float(distribution.dispersion[row, column]),
            float(scores.probability[position]),
        )
        for row, (position, column) in enumerate(zip(positions, window.tolist(), strict=True))
    ]
    return DayAlarms(alarms, judged_cells, threshold)


def _without_batch_alarms(
    tree: CellTree, minutes: ReceiptMinutes, cells: list[Cell], day: date, scores: SurgeScores, threshold: float
) -> FloatArray:
    """The probability of each cell; 1 where its count is no alarm once its largest batch counts as one appeal."""
    probability = scores.probability.copy()
    positions = np.flatnonzero(probability <= threshold)
    if len(positions):
        largest = np.vstack(
            [minutes.largest_batches(tree, cells[position], day, WINDOW_DAYS) for position in positions]
        )
        occasions = scores.observed[positions] - np.maximum(largest - 1, 0)
        is_batch = either_window_probability(occasions, scores.expected.at(positions)) > threshold
        probability[positions[is_batch]] = 1
    return probability


def _country_of_rows(tree: CellTree, daily: DailyCounts) -> IntArray:
    places, position = np.unique(daily.place, return_inverse=True)
    return np.array([tree.country(place) for place in places.tolist()], dtype=np.int64)[position.ravel()]


def _is_done(connection: psycopg.Connection, country: int, day: date) -> bool:
    return connection.execute(IS_DONE_SQL, (country, day)).fetchone() == (True,)


def _going_on(connection: psycopg.Connection, country: int, day: date) -> set[Cell]:
    return set(connection.execute(GOING_ON_SQL, (country, day, day - timedelta(days=GAP_DAYS))).fetchall())


def _store(connection: psycopg.Connection, country: int, day: date, day_result: DayAlarms) -> bool:
    """Whether nobody else has searched the day meanwhile."""
    run = (country, day, day_result.judged_cells, day_result.threshold, CODE_VERSION)
    if not connection.execute(INSERT_RUN_SQL, run).rowcount:
        return False
    with connection.cursor() as cursor:
        cursor.executemany(INSERT_ALARM_SQL, [(country, day, *alarm) for alarm in day_result.alarms])
    return True
