"""Topical services, such as vaccination, ambulance or school meals: the topics that have a `service_position`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from queries.cache.live import live
from queries.core.reference import dimension_members
from queries.filters import Filters
from queries.metrics.metric import MetricValue
from queries.summaries.breakdown import breakdown
from queries.summaries.league_table import LEAGUE_MEASURES, league_rows
from queries.summaries.metric_values import metric_values
from queries.surges.episodes import Surges, surges

KPI_IDS = ("received", "open", "overdue", "resolved_share", "on_time_rate", "answer_median", "satisfaction")
CARD_METRICS = ("received", "open", "overdue", "resolved_share", "answer_median", "satisfaction")
PLACE_METRICS = ("received", "open", "overdue", "resolved_share", "on_time_rate", "answer_mean", "satisfaction")


@dataclass(frozen=True)
class Service:
    """A topic that is a service."""

    code: str
    name: str


def services(language: str) -> list[Service]:
    """The services in the order of the centre."""
    topics = dimension_members("topic", language)
    shown = topics[topics["service_position"].notna()].sort_values("service_position")
    return [Service(code, name) for code, name in zip(shown["code"], shown["name"], strict=True)]


def service_of_topic(topic: str | None, language: str) -> Service | None:
    """The service that a topic is, or lies below; None for any other topic, and without one."""
    topics, by_code = dimension_members("topic", language), {item.code: item for item in services(language)}
    code_by_id, parent_ids = topics["code"].to_dict(), topics.set_index("code")["parent_id"].to_dict()
    while topic is not None and topic not in by_code:
        topic = code_by_id.get(parent_ids.get(topic))
    return by_code.get(topic) if topic is not None else None


@live
def kpis(filters: Filters) -> list[MetricValue]:
    """The metrics of `KPI_IDS` for the chosen topic, in that order."""
    return metric_values(filters, KPI_IDS)


@live
def card_metrics(filters: Filters, code: str) -> list[MetricValue]:
    """The metrics of `CARD_METRICS` for one service, in that order, whatever topic is chosen."""
    return metric_values(replace(filters, topic=code), CARD_METRICS)


def service_surges(filters: Filters, code: str) -> Surges:
    """The surges of one service, whatever topic is chosen."""
    return surges(replace(filters, topic=code))


@live
def by_service(filters: Filters, codes: Sequence[str]) -> pd.DataFrame:
    """One row per service that received or had anything: code, name, `PLACE_METRICS`, small.

    Order and small numbers: queries.summaries.league_table.league_rows.
    """
    topics = dimension_members("topic", filters.language)
    code_by_id = topics["code"].to_dict()
    parent_ids = topics.set_index("code").loc[list(codes), "parent_id"]
    parents = {None if pd.isna(parent_id) else code_by_id[int(parent_id)] for parent_id in parent_ids}
    members = pd.concat(
        [
            breakdown(replace(filters, topic=parent), "topic", measures=LEAGUE_MEASURES, with_resolved_share=True)
            for parent in sorted(parents, key=str)
        ]
    )
    return league_rows(members[members["code"].isin(codes)], PLACE_METRICS)


@live
def by_territory(filters: Filters) -> pd.DataFrame:
    """One row per territory a step below the chosen one with anything in the chosen topic: code, name, `PLACE_METRICS`.

    And small. Order and small numbers: queries.summaries.league_table.league_rows.
    """
    return league_rows(
        breakdown(filters, "territory", measures=LEAGUE_MEASURES, with_resolved_share=True), PLACE_METRICS
    )
