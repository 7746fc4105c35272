"""The panels whose questions are timed, and the statements that each one asks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st
from sqlalchemy import event

from database.engine import engine
from database.reading import patience
from queries import answer_time, answers, days, facts, overview
from queries.cut import cut
from queries.filters import Filters
from queries.reference import KINDS, words

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
