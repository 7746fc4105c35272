"""Members side by side in a table of metrics, in which those with few cases are never ranked among the others."""

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pandas as pd

from otklik.small_numbers import MIN_CASES
from queries.counts.state_sums import SUM_MEASURES
from queries.metrics.catalogue import METRICS, PERIOD_METRICS
from queries.metrics.unknown import mask_unknown_rows, unknown_field
from queries.summaries.breakdown import ValueArray
from queries.summaries.resolved_share import ESTIMATES

LEAGUE_MEASURES = tuple(name for name in SUM_MEASURES if name != "risked")
"""The measures that the metrics of league tables need: none of them needs what is at risk."""


def league_rows(members: pd.DataFrame, metric_ids: tuple[str, ...]) -> pd.DataFrame:
    """One row per member of a breakdown: code, name, the metrics and `small` (fewer than 30 received in the period).

    Most received first, small members after all others. A metric that is unknown for want of a field is NaN;
    `attrs["unknown"]` has the field by the metric. A share or mean over fewer than 30 cases is NaN. `members`:
    queries.summaries.breakdown.breakdown.
    """
    measures = {name: members[name].to_numpy() for name in (*SUM_MEASURES, *ESTIMATES) if name in members}
    lacking = members["lacking"].tolist()
    metric_columns = {
        name: mask_unknown_rows(
            METRICS[name], reliable_values(name, members[name].to_numpy(), measures), lacking, measures
        )
        if name in METRICS
        else members[name].to_numpy()
        for name in metric_ids
    }
    unknown = {
        name: field
        for name in metric_ids
        if name in METRICS
        for fields in lacking
        if (field := unknown_field(METRICS[name], fields, {})) and np.isnan(metric_columns[name].astype(float)).any()
    }
    small, received = measures["received"] < MIN_CASES, measures["received"]
    order = np.lexsort((-received, small))
    rows = {"code": members["code"].array, "name": members["name"].array, **metric_columns, "small": small}
    league = pd.DataFrame({name: values[order] for name, values in rows.items()})
    league.attrs["unknown"] = unknown
    return league


def reliable_values(metric_id: str, values: ValueArray, measures: Mapping[str, ValueArray]) -> ValueArray:
    """The values of a metric, NaN where it is a share or mean over fewer than 30 cases."""
    metric = PERIOD_METRICS.get(metric_id)
    if metric is None or metric.denominator is None:
        return values
    return np.where(metric.denominator(SimpleNamespace(**measures)) >= MIN_CASES, values, np.nan)
