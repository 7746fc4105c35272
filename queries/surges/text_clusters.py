"""Clusters of similar new appeals, as the nightly search of the texts found them."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from otklik.database.announcements import SURGES_ANNOUNCEMENT
from otklik.database.tables import text_cluster, text_cluster_run
from otklik.database.transactions import query_dataframe
from queries.cache.live import live_with
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve, subtree_ids
from queries.filters import Filters

RECENT_DAYS = 14
"""An episode without a cluster for longer is over: another cluster would begin a new one."""
MAX_CLUSTERS = 5
COLUMNS = (
    *("id", "country_id", "day", "territory_id", "topic_id", "terms", "first_day", "window_days", "appeals"),
    *("usual_low", "usual_high"),
)


@dataclass(frozen=True)
class TextCluster:
    """A cluster as a day's search knew it.

    `terms`: what its appeals are about, in one to three words or pairs, the most telling first. `appeals`: those of the
    window of `window_days` that ends with `day`, of which the first came on `first_day`; nine of ten such windows have
    from `usual_low` to `usual_high` without a cluster. `is_going_on`: found on the last day that was searched.
    `is_in_surge`: its place and topic had a surge then.
    """

    id: int
    terms: tuple[str, ...]
    territory: str
    territory_code: str
    topic: str
    topic_code: str
    first_day: date
    day: date
    window_days: int
    appeals: int
    usual_low: int
    usual_high: int
    is_going_on: bool
    is_in_surge: bool


@live_with(SURGES_ANNOUNCEMENT)
def text_clusters(filters: Filters, limit: int = MAX_CLUSTERS) -> tuple[list[TextCluster], int]:
    """The clusters within the filters' territories and topics, and how many there are; those that go on first.

    One per episode with a cluster in the fortnight up to the last day that was searched: its last one. The largest
    excess first. As surges, of all organisations, channels, regimes and days.
    """
    resolved = resolve(filters)
    rows = query_dataframe(_latest_query())
    within = rows["territory_id"].isin(
        subtree_ids(resolved.territories, dimension_members("territory", "en")["parent_id"])
    )
    if resolved.topics is not None:
        within &= rows["topic_id"].isin(resolved.topics)
    rows = rows[within]
    rows = rows[pd.to_datetime(rows["searched"]) - pd.to_datetime(rows["day"]) < pd.Timedelta(days=RECENT_DAYS)]
    rows = rows.assign(excess=rows["appeals"] - rows["usual_high"], is_going_on=rows["day"] == rows["searched"])
    rows = rows.sort_values(["is_going_on", "excess", "id"], ascending=[False, False, True])
    return [_cluster(row, filters.language) for row in rows.head(limit).to_dict("records")], len(rows)


@live_with(SURGES_ANNOUNCEMENT)
def cluster_by_id(cluster_id: int, language: str) -> TextCluster | None:
    """A cluster that the viewer sees; None for any other number."""
    rows = query_dataframe(_clusters_query().where(text_cluster.c.id == cluster_id))
    rows = rows.assign(is_going_on=rows["day"] == rows["searched"])
    return _cluster(rows.to_dict("records")[0], language) if len(rows) else None


def cluster_of_address(value: str, language: str) -> TextCluster | None:
    """The cluster with this number. Raises ValueError for what is no number."""
    largest_digits = 18
    return cluster_by_id(int(value), language) if len(value) <= largest_digits else None


def _clusters_query() -> Select[tuple[object, ...]]:
    """One row per cluster in the viewer's scope: `COLUMNS`, is_in_surge, and the last day `searched` in its country."""
    searched = (
        select(func.max(text_cluster_run.c.day))
        .where(text_cluster_run.c.country_id == text_cluster.c.country_id)
        .scalar_subquery()
    )
    return select(
        *(text_cluster.c[name] for name in COLUMNS),
        text_cluster.c.surge_topic_id.is_not(None).label("is_in_surge"),
        searched.label("searched"),
    )


def _latest_query() -> Select[tuple[object, ...]]:
    """The last cluster of each episode, of those of the last weeks."""
    recent = select(func.max(text_cluster_run.c.day) - 2 * RECENT_DAYS).scalar_subquery()
    return (
        _clusters_query()
        .ext(distinct_on(text_cluster.c.episode_id))
        .where(text_cluster.c.day > recent)
        .order_by(text_cluster.c.episode_id, text_cluster.c.day.desc(), text_cluster.c.id.desc())
    )


def _cluster(row: dict[Hashable, Any], language: str) -> TextCluster:
    names: dict[str, str] = {}
    for dimension in ("territory", "topic"):
        member = dimension_members(dimension, language).loc[row[f"{dimension}_id"]]
        names |= {dimension: str(member["name"]), f"{dimension}_code": str(member["code"])}
    values: dict[str, Any] = {name: row[name] for name in TextCluster.__annotations__ if name in row}
    return TextCluster(**{**values, **names, "terms": tuple(row["terms"])})
