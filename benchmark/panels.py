"""The panels whose questions are timed, and the statements that each one asks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st
from sqlalchemy import event

from database.engine import engine
from database.reading import patience
from queries import facts, overview, points, queue, recurring, regions, resolution, satisfaction
from queries.cut import cut
from queries.filters import Filters
from queries.reference import KINDS, words

PERIOD = timedelta(days=90)
Statement = tuple[str, Any]


@dataclass(frozen=True)
class Panel:
    """A panel of a page: its name, the answer that it draws, and its title among those of the columnar engine."""

    page: str
    name: str
    answer: Callable[[Filters], object]

    @property
    def title(self) -> str:
        """The panel's name and its page's."""
        return f"{self.page}: {self.name}"


def _now(filters: Filters) -> Filters:
    """A country's parts on the map are its regions, a region's its municipalities."""
    return replace(filters, territory=regions.opened(filters))


def _level(filters: Filters) -> regions.Level:
    return "region" if regions.has_districts(_now(filters)) else "territory"


PANELS = [
    Panel("overview", "Tiles", overview.figures),
    Panel("overview", "By day", overview.daily),
    Panel("overview", "By hour", overview.hourly),
    Panel("overview", "Topics", overview.topics),
    Panel("overview", "Territories", overview.territories),
    Panel("overview", "Newest", overview.newest),
    Panel("queue", "Tiles", queue.figures),
    Panel("queue", "Stages", queue.stages),
    Panel("queue", "Topics", queue.topics),
    Panel("queue", "Organisations", queue.organisations),
    Panel("queue", "Channels", queue.channels),
    Panel("queue", "Backlog", queue.backlog),
    Panel("queue", "Overdue", lambda filters: queue.late(filters, "overdue")),
    Panel("queue", "At risk", lambda filters: queue.late(filters, "at_risk")),
    Panel("queue", "On the map", queue.points),
    Panel("resolution", "Tiles", resolution.figures),
    Panel("resolution", "By day", resolution.daily),
    Panel("resolution", "Answer time", resolution.answer_days),
    Panel("resolution", "Organisations", resolution.organisations),
    Panel("resolution", "Topics", resolution.topics),
    Panel("resolution", "Load", resolution.load),
    Panel("resolution", "Channels", resolution.channels),
    Panel("resolution", "Recurring", recurring.cells),
    Panel("regions", "Map", lambda filters: regions.coloured(_now(filters), _level(filters), "on_time_rate")),
    Panel("regions", "Open", lambda filters: regions.territories(_now(filters), _level(filters))),
    Panel("regions", "Open by day", lambda filters: regions.open_by_day(_now(filters), _level(filters))),
    Panel("regions", "Table", lambda filters: regions.table(_now(filters), _level(filters))),
    Panel("regions", "Points, open", lambda filters: points.waiting(_now(filters))),
    Panel("regions", "Points, received", lambda filters: points.received(_now(filters))),
    Panel("satisfaction", "Tiles", satisfaction.figures),
    Panel("satisfaction", "Trend", satisfaction.trend),
    Panel("satisfaction", "Ratings", satisfaction.distribution),
    Panel("satisfaction", "By topic", lambda filters: satisfaction.by(filters, "topic")),
    Panel("satisfaction", "By organisation", lambda filters: satisfaction.by(filters, "organisation")),
    Panel("satisfaction", "By channel", lambda filters: satisfaction.by(filters, "channel")),
    Panel("satisfaction", "By delay", satisfaction.by_delay),
    Panel("satisfaction", "Low ratings", satisfaction.low),
]


def screens() -> dict[str, Filters]:
    """What the screens are narrowed to: the whole country and one region, over the last ninety days."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    country = Filters(start=tomorrow - PERIOD, end=tomorrow)
    return {"country": country, "region": replace(country, territory="RU-KHM")}


def statements(panel: Panel, filters: Filters, *, from_appeals: bool = False) -> list[Statement]:
    """The statements that a panel asks, with their values, as the driver gets them.

    What is known of territories, topics and words is asked once a change for all screens, and not counted.
    """
    known = {text for text, _ in _asked(lambda: _reference(filters))}
    token = facts.from_appeals.set(from_appeals)
    try:
        return [one for one in _asked(lambda: panel.answer(filters)) if one[0] not in known]
    finally:
        facts.from_appeals.reset(token)


def _reference(filters: Filters) -> None:
    cut(filters)
    for kind in KINDS:
        words(kind, filters.language)


def _asked(answer: Callable[[], object]) -> list[Statement]:
    asked: list[Statement] = []

    def hear(_connection: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        if "set_config" not in statement:
            asked.append((statement, values))

    st.cache_data.clear()
    waits = patience.set(600)
    event.listen(engine(), "before_cursor_execute", hear)
    try:
        answer()
    finally:
        event.remove(engine(), "before_cursor_execute", hear)
        patience.reset(waits)
    return asked
