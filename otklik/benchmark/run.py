"""One whole run: build, ask, show pages, ask the appeals, ask the columnar engine, write."""

import time
from functools import partial

import duckdb
import psycopg

from otklik.benchmark import columnar
from otklik.benchmark.control import control
from otklik.benchmark.dataset import Progress
from otklik.benchmark.pages import pages
from otklik.benchmark.panels import PANELS, Panel, screens, statements
from otklik.benchmark.report import Report, Row, peak_memory
from otklik.benchmark.timing import MILLISECONDS, Times, asked, cut_off, timed
from otklik.benchmark.writes import writes
from otklik.database.engine import restricted
from otklik.database.transactions import TooSlow
from queries.filters import Filters

WARM = 60
# What reads the appeals themselves is asked a few times, once where it takes longer than so many seconds; and given
# so many.
SLOW = 2
ENOUGH = 1
GIVEN = 20
COLUMNAR = 5
SIZES = """
    SELECT 'appeals with their indexes', pg_total_relation_size('appeal') UNION ALL
    SELECT 'cubes with their indexes', sum(pg_total_relation_size(oid))::bigint FROM pg_class
        WHERE relkind = 'r' AND (relname LIKE '%_folded' OR relname LIKE '%_fresh') UNION ALL
    (SELECT relname, pg_total_relation_size(oid) FROM pg_class
        WHERE relkind = 'r' AND relname LIKE '%_folded' ORDER BY 1)"""


def run(address: str, appeals: int, progress: Progress) -> Report:
    """Measure a database that `otklik.benchmark.dataset` made; the engine of this process must be at it."""
    report = Report(appeals)
    with psycopg.connect(address) as connection:
        report.sizes = dict(connection.execute(SIZES).fetchall())
        demo_people = connection.execute("SELECT subject, id FROM person WHERE issuer = 'demo'")
        person_ids: dict[str, int] = dict(demo_people.fetchall())
    viewers = {"country": person_ids["administrator"], "region": person_ids["manager"]}
    cases = [(screen, filters, panel) for screen, filters in screens().items() for panel in PANELS]
    cube_times, viewer_times = [], []
    for index, (screen, filters, panel) in enumerate(cases):
        progress("Cubes", index, len(cases))
        questions = statements(panel, filters)
        # In turns, so that a busy moment of the machine meets both.
        cube_times.append(asked(address, questions, WARM))
        viewer_times.append(asked(restricted(address), questions, WARM, viewers[screen]))
    report.pages = pages(address, progress)
    report.peak_memory = peak_memory()
    appeals_times = []
    for index, (_, filters, panel) in enumerate(cases):
        progress("Appeals themselves", index, len(cases))
        appeals_times.append(from_appeals(address, panel, filters))
    progress("Columnar copy", 0, 1)
    with columnar.copied(address) as engine:
        for index, ((screen, filters, panel), cube_time, viewer_time, appeals_time) in enumerate(
            zip(cases, cube_times, viewer_times, appeals_times, strict=True)
        ):
            progress("Columnar", index, len(cases))
            queries = columnar.of(filters)
            columnar_time = timed(partial(_fetched, engine, [queries[name] for name in panel.columnar]), COLUMNAR)
            report.rows.append(Row(screen, panel.page, panel.name, cube_time, viewer_time, appeals_time, columnar_time))
    progress("Writes", 0, 1)
    report.whole_peak_memory = peak_memory()
    report.writes = writes(address)
    progress("Writes", 1, 1)
    report.control = control(address, progress)
    return report


def from_appeals(address: str, panel: Panel, filters: Filters) -> Times | None:
    """How long the same takes from the appeals themselves; None for a list, which has no other way."""
    start = time.perf_counter()
    try:
        questions = statements(panel, filters, from_appeals=True, seconds=GIVEN)
    except TooSlow:
        return cut_off(GIVEN)
    elapsed = time.perf_counter() - start
    if {text for text, _ in questions} == {text for text, _ in statements(panel, filters)}:
        return None
    if elapsed > ENOUGH:
        elapsed_ms = elapsed * MILLISECONDS
        return Times(elapsed_ms, elapsed_ms, elapsed_ms)
    return asked(address, questions, SLOW)


def _fetched(engine: duckdb.DuckDBPyConnection, queries: list[str]) -> None:
    for query in queries:
        engine.execute(query).fetchall()
