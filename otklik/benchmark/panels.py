"""The panels whose questions are timed, and the statements that each one asks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st
from sqlalchemy import event

from otklik.database.engine import engine
from otklik.database.transactions import patience
from queries import filter_options, overdue, overview
from queries.core import cube_routing
from queries.core.reference import KINDS, words
from queries.core.resolved_filters import cut
from queries.filters import Filters
from queries.queue import open_counts
from queries.regions import points, territories
from queries.resolution import performance, recurring
from queries.satisfaction import ratings

PERIOD = timedelta(days=90)
# Each screen with its territory; None is all of them.
SCREENS = {"country": None, "region": "RU-KHM"}
Statement = tuple[str, Any]


@dataclass(frozen=True)
class Panel:
    """A panel of a page: its name, the answer that it draws, and what of the columnar engine comes to the same."""

    page: str
    name: str
    answer: Callable[[Filters], object]
    columnar: tuple[str, ...]

    @property
    def title(self) -> str:
        """The panel's name and its page's."""
        return f"{self.page}: {self.name}"


def _now(filters: Filters) -> Filters:
    """A country's parts on the map are its regions, a region's its municipalities."""
    return replace(filters, territory=territories.opened(filters))


def _level(filters: Filters) -> territories.Level:
    return "region" if territories.has_districts(_now(filters)) else "territory"


# Sums of the period and of the one compared with; by day, with how things stood before and stand now.
TILES = ("sums", "sums")
DAYS = ("days", "sums", "sums")
PANELS = [
    Panel("overview", "Tiles", overview.figures, (*TILES, "days", "answers", "answers")),
    Panel("overview", "By day", overview.daily, DAYS),
    Panel("overview", "By hour", overview.hourly, ("hours",)),
    Panel("overview", "Topics", overview.topics, ("topics",)),
    Panel("overview", "Territories", overview.territories, ("places",)),
    Panel("overview", "Newest", overview.newest, ("newest",)),
    Panel("queue", "Tiles", open_counts.figures, (*TILES, "days")),
    Panel("queue", "Stages", open_counts.stages, ("stages",)),
    Panel("queue", "Topics", open_counts.topics, ("topic_stages",)),
    Panel("queue", "Organisations", open_counts.organisations, ("held",)),
    Panel("queue", "Channels", open_counts.channels, ("open_channels",)),
    Panel("queue", "Backlog", open_counts.backlog, DAYS),
    Panel("queue", "On the map", open_counts.points, ("placed",)),
    Panel("overdue", "Overdue", lambda filters: overdue.late(filters, "overdue"), ("overdue",)),
    Panel("overdue", "At risk", lambda filters: overdue.late(filters, "at_risk"), ("risk",)),
    Panel("resolution", "Tiles", performance.figures, (*TILES, "days", "answers", "answers", "regimes", "regimes")),
    Panel("resolution", "By day", performance.daily, DAYS),
    Panel("resolution", "Answer time", performance.answer_days, ("answers",)),
    Panel("resolution", "Organisations", performance.organisations, ("organisations",)),
    Panel("resolution", "Topics", performance.topics, ("topics",)),
    Panel("resolution", "Load", performance.load, ("held",)),
    Panel("resolution", "Channels", performance.channels, ("channels",)),
    Panel("resolution", "Recurring", recurring.cells, ("recurring", "recurring")),
    Panel(
        "regions",
        "Map",
        lambda filters: territories.coloured(_now(filters), _level(filters), "on_time_rate"),
        ("places", "places"),
    ),
    Panel("regions", "Open", lambda filters: territories.territories(_now(filters), _level(filters)), ("places",)),
    Panel(
        "regions",
        "Open by day",
        lambda filters: territories.open_by_day(_now(filters), _level(filters)),
        ("places", "place_days"),
    ),
    Panel("regions", "Table", lambda filters: territories.table(_now(filters), _level(filters)), ("places",)),
    Panel("regions", "Points, open", lambda filters: points.waiting(_now(filters)), ("points_open",)),
    Panel("regions", "Points, received", lambda filters: points.received(_now(filters)), ("points",)),
    Panel("satisfaction", "Tiles", ratings.figures, (*TILES, "days")),
    Panel("satisfaction", "Trend", ratings.trend, DAYS),
    Panel("satisfaction", "Ratings", ratings.distribution, ("sums",)),
    Panel("satisfaction", "By topic", lambda filters: ratings.by(filters, "topic"), ("topics",)),
    Panel("satisfaction", "By organisation", lambda filters: ratings.by(filters, "organisation"), ("organisations",)),
    Panel("satisfaction", "By channel", lambda filters: ratings.by(filters, "channel"), ("channels",)),
    Panel("satisfaction", "By delay", ratings.by_delay, ("waits",)),
    Panel("satisfaction", "Low ratings", ratings.low, ("low",)),
]


def screens() -> dict[str, Filters]:
    """What the screens are narrowed to: the whole country and one region, over the last ninety days.

    They end with the day that runs there, as on a screen: how things stood at the end of one that is over is asked
    otherwise.
    """
    today = datetime.now(UTC).date()
    filters_by_screen = {}
    for screen, territory in SCREENS.items():
        filters = Filters(start=today, end=today, territory=territory)
        tomorrow = filter_options.running(filters, today) + timedelta(days=1)
        filters_by_screen[screen] = replace(filters, start=tomorrow - PERIOD, end=tomorrow)
    return filters_by_screen


def statements(panel: Panel, filters: Filters, *, from_appeals: bool = False, seconds: float = 600) -> list[Statement]:
    """The statements that a panel asks, with their values, as the driver gets them. Raises TooSlow.

    What is known of territories, topics and words is asked once a change for all screens, and not counted.
    """
    reference_statements = {text for text, _ in _asked(lambda: _reference(filters))}
    token = cube_routing.from_appeals.set(from_appeals)
    try:
        return [
            statement
            for statement in _asked(lambda: panel.answer(filters), seconds)
            if statement[0] not in reference_statements
        ]
    finally:
        cube_routing.from_appeals.reset(token)


def _reference(filters: Filters) -> None:
    cut(filters)
    for kind in KINDS:
        words(kind, filters.language)


def _asked(query: Callable[[], object], seconds: float = 600) -> list[Statement]:
    recorded: list[Statement] = []

    def record(_connection: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        if "set_config" not in statement:
            recorded.append((statement, values))

    st.cache_data.clear()
    token = patience.set(seconds)
    event.listen(engine(), "before_cursor_execute", record)
    try:
        query()
    finally:
        event.remove(engine(), "before_cursor_execute", record)
        patience.reset(token)
    return recorded
