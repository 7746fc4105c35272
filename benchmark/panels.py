"""The panels whose questions are timed, and the statements that each one asks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event

from database.engine import engine
from queries import answer_time, answers, days, facts, overview
from queries.filters import Filters

PERIOD = timedelta(days=90)
Statement = tuple[str, Any]


@dataclass(frozen=True)
class Panel:
    """A panel of a page: its name and the answer that it draws."""

    name: str
    answer: Callable[[Filters], object]


PANELS = [
    Panel("Figures", answers.totals),
    Panel("By day", days.days),
    Panel("Answer time", answer_time.buckets),
    Panel("By hour", overview.hourly),
    Panel("Topics", overview.topics),
    Panel("Territories", overview.territories),
    Panel("Newest", overview.newest),
]


def screens() -> dict[str, Filters]:
    """What the screens are narrowed to: the whole country and one region, over the last ninety days."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    country = Filters(start=tomorrow - PERIOD, end=tomorrow)
    return {"country": country, "region": replace(country, territory="RU-KHM")}


def statements(panel: Panel, filters: Filters, *, from_appeals: bool = False) -> list[Statement]:
    """The statements that a panel asks, with their values, as the driver gets them."""
    panel.answer(filters)  # what is known of territories and topics is asked once, not by a panel
    asked: list[Statement] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        if "set_config" not in statement:
            asked.append((statement, parameters))

    uncached = panel.answer.__wrapped__  # type: ignore[attr-defined]
    token = facts.from_appeals.set(from_appeals)
    event.listen(engine(), "before_cursor_execute", hear)
    try:
        uncached(filters)
    finally:
        event.remove(engine(), "before_cursor_execute", hear)
        facts.from_appeals.reset(token)
    return asked
