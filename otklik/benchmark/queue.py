"""Measuring the queue with 200,000 open appeals: its first data, turning a page, and a search."""

import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st
from sqlalchemy import text

from otklik.benchmark.dataset import DatasetShape, build_dataset
from otklik.benchmark.panels import load_reference_data
from otklik.benchmark.timing import TimedStep, elapsed_ms
from otklik.database.transactions import query_dataframe
from otklik.progress import ProgressCallback
from queries.filters import Filters
from queries.lists.appeal_list import AppealKey, appeals_by_key
from queries.lists.ordering import MOMENT_COLUMNS, SORT_OPTIONS
from queries.queue import open_counts, open_list
from queries.queue.list_filters import ListCriteria
from queries.queue.open_list import Cursor

OPEN_APPEALS = 200_000
REPETITIONS = 9
# Texts of words with realistic frequencies, most of them followed by a number, so that rare words exist.
VOCABULARY = (
    "яма дорога двор снег лёд фонарь свет лифт подъезд крыша отопление холодно вода труба мусор контейнер автобус"
    " остановка маршрут больница врач очередь школа питание садик площадка собака дерево тротуар протечка подвал"
    " счётчик оплата квитанция светофор переход знак парковка шум стройка запах уборка асфальт колодец люк газ кран"
)
RANDOM_WORD = f"(string_to_array('{VOCABULARY}', ' '))[1 + floor(random() ^ 3 * 48)::int]"
RANDOM_NUMBER = "CASE WHEN random() < 0.7 THEN (random() * 400)::int::text ELSE '' END"
RANDOM_BODY = f"(SELECT string_agg({RANDOM_WORD} || {RANDOM_NUMBER}, ' ') FROM generate_series(1, 22 + n % 9))"
SEARCHES = ("яма", "дороги и снег", "лифт в подъезде", "B-12345", "протечка подвала вода", "фонарь")


def build_queue_dataset(url: str, progress: ProgressCallback) -> None:
    """Fill an empty, migrated database with about 200,000 open appeals of the last 60 days."""
    build_dataset(
        url,
        OPEN_APPEALS * 105 // 100,
        progress,
        DatasetShape(period="60 days", answer_time="1000 days", body=RANDOM_BODY),
    )


def measure_queue() -> Iterator[TimedStep]:
    """Time the queue's queries without caches, on the database of this process's engine and in the current scope."""
    today = datetime.now(UTC).date()
    all_filters = Filters(today - timedelta(days=30), today + timedelta(days=1))
    yield TimedStep("Queue: first data", _median_ms(all_filters, partial(_first_data, all_filters)), 300)
    cursors = _sample_cursors()
    directions = (False, True)
    page_turns = [
        partial(open_list.list_page, all_filters, ListCriteria(sort=sort), cursor, backward=backward)
        for sort, cursor in cursors
        for backward in directions
    ]
    yield TimedStep(
        "Queue: a turn of the page",
        statistics.median(_median_ms(all_filters, page_turn) for page_turn in page_turns),
        50,
    )
    searches = [
        partial(open_list.list_page, all_filters, ListCriteria(search_text=search_text)) for search_text in SEARCHES
    ]
    yield TimedStep("Queue: a search", statistics.median(_median_ms(all_filters, search) for search in searches), 150)


def _first_data(filters: Filters) -> None:
    """The queries that the page needs before it can show its figures and rows."""
    open_counts.kpis(filters)
    open_list.counts_by_stage_and_age(filters)
    page = open_list.list_page(filters)
    open_list.capped_count(filters)
    appeals_by_key(tuple(AppealKey(int(row["region_id"]), int(row["id"])) for _, row in page.iterrows()), "en")


def _sample_cursors() -> list[tuple[str, Cursor]]:
    """Cursors at the beginning, in the middle and near the end of each order by a moment."""
    shares = (0.01, 0.5, 0.98)
    cursors = []
    for sort, (column, _last_first) in SORT_OPTIONS.items():
        if column not in MOMENT_COLUMNS:
            continue
        statement = text(
            f"SELECT percentile_disc(CAST(:shares AS float[])) WITHIN GROUP (ORDER BY {column}) AS moments FROM appeal"
            f" WHERE closed_at IS NULL AND {column} IS NOT NULL"
        ).bindparams(shares=list(shares))
        moments = query_dataframe(statement, 60)["moments"].iloc[0]
        cursors += [(sort, Cursor(moment.isoformat(), 0, 0)) for moment in moments]
    return cursors


def _median_ms(filters: Filters, action: Callable[[], object]) -> float:
    times = []
    for _ in range(REPETITIONS):
        st.cache_data.clear()
        load_reference_data(filters)
        times.append(elapsed_ms(action))
    return statistics.median(times)
