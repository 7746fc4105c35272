"""The panels that are measured, and the statements that each one sends."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import event

from otklik.database.engine import engine
from otklik.database.transactions import statement_timeout
from queries import filter_options, overdue, overview
from queries.cache.live import change_listener
from queries.cache.statements import bypass_cubes
from queries.core.reference import DIMENSION_TABLES, dimension_members
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.matrix.marked_cells import marked_cells
from queries.morning import backlog_flow, deadlines, feed, holders, today, yesterday
from queries.queue import newest, open_counts
from queries.regions import points, territories
from queries.regions.backlog import open_by_day
from queries.regions.levels import effective_territory, has_districts
from queries.resolution import performance, recurring
from queries.satisfaction import ratings
from queries.satisfaction.low_ratings import low_rated_appeals
from queries.summaries import received_today

PERIOD_DAYS = 90
# The territory of each screen; None stands for all.
SCREENS = {"country": None, "region": "RU-KHM"}
Statement = tuple[str, Any]


@dataclass(frozen=True)
class Panel:
    """A panel of a page: its query, and the equivalent queries of otklik.benchmark.columnar.columnar_queries."""

    page: str
    name: str
    query: Callable[[Filters], object]
    columnar_names: tuple[str, ...]

    @property
    def id(self) -> str:
        """The page and the panel's name as one word: `regions.points_open`."""
        return f"{self.page}.{re.sub(r'[^a-z0-9]+', '_', self.name.lower())}"

    @property
    def title(self) -> str:
        """The names of the page and the panel, such as "overview: Tiles"."""
        return f"{self.page}: {self.name}"


def _with_shown_territory(filters: Filters) -> Filters:
    """The filters with the territory that the map shows for them."""
    return replace(filters, territory=effective_territory(filters))


def _shown_level(filters: Filters) -> territories.TerritoryLevel:
    return "region" if has_districts(_with_shown_territory(filters)) else "territory"


# Sums of the period and of the previous one.
TILE_QUERIES = ("sums", "sums")
# By day, with the stock before and now.
DAILY_QUERIES = ("days", "sums", "sums")
PANELS = [
    Panel("overview", "Tiles", overview.kpis, (*TILE_QUERIES, "days", "answers", "answers")),
    Panel("overview", "By day", overview.flow_by_day, DAILY_QUERIES),
    Panel("overview", "Today so far", today.today_so_far, ()),
    Panel("overview", "By hour", received_today.received_by_hour, ("hours",)),
    Panel("overview", "Topics", overview.topic_ranking, ("topics",)),
    Panel("overview", "Territories", overview.territory_ranking, ("places",)),
    Panel("overview", "Due", deadlines.due_values, ()),
    Panel("overview", "Who must act", holders.holders_to_act, ()),
    Panel("overview", "Backlog flow", backlog_flow.backlog_flow, ("days",)),
    Panel("overview", "Feed", feed.feed, ()),
    Panel("overview", "Yesterday", yesterday.yesterdays_list, ()),
    Panel("queue", "Newest", newest.newest_appeals, ("newest",)),
    Panel("queue", "Tiles", open_counts.kpis, (*TILE_QUERIES, "days")),
    Panel("queue", "Stages", open_counts.open_by_stage_and_age, ("stages",)),
    Panel("queue", "Topics", open_counts.open_by_topic_and_stage, ("topic_stages",)),
    Panel("queue", "Organisations", open_counts.open_by_organisation, ("held",)),
    Panel("queue", "Channels", open_counts.open_by_channel, ("open_channels",)),
    Panel("queue", "Backlog", open_counts.backlog_by_day, DAILY_QUERIES),
    Panel("queue", "On the map", open_counts.open_appeals_with_location, ("placed",)),
    Panel("overdue", "Overdue", lambda filters: overdue.late_appeals(filters, "overdue"), ("overdue",)),
    Panel("overdue", "At risk", lambda filters: overdue.late_appeals(filters, "at_risk"), ("risk",)),
    Panel("resolution", "Tiles", performance.kpis, (*TILE_QUERIES, "days", "answers", "answers", "regimes", "regimes")),
    Panel("resolution", "By day", performance.flow_by_day, DAILY_QUERIES),
    Panel("resolution", "Answer time", performance.answer_time_histogram, ("answers",)),
    Panel("resolution", "Organisations", performance.by_organisation, ("organisations",)),
    Panel("resolution", "Topics", performance.by_topic, ("topics",)),
    Panel("resolution", "Load", performance.workload_by_organisation, ("held",)),
    Panel("resolution", "Channels", performance.by_channel, ("channels",)),
    Panel("resolution", "Recurring", recurring.recurring_problems, ()),
    Panel(
        "regions",
        "Map",
        lambda filters: territories.map_values(_with_shown_territory(filters), _shown_level(filters), "on_time_rate"),
        ("places", "places"),
    ),
    Panel(
        "regions",
        "Map, share resolved",
        lambda filters: territories.map_values(_with_shown_territory(filters), _shown_level(filters), "resolved_share"),
        ("places", "places"),
    ),
    Panel(
        "regions",
        "Open",
        lambda filters: territories.territories(_with_shown_territory(filters), _shown_level(filters)),
        ("places",),
    ),
    Panel(
        "regions",
        "Open by day",
        lambda filters: open_by_day(_with_shown_territory(filters), _shown_level(filters)),
        ("places", "place_days"),
    ),
    Panel(
        "regions",
        "Table",
        lambda filters: territories.territory_metrics(_with_shown_territory(filters), _shown_level(filters)),
        ("places",),
    ),
    Panel(
        "regions", "Points, open", lambda filters: points.open_points(_with_shown_territory(filters)), ("points_open",)
    ),
    Panel(
        "regions",
        "Points, received",
        lambda filters: points.received_points(_with_shown_territory(filters)),
        ("points",),
    ),
    Panel("matrix", "Cells", partial(marked_cells, with_decisions=True), ()),
    Panel("satisfaction", "Tiles", ratings.kpis, (*TILE_QUERIES, "days")),
    Panel("satisfaction", "Trend", ratings.satisfaction_trend, DAILY_QUERIES),
    Panel("satisfaction", "Ratings", ratings.rating_distribution, ("sums",)),
    Panel("satisfaction", "By topic", lambda filters: ratings.satisfaction_by(filters, "topic"), ("topics",)),
    Panel(
        "satisfaction",
        "By organisation",
        lambda filters: ratings.satisfaction_by(filters, "organisation"),
        ("organisations",),
    ),
    Panel("satisfaction", "By channel", lambda filters: ratings.satisfaction_by(filters, "channel"), ("channels",)),
    Panel("satisfaction", "By delay", ratings.satisfaction_by_answer_time, ("waits",)),
    Panel("satisfaction", "Low ratings", low_rated_appeals, ("low",)),
]


