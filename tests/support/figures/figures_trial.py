"""Figures of the pages compared with a count in plain Python: python -m tests.support.figures.figures_trial --help.

Random sets of filters are drawn; with each, every figure of the catalogue is asked for as the pages ask: in all, by
topic, territory, organisation, channel and regime, and by day. Printed are the values that differ from those that
tests.support.figures.oracle counts appeal by appeal, and how many were compared. The database of the data folder, or
the one at DATABASE_URL, should have no writer meanwhile. Exit code 0: no difference; 1: some.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from otklik.cli.connections import acting_as_viewer, migrated_database
from otklik.cli.console import without_streamlit_warnings
from otklik.database.engine import database_engine
from otklik.database.transactions import statement_timeout
from tests.support.figures.day_record import load_day_record
from tests.support.figures.figure_differences import compare_figures
from tests.support.figures.figure_sets import draw_filters
from tests.support.figures.figure_tally import Tally
from tests.support.figures.oracle import Oracle
from tests.support.figures.reference_data import appeal_rows, load_reference_data

PATIENT_SECONDS = 120.0
"""Of a statement: what a busy machine takes for it is no difference."""


def compare_sets(connection: Connection, sets: int, seed: int, *, show: bool = False) -> Tally:
    """Compare so many random sets of filters, the same for the same seed and appeals.

    `connection` is the owner's; queries are those of the current viewer. Something may pass its deadline between a
    query and the count, so a set with differences is compared once more.
    """
    oracle = Oracle(load_reference_data(connection), appeal_rows(connection), datetime.now(UTC))
    record, generator, tally = load_day_record(connection), Random(seed), Tally()  # noqa: S311 -- a sample
    for number in range(sets):
        filters = draw_filters(oracle, generator)
        days = generator.getrandbits(32)
        result = compare_figures(oracle, record, filters, Random(days))  # noqa: S311 -- a sample
        if result.differences:
            result = compare_figures(oracle, record, filters, Random(days))  # noqa: S311 -- a sample
        tally.compared += result.compared
        tally.differences += [f"{filters}: {difference}" for difference in result.differences]
        if show:
            _write_line(f"{number + 1}: {sum(result.compared.values()):,} values, {len(result.differences)} differ")
            for line in result.differences[:20]:
                _write_line(f"    {filters}: {line}")
    return tally


def _write_line(line: str) -> None:
    print(line, flush=True)  # noqa: T201 -- a command


def main() -> None:
    """Compare the figures of a data folder and print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=100, help="of filters")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="data folder; without it, that of the settings")
    arguments = parser.parse_args()
    if arguments.data:
        os.environ["OTKLIK_DATA"] = str(arguments.data)
    statement_timeout.set(PATIENT_SECONDS)
    with without_streamlit_warnings(), migrated_database() as database_url, acting_as_viewer(database_url):
        engine = database_engine(database_url)
        with engine.connect() as connection:
            tally = compare_sets(connection, arguments.sets, arguments.seed, show=True)
        engine.dispose()
    counts = ", ".join(f"{count:,} of {kind}" for kind, count in tally.compared.items())
    _write_line(f"{arguments.sets} sets of filters: {sum(tally.compared.values()):,} values compared ({counts})")
    _write_line(f"{len(tally.differences)} differ")
    sys.exit(bool(tally.differences))


if __name__ == "__main__":
    main()
