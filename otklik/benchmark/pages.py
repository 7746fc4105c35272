"""How long the server takes for a whole page, from its first query to the last message to the browser."""

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from unittest.mock import patch

import psycopg
import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from components.layout.auto_refresh import REFRESH_FRAGMENT
from otklik.benchmark.timing import MILLISECONDS
from otklik.benchmark.writes import APPEAL_COLUMNS
from otklik.database.cubes.rollups import fold_cubes
from otklik.database.listener import GATHER_SECONDS
from otklik.paths import ROOT
from otklik.progress import ProgressCallback
from queries.cache import live
from queries.cache.background import background_results

PAGES = ("overview", "queue", "overdue", "resolution", "satisfaction", "regions", "matrix", "quality")
# The demo person who views each screen.
VIEWERS = {"country": "administrator", "region": "manager"}
PERIOD = "91d"
REPETITIONS = 5
NUMBER_PREFIX = "arrived-"
SELECT_NEWEST = """
    SELECT region_id, id FROM appeal ORDER BY region_id IN (
        SELECT territory_id FROM person JOIN person_territory ON person_id = person.id WHERE subject = 'manager'
    ) DESC, received_at DESC LIMIT 1"""
INSERT_LIKE_NEWEST = f"""
    INSERT INTO appeal ({APPEAL_COLUMNS}, number)
    SELECT {APPEAL_COLUMNS}, %s FROM appeal WHERE region_id = %s AND id = %s"""
POLL_SECONDS = 0.01
MAX_FRESH_MS = 300
MAX_UNCHANGED_MS = 30
TIMEOUT_SECONDS = 300


@dataclass(frozen=True)
class PageTimes:
    """Median milliseconds of a page, and how many of its panels failed.

    `fresh`: elapsed time just after an appeal has arrived. `again`: processor time of a full rerun with unchanged data.
    `unchanged`: processor time of an open page's periodic check that finds no new data.
    """

    screen: str
    page: str
    fresh: float
    again: float
    unchanged: float
    failed: int = 0


class TimedScriptRunner(LocalScriptRunner):
    """Runs a page as a session of the server does, and keeps the times of the last run."""

    elapsed_ms = 0.0
    cpu_ms = 0.0
    only: str | None = None
    """The key of the fragment to run instead of the whole page."""

    def _run_script(self, rerun_data: RerunData) -> None:
        if TimedScriptRunner.only:
            rerun_data = replace(
                rerun_data, fragment_id_queue=self._fragment_storage.resolve_target(TimedScriptRunner.only)
            )
        super()._run_script(rerun_data)

    def _run_script_thread(self) -> None:
        gc.disable()  # The server freezes imported objects and doesn't collect after each run.
        start, cpu_start = time.perf_counter(), time.process_time()
        try:
            super()._run_script_thread()
        finally:
            TimedScriptRunner.elapsed_ms = (time.perf_counter() - start) * MILLISECONDS
            TimedScriptRunner.cpu_ms = (time.process_time() - cpu_start) * MILLISECONDS
            gc.enable()


def measure_pages(url: str, progress: ProgressCallback, repetitions: int = REPETITIONS) -> list[PageTimes]:
    """Time each page for each viewer over the last ninety days, on the database of this process's engine.

    Appeals that are inserted meanwhile are deleted at the end.
    """
    cases = [(screen, page) for screen in VIEWERS for page in PAGES]
    results = []
    with _patched_app_test(url), arriving_appeals(url) as insert_appeal:
        for index, (screen, page) in enumerate(cases):
            progress("Pages", index, len(cases))
            results.append(_measure_page(screen, page, repetitions, insert_appeal))
    progress("Pages", len(cases), len(cases))
    return results


@contextmanager
def arriving_appeals(url: str) -> Iterator[Callable[[], None]]:
    """A function that inserts a copy of the newest appeal that all viewers see and waits for the notification."""
    numbers = count()

    def insert_appeal() -> None:
        version = live.data_version()
        connection.execute(INSERT_LIKE_NEWEST, (f"{NUMBER_PREFIX}{next(numbers)}", *newest))
        timeout_at = time.monotonic() + TIMEOUT_SECONDS
        while live.data_version() == version and time.monotonic() < timeout_at:
            time.sleep(POLL_SECONDS)
        # So that the next notification belongs to another change.
        time.sleep(GATHER_SECONDS)

    def delete_appeals() -> None:
        connection.execute("DELETE FROM appeal WHERE number LIKE %s", (f"{NUMBER_PREFIX}%",))
        fold_cubes(url)

    with psycopg.connect(url, autocommit=True) as connection:
        # Rows of an interrupted run.
        delete_appeals()
        newest = connection.execute(SELECT_NEWEST).fetchone() or ()
        live.data_version()
        try:
            yield insert_appeal
        finally:
            delete_appeals()


@contextmanager
def _patched_app_test(url: str) -> Iterator[None]:
    """Run pages as people of the demo, who may see this database, with timed script runs."""
    with (
        patch.dict(os.environ, OTKLIK_DEMO=os.environ.get("OTKLIK_ADDRESS", url)),
        patch.object(app_test, "LocalScriptRunner", TimedScriptRunner),
    ):
        yield


def _measure_page(screen: str, page_name: str, repetitions: int, insert_appeal: Callable[[], None]) -> PageTimes:
    fresh, again, unchanged = [], [], []
    # Not measured: the first run reads from disk and compiles the charts.
    st.cache_data.clear()
    page = _run_page(screen, page_name)
    failed = _failed_panels(page)
    for _ in range(repetitions):
        # Slow results are computed in the background every ten minutes whatever arrives: not part of these times.
        background_results().wait_for_all()
        insert_appeal()
        page = _run_page(screen, page_name)
        failed = max(failed, _failed_panels(page))
        fresh.append(TimedScriptRunner.elapsed_ms)
    for _ in range(repetitions):
        page.run()
        again.append(TimedScriptRunner.cpu_ms)
    with patch.object(TimedScriptRunner, "only", REFRESH_FRAGMENT):
        for _ in range(repetitions):
            page.run()
            unchanged.append(TimedScriptRunner.cpu_ms)
    median = statistics.median
    return PageTimes(screen, page_name, median(fresh), median(again), median(unchanged), failed)


def _failed_panels(page: AppTest) -> int:
    return len(page.warning) + len(page.exception)


def _run_page(screen: str, page_name: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / f"pages/{page_name}.py"), default_timeout=TIMEOUT_SECONDS)
    page.query_params.update({"as": VIEWERS[screen], "period": PERIOD})
    page.run()
    return page