def recent_filters(territory: str | None, days: int) -> Filters:
    """The filters of a territory's last days, as a screen has them; None is every territory.

    The period ends with the current local day, as on a screen by default: stocks at the end of a past day take other
    statements.
    """
    today = datetime.now(UTC).date()
    filters = Filters(start=today, end=today, territory=territory)
    tomorrow = filter_options.last_running_day(filters, today) + timedelta(days=1)
    return replace(filters, start=tomorrow - timedelta(days=days), end=tomorrow)


def screen_filters() -> dict[str, Filters]:
    """Screen -> its filters: the whole country and one region, over the last ninety days."""
    return {screen: recent_filters(territory, PERIOD_DAYS) for screen, territory in SCREENS.items()}


def panel_statements(
    panel: Panel, filters: Filters, *, from_appeals: bool = False, seconds: float = 600
) -> list[Statement]:
    """The statements that a panel sends after a change of the data, with their values, as the driver gets them.

    Statements for reference data (territories, topics, codes) are not among them, nor those of `timed_statements`:
    their results are cached for all screens. `from_appeals` bypasses the cubes; `seconds` limits each statement. Raises
    QueryTimeout.
    """
    token = bypass_cubes.set(from_appeals)
    try:
        _all_statements(panel, filters, seconds)
        change_listener().data_version += 1
        return _recorded_statements(lambda: panel.query(filters), seconds)
    finally:
        bypass_cubes.reset(token)


def timed_statements(panel: Panel, filters: Filters) -> list[Statement]:
    """The statements of a panel that are sent once in ten minutes, whatever changes (queries.cache.timed)."""
    after_a_change = {text for text, _ in panel_statements(panel, filters)}
    return [statement for statement in _all_statements(panel, filters) if statement[0] not in after_a_change]


def _all_statements(panel: Panel, filters: Filters, seconds: float = 600) -> list[Statement]:
    """The statements of a panel with nothing cached but reference data."""
    st.cache_data.clear()
    load_reference_data(filters)
    return _recorded_statements(lambda: panel.query(filters), seconds)


def load_reference_data(filters: Filters) -> None:
    """Fill the caches of reference data, which screens share and rarely reload."""
    resolve(filters)
    for kind in DIMENSION_TABLES:
        dimension_members(kind, filters.language)


def _recorded_statements(query: Callable[[], object], seconds: float = 600) -> list[Statement]:
    recorded: list[Statement] = []

    def record(_connection: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        if "set_config" not in statement:
            recorded.append((statement, values))

    token = statement_timeout.set(seconds)
    event.listen(engine(), "before_cursor_execute", record)
    try:
        query()
    finally:
        event.remove(engine(), "before_cursor_execute", record)
        statement_timeout.reset(token)
    return recorded
