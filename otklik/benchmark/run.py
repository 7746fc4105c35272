"""A benchmark run: panels from cubes, whole pages, panels from appeals, the columnar engine, writes."""

import time
from functools import partial

import duckdb
import psycopg

from otklik.benchmark import columnar
from otklik.benchmark.control import measure_control
from otklik.benchmark.pages import measure_pages
from otklik.benchmark.panels import PANELS, Panel, panel_statements, screen_filters
from otklik.benchmark.report import BenchmarkReport, PanelTimes, peak_memory_bytes
from otklik.benchmark.timing import MILLISECONDS, Times, time_repeatedly, time_statements, timed_out
from otklik.benchmark.writes import measure_writes
from otklik.database.engine import restricted_url
from otklik.errors import QueryTimeout
from otklik.progress import ProgressCallback
from queries.filters import Filters

WARM_REPETITIONS = 60
# Statements without cubes are repeated twice, but run only once when slow, and cancelled after a timeout.
SLOW_REPETITIONS = 2
SLOW_SECONDS = 1
TIMEOUT_SECONDS = 20
COLUMNAR_REPETITIONS = 5
SELECT_SIZES = """
    SELECT 'appeals with their indexes', pg_total_relation_size('appeal') UNION ALL
    SELECT 'cubes with their indexes', sum(pg_total_relation_size(oid))::bigint FROM pg_class
        WHERE relkind = 'r' AND (relname LIKE '%_folded' OR relname LIKE '%_fresh') UNION ALL
    (SELECT relname, pg_total_relation_size(oid) FROM pg_class
        WHERE relkind = 'r' AND relname LIKE '%_folded' ORDER BY 1)"""


def run_benchmark(url: str, appeals: int, progress: ProgressCallback) -> BenchmarkReport:
    """Measure a database that otklik.benchmark.dataset built; this process's engine must use it."""
    report = BenchmarkReport(appeals)
    with psycopg.connect(url) as connection:
        report.sizes = dict(connection.execute(SELECT_SIZES).fetchall())
        demo_people = connection.execute("SELECT subject, id FROM person WHERE issuer = 'demo'")
        person_ids: dict[str, int] = dict(demo_people.fetchall())
    viewers = {"country": person_ids["administrator"], "region": person_ids["manager"]}
    cases = [(screen, filters, panel) for screen, filters in screen_filters().items() for panel in PANELS]
    cube_times, viewer_times = [], []
    for index, (screen, filters, panel) in enumerate(cases):
        progress("Cubes", index, len(cases))
        statements = panel_statements(panel, filters)
        # In turns, so that other load on the machine affects both.
        cube_times.append(time_statements(url, statements, WARM_REPETITIONS))
        viewer_times.append(time_statements(restricted_url(url), statements, WARM_REPETITIONS, viewers[screen]))
    report.pages = measure_pages(url, progress)
    report.peak_memory = peak_memory_bytes()
    appeals_times = []
    for index, (_, filters, panel) in enumerate(cases):
        progress("Appeals themselves", index, len(cases))
        appeals_times.append(time_from_appeals(url, panel, filters))
    progress("Columnar copy", 0, 1)
    with columnar.duckdb_copy(url) as engine:
        for index, ((screen, filters, panel), cube_time, viewer_time, appeals_time) in enumerate(
            zip(cases, cube_times, viewer_times, appeals_times, strict=True)
        ):
            progress("Columnar", index, len(cases))
            queries = columnar.screen_queries(filters)
            columnar_time = time_repeatedly(
                partial(_run_queries, engine, [queries[name] for name in panel.columnar_names]), COLUMNAR_REPETITIONS
            )
            report.rows.append(
                PanelTimes(screen, panel.page, panel.name, cube_time, viewer_time, appeals_time, columnar_time)
            )
    progress("Writes", 0, 1)
    report.whole_peak_memory = peak_memory_bytes()
    report.writes = measure_writes(url)
    progress("Writes", 1, 1)
    report.control = measure_control(url, progress)
    return report


def time_from_appeals(url: str, panel: Panel, filters: Filters) -> Times | None:
    """The times of a panel without cubes; None for a list, which always reads appeals."""
    start = time.perf_counter()
    try:
        statements = panel_statements(panel, filters, from_appeals=True, seconds=TIMEOUT_SECONDS)
    except QueryTimeout:
        return timed_out(TIMEOUT_SECONDS)
    elapsed = time.perf_counter() - start
    if {text for text, _ in statements} == {text for text, _ in panel_statements(panel, filters)}:
        return None
    if elapsed > SLOW_SECONDS:
        elapsed_ms = elapsed * MILLISECONDS
        return Times(elapsed_ms, elapsed_ms, elapsed_ms)
    return time_statements(url, statements, SLOW_REPETITIONS)


def _run_queries(engine: duckdb.DuckDBPyConnection, queries: list[str]) -> None:
    for query in queries:
        engine.execute(query).fetchall()
