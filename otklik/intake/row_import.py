"""Rows of any origin merged into the appeals, within a transaction of the caller's."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from psycopg import Connection

from otklik.intake.errors import RowRejected
from otklik.intake.lacking_fields import empty_fields, lacking_fields, lacking_warnings, store_lacking_fields
from otklik.intake.mapping.model import ImportMapping
from otklik.intake.readers.tabular import Cell
from otklik.intake.rows.conversion import RowConverter
from otklik.intake.rows.far_points import point_warnings
from otklik.intake.rows.rejected_rows import RejectedRows
from otklik.intake.staging import ImportCounts, StagingTable

BATCH_ROWS, BATCH_CHARACTERS = 2000, 4_000_000
"""Rows converted and in memory between two COPYs: as many as reach one of the two."""

NumberedRow = tuple[int, Sequence[Cell]]
"""A row with the number that messages name it by: the line of a file, or its place in what was read."""


class RowImport:
    """An import of rows under one header; `add` them, then `merge` once, and commit the connection."""

    def __init__(
        self,
        connection: Connection[Any],
        mapping: ImportMapping,
        header: Sequence[str],
        rejected_rows: RejectedRows,
    ) -> None:
        """Waits for any other import of the same source to end. Raises BadFile for a mapping that can't be used."""
        self._connection = connection
        self._mapping = mapping
        self._rejected_rows = rejected_rows
        file_mapping = mapping.for_header(header)
        self._staging = StagingTable(connection, file_mapping)
        self.converter = RowConverter(connection, file_mapping, header)
        """What makes appeals of rows."""
        self.row_count = 0
        """Rows added so far, rejected ones too."""

    def add(self, rows: Iterable[NumberedRow]) -> Iterator[int]:
        """Stage rows, and reject those that can't be used; yields after each batch how many there were so far.

        Raises BadFile for more new names than can be, and OSError on a full disk.
        """
        for batch in _row_batches(rows):
            self.row_count += len(batch)
            self.converter.begin_batch((cells for _, cells in batch), self._staging.staged_numbers)
            self._staging.copy_rows(self._convert_batch(batch))
            yield self.row_count

    def point_warnings(self) -> list[str]:
        """Sentences on points that look wrong."""
        return point_warnings(self._connection, self.converter.origin_point_count)

    def note_lacking_fields(self) -> list[str]:
        """Note at the regions which fields have no values, and return sentences on the figures unknown without them."""
        empty = empty_fields(self._connection, self._mapping)
        store_lacking_fields(self._connection, self._mapping, [*lacking_fields(self._mapping), *empty])
        return lacking_warnings(self._mapping, empty)

    def territory_codes(self) -> dict[str, str]:
        """The codes of all territories by normalized name."""
        return self.converter.territories.codes_by_name()

    def merge(self, origin: str) -> ImportCounts:
        """Update the appeals that differ and add the new ones; their histories name the `origin`."""
        return self._staging.merge(origin)

    def record(self, file_name: str, mapping: str, data_source: str, counts: ImportCounts, rejected: int) -> int:
        """Note which file has brought what, after the merge; returns the number of the import."""
        return self._staging.record_import(file_name, mapping, data_source, counts, rejected)

    def merged_numbers(self) -> tuple[set[str], set[str]]:
        """The numbers of the appeals that `merge` has added, and of those that it has changed; before the commit."""
        return self._staging.merged_numbers()

    def _convert_batch(self, batch: list[NumberedRow]) -> list[dict[str, Any]]:
        accepted = []
        for line, cells in batch:
            try:
                accepted.append(self.converter.column_values(cells))
            except RowRejected as rejection:
                self._rejected_rows.add(line, cells, rejection)
        return accepted


def _row_batches(rows: Iterable[NumberedRow]) -> Iterator[list[NumberedRow]]:
    batch: list[NumberedRow] = []
    characters = 0
    for line, cells in rows:
        batch.append((line, cells))
        characters += sum(len(cell) for cell in cells if isinstance(cell, str))
        if len(batch) == BATCH_ROWS or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
