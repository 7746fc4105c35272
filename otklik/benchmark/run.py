"""A benchmark run: panels from cubes, whole pages, panels from appeals, the columnar engine, writes."""

import time
from dataclasses import replace
from functools import partial

import duckdb
import psycopg

from otklik.benchmark import columnar
from otklik.benchmark.control import measure_control
from otklik.benchmark.pages import measure_pages
from otklik.benchmark.panels import PANELS, Panel, panel_statements, screen_filters, timed_statements
from otklik.benchmark.report import TIMED_SUFFIX, BenchmarkReport, PanelTimes, peak_memory_bytes
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


def run_benchmark(url: str, appeals: int, progress: ProgressCallback, *, panels_only: bool = False) -> BenchmarkReport:
    """Measure a database that otklik.benchmark.dataset built; this process's engine must use it.

    With `panels_only` only panels from cubes, and sizes.
    """
    report = BenchmarkReport(appeals)
    with psycopg.connect(url) as connection:
        report.sizes = dict(connection.execute(SELECT_SIZES).fetchall())
        demo_people = connection.execute("SELECT subject, id FROM person WHERE issuer = 'demo'")
        person_ids: dict[str, int] = dict(demo_people.fetchall())
    viewers = {"country": person_ids["administrator"], "region": person_ids["manager"]}
    cases = [(screen, filters, panel) for screen, filters in screen_filters().items() for panel in PANELS]
    for index, (screen, filters, panel) in enumerate(cases):
        progress("Cubes", index, len(cases))
        for name, statements in (
            (panel.name, panel_statements(panel, filters)),
            (f"{panel.name}{TIMED_SUFFIX}", timed_statements(panel, filters)),
        ):
            if statements:
                # In turns, so that other load on the machine affects both.
                cube_time = time_statements(url, statements, WARM_REPETITIONS)
                viewer_time = time_statements(restricted_url(url), statements, WARM_REPETITIONS, viewers[screen])
                report.rows.append(PanelTimes(screen, panel.page, name, cube_time, viewer_time))
    if panels_only:
        return report
    report.pages = measure_pages(url, progress)
    report.peak_memory = peak_memory_bytes()
    panels = {(screen, panel.page, panel.name): (panel, filters) for screen, filters, panel in cases}
    # What is computed once in ten minutes isn't compared.
    compared = [
        (index, *panels[key])
        for index, row in enumerate(report.rows)
        if (key := (row.screen, row.page, row.panel)) in panels
    ]
    for done, (index, panel, filters) in enumerate(compared):
        progress("Appeals themselves", done, len(compared))
        report.rows[index] = replace(report.rows[index], appeals=time_from_appeals(url, panel, filters))
    progress("Columnar copy", 0, 1)
    with columnar.duckdb_copy(url) as engine:
        for done, (index, panel, filters) in enumerate(compared):
            progress("Columnar", done, len(compared))
            queries = columnar.screen_queries(filters)
            if panel.columnar_names:
                run_queries = partial(_run_queries, engine, [queries[name] for name in panel.columnar_names])
                columnar_time = time_repeatedly(run_queries, COLUMNAR_REPETITIONS)
                report.rows[index] = replace(report.rows[index], columnar=columnar_time)
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
