"""The queue with 200,000 open appeals: its first data, a turn of its pages, a search."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st
from sqlalchemy import text

from otklik.benchmark.dataset import Progress, Shape, build
from otklik.benchmark.timing import Step
from otklik.database.transactions import frame
from queries.core.reference import KINDS, words
from queries.core.resolved_filters import cut
from queries.filters import Filters
from queries.queue import open_counts, open_list
from queries.queue.list_filters import SORTS, Wanted
from queries.queue.open_list import Edge

OPEN = 200_000
TIMES = 9
# Words as often as they come in texts, and a number in each that is rare.
VOCABULARY = (
    "яма дорога двор снег лёд фонарь свет лифт подъезд крыша отопление холодно вода труба мусор контейнер автобус"
    " остановка маршрут больница врач очередь школа питание садик площадка собака дерево тротуар протечка подвал"
    " счётчик оплата квитанция светофор переход знак парковка шум стройка запах уборка асфальт колодец люк газ кран"
)
WORD = f"(string_to_array('{VOCABULARY}', ' '))[1 + floor(random() ^ 3 * 48)::int]"
NUMBERED = "CASE WHEN random() < 0.7 THEN (random() * 400)::int::text ELSE '' END"
BODY = f"(SELECT string_agg({WORD} || {NUMBERED}, ' ') FROM generate_series(1, 22 + n % 9))"
SEARCHES = ("яма", "дороги и снег", "лифт в подъезде", "B-12345", "протечка подвала вода", "фонарь")


def fill(address: str, progress: Progress) -> None:
    """Fill an empty, migrated database with about 200,000 open appeals of the last two months."""
    build(address, OPEN * 105 // 100, progress, Shape(days="60 days", answered="1000 days", body=BODY))


def timed() -> Iterator[Step]:
    """The times at the database that this process's engine is at, in the scope of who asks: nothing is cached."""
    today = datetime.now(UTC).date()
    all_filters = Filters(today - timedelta(days=30), today + timedelta(days=1))
    yield Step("Queue: first data", _median(all_filters, partial(_first, all_filters)), 300)
    cursors = _places()
    directions = (False, True)
    page_turns = [
        partial(open_list.page, all_filters, Wanted(sort=sort), cursor, back=back)
        for sort, cursor in cursors
        for back in directions
    ]
    yield Step(
        "Queue: a turn of the page", statistics.median(_median(all_filters, page_turn) for page_turn in page_turns), 50
    )
    searches = [partial(open_list.page, all_filters, Wanted(words=search_text)) for search_text in SEARCHES]
    yield Step("Queue: a search", statistics.median(_median(all_filters, page_turn) for page_turn in searches), 150)


def _first(filters: Filters) -> None:
    """What the page asks for before its first figures and rows are there."""
    open_counts.figures(filters)
    open_list.counts(filters)
    page = open_list.page(filters)
    open_list.total(filters)
    open_list.rows(tuple(open_list.Key(int(row["region_id"]), int(row["id"])) for _, row in page.iterrows()), "en")


def _places() -> list[tuple[str, Edge]]:
    """Places at the beginning, in the middle and near the end of each order."""
    shares = (0.01, 0.5, 0.98)
    cursors = []
    for sort, (column, _last_first) in SORTS.items():
        statement = text(
            f"SELECT percentile_disc(CAST(:shares AS float[])) WITHIN GROUP (ORDER BY {column}) AS moments FROM appeal"
            f" WHERE closed_at IS NULL AND {column} IS NOT NULL"
        ).bindparams(shares=list(shares))
        moments = frame(statement, 60)["moments"].iloc[0]
        cursors += [(sort, Edge(moment.isoformat(), 0, 0)) for moment in moments]
    return cursors


def _median(filters: Filters, action: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        st.cache_data.clear()
        # What is known of words and places is asked once a change for all screens, and not counted.
        cut(filters)
        for kind in KINDS:
            words(kind, filters.language)
            words(kind, "en")
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
