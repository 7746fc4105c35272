"""Two territories or two organisations side by side, in every metric of the catalogue."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Literal

import pandas as pd

from otklik.small_numbers import newcombe_interval, wilson_interval
from queries.cache.background import background_live
from queries.core.lacking_fields import lacking_fields
from queries.core.reference import dimension_members
from queries.filters import Filters
from queries.metrics.catalogue import PERCENTILE_METRICS, PERIOD_METRICS, RECEIVED_PER_10K, TIME_ALLOWED
from queries.metrics.metric import MetricValue
from queries.metrics.unknown import mask_unknown
from queries.resolution.fast_track import fast_track_share
from queries.summaries import metric_values
from queries.summaries.breakdown import breakdown
from queries.summaries.open_ages import oldest_open, open_durations

SideKind = Literal["territory", "organisation"]
FloatPair = tuple[float, float]


@background_live
def compared_metrics(filters: Filters, kind: SideKind, codes: tuple[str, str]) -> pd.DataFrame:
    """One row per metric: figure (its id), value, low and high of each side (`a_`, `b_`), difference, low, high.

    The difference is a minus b. Shares have 95 % bounds: Wilson's, and Newcombe's for the difference. Counts, means and
    times have none (NaN).
    """
    without_comparison = replace(filters, compare="none")
    sides = [
        all_metric_values(
            replace(without_comparison, territory=code)
            if kind == "territory"
            else replace(without_comparison, organisation=code)
        )
        for code in codes
    ]
    return pd.DataFrame([_comparison_row(a, b) for a, b in zip(*sides, strict=True)])


def default_pair(filters: Filters, kind: SideKind) -> list[str]:
    """The codes of the two members that received most (territories: a step below the chosen one); maybe fewer."""
    return breakdown(filters, kind, measures=("received",))["code"].head(2).tolist()


def all_metric_values(filters: Filters) -> list[MetricValue]:
    """The value of every metric of the catalogue, except those of data quality."""
    return [
        *metric_values.metric_values(filters, PERIOD_METRICS),
        fast_track_share(filters),
        oldest_open(filters),
        _time_allowed(filters),
        _received_per_head(filters),
    ]


def _time_allowed(filters: Filters) -> MetricValue:
    durations = open_durations(filters)
    metric_value = MetricValue(TIME_ALLOWED, None if durations.empty else TIME_ALLOWED.value(durations.iloc[0]))
    return metric_value if metric_value.value else mask_unknown(metric_value, lacking_fields(filters), {})


def _received_per_head(filters: Filters) -> MetricValue:
    """Received per 10,000 inhabitants; None for an organisation and for a territory of unknown population."""
    populations = dimension_members("territory", "en").set_index("code")["population"]
    population = populations.get(filters.territory) if filters.territory and not filters.organisation else None
    if pd.isna(population):
        return MetricValue(RECEIVED_PER_10K, None)
    sums = SimpleNamespace(received=metric_values.period_totals(filters)["received"], population=population)
    return MetricValue(RECEIVED_PER_10K, RECEIVED_PER_10K.value(sums))


def _comparison_row(a: MetricValue, b: MetricValue) -> dict[str, object]:
    counts_a, counts_b = _share_counts(a), _share_counts(b)
    difference_bounds = newcombe_interval(counts_a, counts_b) if counts_a and counts_b else None
    nan = float("nan")
    row: dict[str, object] = {"figure": a.metric.id}
    for side, metric_value, counts in (("a", a, counts_a), ("b", b, counts_b)):
        low, high = (wilson_interval(*counts) if counts else None) or (nan, nan)
        row |= {
            f"{side}_value": nan if metric_value.value is None else metric_value.value,
            f"{side}_low": low,
            f"{side}_high": high,
        }
    comparable = a.value is not None and b.value is not None
    row["difference"] = float(a.value or 0) - float(b.value or 0) if comparable else nan
    row["low"], row["high"] = difference_bounds or (nan, nan)
    return row


def _share_counts(metric_value: MetricValue) -> FloatPair | None:
    """The numerator and denominator of a share; None for other metrics and for a share without cases."""
    metric = metric_value.metric
    if metric.unit != "share" or metric.id in PERCENTILE_METRICS or not metric_value.denominator:
        return None
    return float(metric_value.numerator or 0), float(metric_value.denominator)
