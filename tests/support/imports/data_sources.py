"""`otklik source` in this process, and what it leaves."""

from pathlib import Path

import psycopg
from click.testing import CliRunner, Result

from otklik.cli.main import otklik

RUNS_SQL = """
    SELECT read_count, new_count, changed_count, rejected_count, error FROM data_source_run ORDER BY id"""


def run_source(url: str, data: Path, *words: str) -> Result:
    """`otklik source …` on the database at `url` and with this data folder."""
    return CliRunner(env={"DATABASE_URL": url, "OTKLIK_DATA": str(data)}).invoke(otklik, ["source", *words])


def recorded_runs(url: str) -> list[tuple[int, int, int, int, str]]:
    """The recorded runs in their order: rows read, new, changed and rejected, and the error."""
    with psycopg.connect(url) as connection:
        return connection.execute(RUNS_SQL).fetchall()
