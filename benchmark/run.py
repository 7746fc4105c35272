"""One whole run: build, ask, ask the appeals, ask the columnar engine, write."""

from functools import partial

import duckdb
import psycopg

from benchmark import columnar
from benchmark.build import Progress
from benchmark.panels import PANELS, screens, statements
from benchmark.report import Report, Row, peak_memory
from benchmark.timing import asked, timed
from benchmark.writes import writes
from database.engine import restricted

WARM = 60
SLOW = 3
SIZES = """
    SELECT 'appeals with their indexes', pg_total_relation_size('appeal') UNION ALL
    SELECT 'cubes with their indexes', sum(pg_total_relation_size(oid))::bigint FROM pg_class
        WHERE relkind = 'r' AND (relname LIKE '%_folded' OR relname LIKE '%_fresh') UNION ALL
    (SELECT relname, pg_total_relation_size(oid) FROM pg_class
        WHERE relkind = 'r' AND relname LIKE '%_folded' ORDER BY 1)"""


def run(address: str, appeals: int, progress: Progress) -> Report:
    """Measure a database that `benchmark.build` made; the engine of this process must be at it."""
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
    report.peak_memory = peak_memory()
    raw = []
    for done, (_, filters, panel) in enumerate(kept):
        progress("Appeals themselves", done, len(kept))
        raw.append(asked(address, statements(panel, filters, from_appeals=True), SLOW))
    progress("Columnar copy", 0, 1)
    with columnar.copied(address) as engine:
        for (screen, filters, panel), fast, own, slow in zip(kept, cubes, scoped, raw, strict=True):
            question = columnar.of(filters)[panel.name]
            reference = timed(partial(_fetched, engine, question), SLOW * 3)
            report.rows.append(Row(screen, panel.name, fast, own, slow, reference))
    progress("Writes", 0, 1)
    report.writes = writes(address)
    progress("Writes", 1, 1)
    return report


def _fetched(engine: duckdb.DuckDBPyConnection, question: str) -> object:
    return engine.execute(question).fetchall()
