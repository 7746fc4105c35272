"""Metrics that can't be known, since the source of the appeals lacks a field that they are made of."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from queries.metrics.metric import Metric, MetricValue

RETURN_METRICS = ("reopened_rate", "explained_reopened")
DEADLINE_MEASURES = ("on_time", "late", "due", "overdue", "risked")


def unknown_field(metric: Metric, lacking: Iterable[str], sums: Mapping[str, Any]) -> str | None:
    """The field for want of which a metric is unknown; None where it is known.

    Deadlines that the source lacks may have been set by rules or people: `sums` with any show that. A share returned is
    unknown where more of those re-opened lack the history of their first answer than are known to have been returned.
    """
    for field in metric.needs:
        if field not in lacking:
            continue
        if field == "deadline_at" and metric.id != "within" and any(sums.get(name, 0) for name in DEADLINE_MEASURES):
            continue
        return field
    return "first_answer" if lacks_history(metric, sums) else None


def lacks_history(metric: Metric, sums: Mapping[str, Any]) -> bool:
    """Whether a share returned can't be known, since too many first answers aren't."""
    return metric.id in RETURN_METRICS and sums.get("first_unknown", 0) > sums.get("returned", 0)


def mask_unknown(metric_value: MetricValue, lacking: Iterable[str], sums: Mapping[str, Any]) -> MetricValue:
    """The metric value, without any number if it is unknown."""
    field = unknown_field(metric_value.metric, lacking, sums)
    return metric_value if field is None else MetricValue(metric_value.metric, None, unknown=field)


def mask_unknown_rows(
    metric: Metric, values: NDArray[Any], lacking: Iterable[Iterable[str]], sum_columns: Mapping[str, NDArray[Any]]
) -> NDArray[Any]:
    """The values of a metric, NaN where it is unknown; `lacking` and `sum_columns` have an entry per value."""
    if not metric.needs:
        return values
    deadline_columns = {name: sum_columns[name] for name in DEADLINE_MEASURES if name in sum_columns}
    is_unknown = np.array(
        [
            bool(fields)
            and unknown_field(metric, fields, {name: c[row] for name, c in deadline_columns.items()}) is not None
            for row, fields in enumerate(lacking)
        ],
        dtype=bool,
    )
    if metric.id in RETURN_METRICS and "first_unknown" in sum_columns:
        is_unknown |= np.asarray(sum_columns["first_unknown"]) > np.asarray(sum_columns["returned"])
    return np.where(is_unknown, np.nan, values) if is_unknown.any() else values
