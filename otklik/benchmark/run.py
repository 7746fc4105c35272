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
        demo = connection.execute("SELECT subject, id FROM person WHERE issuer = 'demo'")
        people: dict[str, int] = dict(demo.fetchall())
    viewers = {"country": people["administrator"], "region": people["manager"]}
    kept = [(screen, filters, panel) for screen, filters in screens().items() for panel in PANELS]
    cubes, scoped = [], []
    for done, (screen, filters, panel) in enumerate(kept):
        progress("Cubes", done, len(kept))
        questions = statements(panel, filters)
        # In turns, so that a busy moment of the machine meets both.
        cubes.append(asked(address, questions, WARM))
        scoped.append(asked(restricted(address), questions, WARM, viewers[screen]))
    report.pages = pages(address, progress)
    report.peak_memory = peak_memory()
    raw = []
    for done, (_, filters, panel) in enumerate(kept):
        progress("Appeals themselves", done, len(kept))
        raw.append(from_appeals(address, panel, filters))
    progress("Columnar copy", 0, 1)
    with columnar.copied(address) as engine:
        for done, ((screen, filters, panel), fast, own, slow) in enumerate(zip(kept, cubes, scoped, raw, strict=True)):
            progress("Columnar", done, len(kept))
            known = columnar.of(filters)
            reference = timed(partial(_fetched, engine, [known[name] for name in panel.columnar]), COLUMNAR)
            report.rows.append(Row(screen, panel.page, panel.name, fast, own, slow, reference))
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
    took = time.perf_counter() - start
    if {text for text, _ in questions} == {text for text, _ in statements(panel, filters)}:
        return None
    if took > ENOUGH:
        once = took * MILLISECONDS
        return Times(once, once, once)
    return asked(address, questions, SLOW)


def _fetched(engine: duckdb.DuckDBPyConnection, questions: list[str]) -> None:
    for question in questions:
        engine.execute(question).fetchall()
