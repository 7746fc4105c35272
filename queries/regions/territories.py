"""Territories side by side, for the map, the list next to it and the tables below it."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from otklik.small_numbers import MIN_CASES
from queries.cache.live import live, reference_data
from queries.core.lacking_fields import lacking_of_territories
from queries.core.local_days import through_running_day
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.counts.state_sums import SUM_MEASURES
from queries.filters import Filters
from queries.metrics.catalogue import (
    METRICS,
    NOW_ONLY_METRICS,
    PERCENTILE_METRICS,
    PERIOD_METRICS,
    RECEIVED_PER_10K,
    UNCOMPARED_METRICS,
)
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.metrics.unknown import mask_unknown_rows, unknown_field
from queries.regions.points import municipality_centres
from queries.statistics.shrinkage import ShrunkShares, shrunk_shares
from queries.summaries.breakdown import breakdown, metric_arrays
from queries.summaries.league_table import league_rows
from queries.summaries.metric_values import metric_values
from queries.summaries.resolved_share import ESTIMATES, aligned_estimates, member_estimates

TerritoryLevel = Literal["territory", "region"]
# The metrics that the map can be coloured by: all that the sums of a territory give, the most wanted ones first.
PRIMARY_METRICS = (
    "on_time_rate",
    "received",
    RECEIVED_PER_10K.id,
    "open",
    "overdue",
    "resolved_share",
    "answer_mean",
    "satisfaction",
)
EXCLUDED_METRICS = (*PERCENTILE_METRICS, "oldest_open", "time_allowed", "fast_share", *DATA_QUALITY_METRICS)
MAP_METRICS = (
    *PRIMARY_METRICS,
    *(metric_id for metric_id in METRICS if metric_id not in (*PRIMARY_METRICS, *EXCLUDED_METRICS)),
)
TERRITORY_METRICS = (
    *("received", "open", "overdue", "on_time_rate", "resolved_share", "answer_mean"),
    *("reopened_rate", "satisfaction", "coverage", "rating_mean"),
)
RESOLVED_SHARE = PERIOD_METRICS["resolved_share"]
MAX_ORGANISATIONS = 200
ORGANISATION_METRICS = ("received", "open", "overdue", "on_time_rate")
ORGANISATION_MEASURES = ("received", "due", "met", "open", "overdue")


@live
def territories(filters: Filters, level: TerritoryLevel) -> pd.DataFrame:
    """One row per territory a step below the chosen one (or per region), indexed by id; most received first.

    Includes territories where nothing happened. Columns: code, name, population, lon, lat, the measures, the state,
    every metric that can be computed from these and the population, lacking (queries.summaries.breakdown.breakdown),
    and regions (codes of those at or below it; empty for a municipality). The share resolved: `with_resolved_share`.
    """
    members, resolved = breakdown(filters, level), resolve(filters)
    reference_rows = dimension_members("territory", filters.language)
    shown_rows = reference_rows[reference_rows.index.isin(resolved.regions if level == "region" else resolved.children)]
    positions = members.index.get_indexer(shown_rows.index)
    # A territory where nothing happened has no row (position -1): it takes the 0 that is appended.
    measures = {name: np.append(members[name].to_numpy(), 0)[positions] for name in SUM_MEASURES}
    current_only = {name: members[name].reindex(shown_rows.index) for name in NOW_ONLY_METRICS}
    metrics = [
        item
        for item in PERIOD_METRICS.values()
        if item.id not in (*PERCENTILE_METRICS, *NOW_ONLY_METRICS, *measures, RESOLVED_SHARE.id)
    ]
    population = shown_rows["population"].to_numpy(dtype=float)
    locations = shown_rows[["lon", "lat"]]
    if locations["lon"].isna().any() and resolved.steps_to_municipalities:
        locations = locations.fillna(
            municipality_centres(Filters(filters.start, filters.end, territory=filters.territory))
        )
    region_codes = _region_codes_by_territory()
    metric_columns = metric_arrays([*metrics, RECEIVED_PER_10K], measures | {"population": population})
    lacking = lacking_of_territories(shown_rows.index.tolist())
    rows = {
        **{name: shown_rows[name] for name in ("code", "name", "population")},
        **{name: locations[name] for name in ("lon", "lat")},
        **measures,
        **current_only,
        **{
            name: mask_unknown_rows(METRICS[name], values, lacking, measures) for name, values in metric_columns.items()
        },
        "lacking": pd.Series(lacking, shown_rows.index, object),
        "regions": [region_codes.get(item, ()) for item in shown_rows.index.tolist()],
    }
    received, names = measures["received"], shown_rows["name"].tolist()
    order = sorted(range(len(shown_rows)), key=lambda item: (-received[item], names[item]))
    return pd.DataFrame(rows, index=shown_rows.index).take(order)


def with_resolved_share(rows: pd.DataFrame, filters: Filters, level: TerritoryLevel) -> pd.DataFrame:
    """The rows of `territories` with the share resolved and its `ESTIMATES`, at most ten minutes old."""
    estimates = aligned_estimates(member_estimates(filters, level, None), rows.index.to_numpy())
    shares = metric_arrays([RESOLVED_SHARE], estimates)
    lacking, measures = rows["lacking"].tolist(), {name: rows[name].to_numpy() for name in SUM_MEASURES} | estimates
    return rows.assign(
        **estimates,
        **{name: mask_unknown_rows(RESOLVED_SHARE, values, lacking, measures) for name, values in shares.items()},
    )


@reference_data
def _region_codes_by_territory() -> dict[int, tuple[str, ...]]:
    """The codes of the regions at or below each territory, by its id."""
    territory_rows = dimension_members("territory", "en")
    parent_ids = {
        territory_id: None if pd.isna(parent_id) else int(parent_id)
        for territory_id, parent_id in territory_rows["parent_id"].items()
    }
    region_codes: dict[int, tuple[str, ...]] = {}
    for region_id, code in territory_rows.loc[territory_rows["level"] == "region", "code"].sort_index().items():
        ancestor_id = int(region_id)  # type: ignore[call-overload]
        while ancestor_id is not None:
            region_codes[ancestor_id] = (*region_codes.get(ancestor_id, ()), code)
            ancestor_id = parent_ids.get(ancestor_id)
    return region_codes


@live
def map_values(filters: Filters, level: TerritoryLevel, metric_id: str) -> pd.DataFrame:
    """The rows of `territories` with one metric: value, cases, shrunk, low, high, previous, change, few, change_few.

    Few ones come last. `shrunk` is what a share is most likely to be, given those of the other territories, `low` and
    `high` are its 95 % bounds (queries.statistics.shrinkage); of anything but a share it is the value, without bounds.

    `cases` is the denominator, or the count itself. `change` is the difference from the comparison period, for a count
    divided by the count of that period; NaN without one. `few`: a share or mean over fewer than 30 cases. `change_few`:
    that, or fewer than 30 cases in the comparison period. Metrics known for now only are those of now.
    `attrs["unknown"]`: the field for want of which all values are unknown; None where any is known.
    """
    if metric_id in NOW_ONLY_METRICS:
        filters = replace(through_running_day(filters), compare="none")
    metric, rows, comparison = METRICS[metric_id], _metric_rows(filters, level, metric_id), filters.comparison_filters()
    columns = {name: rows[name].to_numpy() for name in (*SUM_MEASURES, *ESTIMATES) if name in rows}
    value = mask_unknown_rows(metric, rows[metric_id].to_numpy(dtype=float), rows["lacking"], columns)
    cases = np.asarray(metric.cases(rows), dtype=float)
    previous, previous_cases = np.full(len(rows), np.nan), cases
    if comparison and metric_id not in UNCOMPARED_METRICS:
        previous_rows = _metric_rows(comparison, level, metric_id).reindex(rows.index)
        previous = previous_rows[metric_id].to_numpy(dtype=float)
        # The denominator of received per 10,000 is the population; the cases are the appeals received.
        previous_cases = (
            previous_rows["received"].to_numpy()
            if metric is RECEIVED_PER_10K
            else np.asarray(metric.cases(previous_rows), dtype=float)
        )
    change = value - previous
    if not metric.denominator:
        change = np.divide(change, previous, out=np.full(len(rows), np.nan), where=previous > 0)
    few = (cases < MIN_CASES) & (metric.denominator is not None and metric is not RECEIVED_PER_10K)
    estimates = ShrunkShares(value, *np.full((2, len(rows)), np.nan))
    if metric.unit == "share" and metric.denominator:
        known_cases = np.where(np.isnan(value), 0.0, cases)
        estimates = shrunk_shares(np.nan_to_num(value) * known_cases, known_cases)
    value_columns = {
        "value": value,
        "cases": cases,
        "previous": previous,
        "change": change,
        "shrunk": estimates.mean,
        "low": estimates.low,
        "high": estimates.high,
    }
    rows = rows.assign(**value_columns, few=few, change_few=few | (previous_cases < MIN_CASES))
    rows = rows.take(np.argsort(few, kind="stable"))
    lacking = frozenset().union(*rows["lacking"])
    rows.attrs["unknown"] = unknown_field(metric, lacking, {}) if np.isnan(value).all() else None
    return rows


def _metric_rows(filters: Filters, level: TerritoryLevel, metric_id: str) -> pd.DataFrame:
    """The rows of `territories`, with the share resolved only for that metric: it takes as long as all others."""
    rows = territories(filters, level)
    return with_resolved_share(rows, filters, level) if metric_id == RESOLVED_SHARE.id else rows


@live
def open_now(filters: Filters, level: TerritoryLevel) -> pd.DataFrame:
    """The rows of `territories` with the state as of now, whatever the end of the period."""
    return territories(replace(through_running_day(filters), compare="none"), level)


@live
def overall_value(filters: Filters, metric_id: str) -> float | None:
    """The value of a metric over everything that the viewer sees, whatever territory is chosen; None for counts."""
    metric = METRICS[metric_id]
    if metric.denominator is None or metric_id not in PERIOD_METRICS:
        return None
    return metric_values(replace(filters, territory=None, compare="none"), (metric_id,))[0].value


@live
def territory_metrics(filters: Filters, level: TerritoryLevel) -> pd.DataFrame:
    """One row per territory: code, name, `TERRITORY_METRICS`, small.

    Order and small numbers: queries.summaries.league_table.league_rows.
    """
    return league_rows(with_resolved_share(territories(filters, level), filters, level), TERRITORY_METRICS)


@live
def organisation_metrics(
    filters: Filters, metric_id: str = "on_time_rate", limit: int = MAX_ORGANISATIONS
) -> pd.DataFrame:
    """One row per organisation: code, name, the metric if organisations have it, `ORGANISATION_METRICS`, small.

    Order and small numbers: queries.summaries.league_table.league_rows.
    """
    measures: tuple[str, ...] = ORGANISATION_MEASURES
    if metric_id not in ORGANISATION_METRICS:
        measures = SUM_MEASURES
    is_resolved_share = metric_id == RESOLVED_SHARE.id
    members = breakdown(filters, "organisation", measures=measures, with_resolved_share=is_resolved_share)
    metric_ids = tuple(dict.fromkeys((metric_id, *ORGANISATION_METRICS)))
    return league_rows(members, tuple(name for name in metric_ids if name in members)).head(limit)
