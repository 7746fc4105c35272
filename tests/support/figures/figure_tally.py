"""How many figures were compared, and which differ."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from queries.metrics.catalogue import PERCENTILE_METRICS

BUCKET_WIDTH = 0.0501
BUCKET_DAYS = 3.1 / 86400
"""Percentiles come from a histogram: its buckets are 5 % of a time and a minute wide."""


@dataclass
class Tally:
    """How many values were compared, by what they are of, and a line for each that differs."""

    compared: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def compare(self, kind: str, key: object, shown: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
        """Compare the figures that both have; one that is shown and not expected is a difference too."""
        for name, value in shown.items():
            self.compared[kind] += 1
            if name not in expected or not is_same(name, value, expected[name]):
                self.differences.append(f"{kind} {key}: {name} is {value}, expected {expected.get(name)}")


def is_same(name: str, shown: float | None, expected: float | None) -> bool:
    """Whether two values are the same; percentiles need only lie in the same bucket."""
    is_unknown = shown is None or bool(pd.isna(shown))
    if is_unknown or expected is None:
        return is_unknown and expected is None
    tolerance = 1e-9 * max(1.0, abs(expected))
    if name in PERCENTILE_METRICS:
        tolerance = BUCKET_WIDTH * expected + BUCKET_DAYS
    return abs(float(shown or 0) - expected) <= tolerance
