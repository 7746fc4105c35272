"""Members side by side in a table of metrics, in which those with few cases are never ranked among the others."""

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pandas as pd

from otklik.database.cubes.measures import MEASURES
from otklik.small_numbers import MIN_CASES
from queries.core.state_sums import STATE_MEASURES
from queries.metrics.catalogue import PERIOD_METRICS
from queries.summaries.breakdown import ValueArray


def league_rows(members: pd.DataFrame, metric_ids: tuple[str, ...]) -> pd.DataFrame:
    """One row per member of a breakdown: code, name, the metrics and `small` (fewer than 30 received in the period).

    Most received first, small members after all others. A share or mean over fewer than 30 cases is NaN. `members`:
    queries.summaries.breakdown.breakdown.
    """
    measures = {name: members[name].to_numpy() for name in (*MEASURES, *STATE_MEASURES) if name in members}
    metric_columns = {name: reliable_values(name, members[name].to_numpy(), measures) for name in metric_ids}
    small, received = measures["received"] < MIN_CASES, measures["received"]
    order = np.lexsort((-received, small))
    rows = {"code": members["code"].array, "name": members["name"].array, **metric_columns, "small": small}
    return pd.DataFrame({name: values[order] for name, values in rows.items()})


def reliable_values(metric_id: str, values: ValueArray, measures: Mapping[str, ValueArray]) -> ValueArray:
    """The values of a metric, NaN where it is a share or mean over fewer than 30 cases."""
    metric = PERIOD_METRICS.get(metric_id)
    if metric is None or metric.denominator is None:
        return values
    return np.where(metric.denominator(SimpleNamespace(**measures)) >= MIN_CASES, values, np.nan)
