"""Recurring problems: topics with more appeals from a place than its own history and the season lead to expect."""

from dataclasses import replace

import numpy as np
import pandas as pd

from queries.cache.background import background_timed
from queries.cache.timed import timed
from queries.core.lacking_fields import lacking_of_territories
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve, subtree_ids
from queries.filters import Filters
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.unknown import mask_unknown_rows
from queries.resolution.recurring_history import history_matrix
from queries.statistics.counts_above_expected import CellCounts, excess_counts
from queries.statistics.false_discovery import MAX_FALSE_DISCOVERIES
from queries.summaries.breakdown import metric_arrays
from queries.summaries.league_table import reliable_values
from queries.summaries.place_topic_sums import SPAN_DAYS, Level, cell_sums, with_level

MAX_ROWS = 15
CELL_MEASURES = ("received", "received_resolved")
LEVELS: tuple[Level, ...] = ("region", "municipality")
MIN_RECEIVED = 5
# So many spans of history a place has to have.
MIN_SPANS = 3
# A municipality with this share of its region's excess stands for the region.
MAIN_SHARE = 0.5


@background_timed
def recurring_problems(filters: Filters, limit: int = MAX_ROWS) -> pd.DataFrame:
    """One row per region or municipality and topic with surely more appeals than expected, most of them first.

    Columns: territory, topic, above (the topic above it, or ""), territory_code, topic_code, received, expected, ratio,
    resolution_rate (NaN over fewer than 30 cases). At most 5 % of the rows are chance. A problem of a
    whole region is one row, and so is one that mostly is of a municipality.
    """
    # What is usual doesn't depend on which part of it is looked at.
    everywhere = replace(filters, territory=None, topic=None, compare="none", language="en")
    shown, parents = _shown_ids(filters), dimension_members("territory", "en")["parent_id"]
    found = _surely_more(everywhere)
    found = found[found["territory_id"].isin(shown)]
    if (topics := resolve(filters).topics) is not None:
        found = found[found["topic_id"].isin(topics)]
    rows = _without_repetitions(found.assign(region_id=found["territory_id"].map(parents))).head(limit)
    territory_rows, topic_rows = (
        dimension_members("territory", filters.language),
        dimension_members("topic", filters.language),
    )
    topic_ids, territory_ids = rows["topic_id"].tolist(), rows["territory_id"].tolist()
    parent_names = topic_rows["name"].reindex(topic_rows["parent_id"].reindex(topic_ids))
    sums = {name: rows[name].to_numpy(np.int64) for name in CELL_MEASURES}
    lacking = lacking_of_territories(territory_ids)
    rates = metric_arrays((PERIOD_METRICS["resolution_rate"],), sums)
    return pd.DataFrame(
        {
            "territory": territory_rows["name"].reindex(territory_ids).array,
            "topic": topic_rows["name"].reindex(topic_ids).array,
            "above": parent_names.fillna("").array,
            "territory_code": territory_rows["code"].reindex(territory_ids).array,
            "topic_code": topic_rows["code"].reindex(topic_ids).array,
            "received": sums["received"],
            "expected": rows["expected"].to_numpy(float),
            "ratio": (rows["received"] / rows["expected"]).to_numpy(float),
            **{
                name: mask_unknown_rows(PERIOD_METRICS[name], reliable_values(name, values, sums), lacking, sums)
                for name, values in rates.items()
            },
        }
    )


def _shown_ids(filters: Filters) -> set[int]:
    """The ids of the territories within the filters."""
    return subtree_ids(resolve(filters).territories, dimension_members("territory", "en")["parent_id"])


@timed
def _surely_more(filters: Filters) -> pd.DataFrame:
    """One row per territory and topic with surely more than expected: both ids, level, expected and the measures."""
    rows = pd.concat([_level_rows(filters, level) for level in LEVELS], ignore_index=True)
    is_more = (rows["q"] <= MAX_FALSE_DISCOVERIES) & (rows["received"] >= MIN_RECEIVED)
    found: pd.DataFrame = rows[is_more].drop(columns=["p", "q", "observed"])
    return found


def _level_rows(filters: Filters, level: Level) -> pd.DataFrame:
    """One row per territory of a level and topic: both ids, level, the measures, and those of `excess_counts`."""
    resolved = with_level(resolve(filters), level)
    sums = cell_sums(resolved, filters.start, filters.end, level, CELL_MEASURES)
    history = history_matrix(resolved, filters.start, level)
    index = history.index.union(sums.index)
    history, sums = history.reindex(index, fill_value=0), sums.reindex(index, fill_value=0)
    place_spans = history.groupby(level="territory_id").sum().cumsum(axis=1) > 0
    known = place_spans.reindex(index.get_level_values("territory_id")).to_numpy(bool)
    is_tested = known.sum(axis=1) >= MIN_SPANS
    history, sums, known = history[is_tested], sums[is_tested], known[is_tested]
    if history.empty:
        nothing: pd.DataFrame = sums.assign(level=level, expected=0.0, observed=0.0, p=1.0, q=1.0).reset_index()
        return nothing
    excess = excess_counts(
        CellCounts(
            np.where(known, history.to_numpy(float), np.nan),
            sums["received"].to_numpy(float),
            pd.factorize(history.index.get_level_values("topic_id"))[0].astype(np.int64),
            (filters.end - filters.start).days / SPAN_DAYS,
        )
    )
    rows: pd.DataFrame = sums.assign(level=level).reset_index()
    return rows.join(excess)


def _without_repetitions(found: pd.DataFrame) -> pd.DataFrame:
    """The rows, most received beyond the expected first, without a region's where one town has most, or its towns'."""
    found = found.assign(excess=found["received"] - found["expected"])
    regions, towns = found[found["level"] == "region"], found[found["level"] == "municipality"]
    region_excess = regions.set_index(["territory_id", "topic_id"])["excess"]
    region_of_town = pd.MultiIndex.from_frame(towns[["region_id", "topic_id"]])
    of_region = region_excess.reindex(region_of_town).to_numpy(float)
    is_main = towns["excess"].to_numpy(float) >= MAIN_SHARE * of_region
    kept_towns = towns[np.isnan(of_region) | is_main]
    is_replaced = pd.MultiIndex.from_frame(regions[["territory_id", "topic_id"]]).isin(region_of_town[is_main])
    order = ["excess", "territory_id", "topic_id"]
    kept: pd.DataFrame = pd.concat([regions[~is_replaced], kept_towns])
    return kept.sort_values(order, ascending=[False, True, True])
