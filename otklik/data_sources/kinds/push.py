"""Rows that were pushed over HTTP: merged request by request, each with what became of its rows in one transaction."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from otklik.data_sources.cells import cells_of
from otklik.data_sources.model import RunTally, reason_counts
from otklik.data_sources.source_run import SourceRun
from otklik.intake.errors import BadFile, RowRejected
from otklik.intake.mapping.model import ImportMapping
from otklik.intake.readers.tabular import Cell
from otklik.intake.row_import import RowImport
from otklik.intake.rows.cells import CellReader
from otklik.intake.rows.rejected_rows import RejectedRows
from otklik.settings import libpq_url

RESULTS_KEPT = "1 day"
NEXT_SQL = "SELECT id, rows FROM pushed_batch WHERE data_source_id = %s AND results IS NULL ORDER BY id LIMIT 1"
DONE_SQL = "UPDATE pushed_batch SET rows = NULL, results = %s WHERE id = %s"
FORGET_SQL = """
    DELETE FROM pushed_batch
    WHERE data_source_id = %s AND results IS NOT NULL AND received_at < now() - %s::interval"""


class CollectedRejections(RejectedRows):
    """Rejected rows by their place, written nowhere: whoever pushed them is told."""

    def __init__(self, mapping: ImportMapping, header: Sequence[str]) -> None:
        """No row is rejected yet."""
        super().__init__(Path("pushed"), header, mapping, dry_run=True)
        self.reasons: dict[int, str] = {}

    def add(self, line: int, cells: Sequence[Cell], rejection: RowRejected) -> None:
        """Note why the row at a place is rejected."""
        super().add(line, cells, rejection)
        self.reasons[line] = str(rejection)


class PushReader:
    """Merges the requests that wait."""

    def test(self) -> str:
        """Say that rows are waited for."""
        return "Rows are waited for: POST them to /intake/NAME with the token."

    def read(self, run: SourceRun) -> None:
        """Merge each request that waits, the first one first, and forget results of the day before."""
        with psycopg.connect(libpq_url(run.database_url), application_name=f"otklik source {run.source.name}") as to:
            to.execute(FORGET_SQL, (run.source.id, RESULTS_KEPT))
            to.commit()
            while not run.stopped.is_set():
                waiting = to.execute(NEXT_SQL, (run.source.id,)).fetchone()
                if waiting is None:
                    return
                try:
                    with to.transaction():
                        tally = _merge_request(to, run, *waiting)
                except BadFile as error:
                    tally = _refuse_request(to, str(error), *waiting)
                to.commit()
                run.tally.add(tally)


def _merge_request(
    to: psycopg.Connection[Any], run: SourceRun, batch_id: int, objects: list[dict[str, Any]]
) -> RunTally:
    mapping = run.mapping
    required = {*mapping.required_columns()}
    header = [name for name in mapping.all_columns() if name in required or any(name in item for item in objects)]
    rejections = CollectedRejections(mapping, header)
    row_import = RowImport(to, mapping, header, rejections)
    for _ in row_import.add(enumerate(cells_of(item.get(column) for column in header) for item in objects)):
        pass
    row_import.note_lacking_fields()
    counts = row_import.merge(run.source.name)
    new_numbers, changed_numbers = row_import.merged_numbers()
    results = []
    for place, number in enumerate(_numbers(CellReader(mapping.for_header(header), header), header, objects)):
        if place in rejections.reasons:
            results.append({"number": number, "result": "rejected", "reason": rejections.reasons[place]})
        else:
            state = "new" if number in new_numbers else "changed" if number in changed_numbers else "unchanged"
            results.append({"number": number, "result": state})
    to.execute(DONE_SQL, (Jsonb(results), batch_id))
    reasons = reason_counts(rejections.reason_counts, rejections.unknown_words)
    return RunTally(len(objects), counts.new, counts.changed, reasons.total(), reasons)


def _refuse_request(
    to: psycopg.Connection[Any], sentence: str, batch_id: int, objects: list[dict[str, Any]]
) -> RunTally:
    """Answer that no row of a request can be used, so that those after it don't wait."""
    results = [{"number": str(place), "result": "rejected", "reason": sentence} for place in range(len(objects))]
    to.execute(DONE_SQL, (Jsonb(results), batch_id))
    return RunTally(len(objects), rejected=len(objects), reasons=reason_counts({sentence: len(objects)}, {}))


def _numbers(cell_reader: CellReader, header: Sequence[str], objects: list[dict[str, Any]]) -> Iterator[str]:
    for item in objects:
        try:
            yield cell_reader.number([*cells_of(item.get(column) for column in header)])
        except RowRejected:
            yield ""
