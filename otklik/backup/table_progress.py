"""Progress of a dump or its restoring, by the rows of the tables that were begun."""

from typing import Self

from otklik.backup.manifest import DatabaseState
from otklik.progress import ProgressCallback


class TableProgress:
    """Reports how many of a database's rows are in the tables that were begun, within a `with` block."""

    def __init__(self, stage: str, state: DatabaseState, progress: ProgressCallback) -> None:
        """`state` knows the number of rows of each table."""
        self._stage, self._progress = stage, progress
        self._row_counts, self._total = state.row_counts, state.row_count + 1
        self._completed = self._current = 0

    def __enter__(self) -> Self:
        """Report the stage."""
        self._progress(self._stage, 0, self._total)
        return self

    def __exit__(self, error_type: type[BaseException] | None, *_: object) -> None:
        """Report the end, unless there was an error."""
        if error_type is None:
            self._progress(self._stage, self._total, self._total)

    def begin_table(self, name: str) -> None:
        """Note that the rows of a table come next."""
        self._completed += self._current
        self._current = self._row_counts.get(name, 0)
        self._progress(self._stage, self._completed, self._total)
