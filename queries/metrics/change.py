"""How far a metric changes by chance alone: the 95 % interval of a change between two periods."""

from typing import Any

import numpy as np

from otklik.small_numbers import newcombe_interval
from queries.metrics.metric import Metric
from queries.statistics.change_intervals import Interval, ratio_change_interval, stock_change_interval


def change_interval(metric: Metric, sums: Any, previous_sums: Any, by_day: Any) -> Interval | None:
    """The 95 % interval of a metric's change from one row of sums to another; None where it can't be known.

    `by_day` has the measures of each day of the later period. A metric without a good direction has no interval: its
    change, as of what was received, is no matter of better or worse. A share's is Newcombe's. A stock (open, overdue)
    is taken as a walk with steps as they are from day to day, a mean or ratio as one of days that vary as they do.
    """
    value, previous = metric.value(sums), metric.value(previous_sums)
    if metric.better is None or value is None or previous is None:
        return None
    if metric.denominator is None:
        return stock_change_interval(value - previous, np.asarray(metric.numerator(by_day), dtype=float))
    denominator, previous_denominator = float(metric.denominator(sums)), float(metric.denominator(previous_sums))
    if metric.unit == "share":
        low, high = newcombe_interval(
            (float(metric.numerator(sums)), denominator), (float(metric.numerator(previous_sums)), previous_denominator)
        )
        # What chance gives is in both periods; what is beyond it changes by more than the whole share.
        return low / (1 - metric.chance), high / (1 - metric.chance)
    days = np.asarray(metric.numerator(by_day), dtype=float), np.asarray(metric.denominator(by_day), dtype=float)
    return ratio_change_interval(value - previous, *days, denominator / previous_denominator)
