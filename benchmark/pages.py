"""How long the server takes for a whole page: its questions and its drawing, up to the last message to the browser."""

import gc
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import streamlit as st
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from benchmark.build import Progress
from benchmark.timing import MILLISECONDS

PROJECT = Path(__file__).parents[1]
PAGES = ("overview", "queue", "overdue", "resolution", "satisfaction", "regions", "quality")
# Who looks, by what they see: each as one of the demo's people.
VIEWERS = {"country": "administrator", "region": "manager"}
PERIOD = "90d"
TIMES = 5
MOST = 300
MOST_UNCHANGED = 30
PATIENCE = 300


@dataclass(frozen=True)
class Page:
    """Milliseconds, medians: with no answer known yet; processor time where nothing has changed.

    `failed` are the panels that could not be shown.
    """

    screen: str
    page: str
    fresh: float
    unchanged: float
    failed: int = 0


class Timed(LocalScriptRunner):
    """Runs the page as a session of the server does, and keeps how long that took."""

    took = 0.0
    cpu = 0.0

    def _run_script_thread(self) -> None:
        gc.disable()  # As the server, which freezes what is imported and collects by itself.
        began, cpu = time.perf_counter(), time.process_time()
        try:
            super()._run_script_thread()
        finally:
            Timed.took = (time.perf_counter() - began) * MILLISECONDS
            Timed.cpu = (time.process_time() - cpu) * MILLISECONDS
            gc.enable()


def pages(address: str, progress: Progress, times: int = TIMES) -> list[Page]:
    """Each page for each viewer, over the last ninety days, of the database that this process's engine is at."""
    kept = [(screen, page) for screen in VIEWERS for page in PAGES]
    found = []
    with _shown(address):
        for done, (screen, page) in enumerate(kept):
            progress("Pages", done, len(kept))
            found.append(_timed(screen, page, times))
    progress("Pages", len(kept), len(kept))
    return found


@contextmanager
def _shown(address: str) -> Iterator[None]:
    """Pages of the demo's people, which are shown of this database alone."""
    with (
        patch.dict(os.environ, OTKLIK_DEMO=os.environ.get("OTKLIK_ADDRESS", address)),
        patch.object(app_test, "LocalScriptRunner", Timed),
    ):
        yield


def _timed(screen: str, name: str, times: int) -> Page:
    fresh, unchanged, failed = [], [], 0
    # The first one reads what the database has not in its memory, and compiles the charts.
    for at in range(times + 1):
        st.cache_data.clear()
        page = _page(screen, name)
        failed = max(failed, len(page.warning) + len(page.exception))
        fresh += [Timed.took] if at else []
    for _ in range(times):
        _page(screen, name)
        unchanged.append(Timed.cpu)
    return Page(screen, name, statistics.median(fresh), statistics.median(unchanged), failed)


def _page(screen: str, name: str) -> AppTest:
    page = AppTest.from_file(str(PROJECT / f"pages/{name}.py"), default_timeout=PATIENCE)
    page.query_params.update({"as": VIEWERS[screen], "period": PERIOD})
    page.run()
    return page
