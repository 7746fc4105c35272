"""Files that appear in a folder: each is imported once, by its content, and moved to `done` or `rejected`.

A file is taken when it stays the same for a while, so that one may be copied there as well as moved. What begins with
a dot or ends as unfinished downloads do is left alone.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from otklik.data_sources.model import DataSourceError, RunTally, reason_counts
from otklik.data_sources.source_run import SourceRun
from otklik.intake.errors import BadFile
from otklik.intake.importer import ImportSummary, import_file
from otklik.settings import libpq_url

UNFINISHED_SUFFIXES = (".part", ".tmp", ".filepart", ".crdownload")
DONE, REJECTED = "done", "rejected"
SETTLE_SECONDS = 1.0
"""How long a file's size and time of change have to stay the same."""
CHUNK_BYTES = 1 << 20


class _FileChanged(Exception):
    """A file was written to while it was read."""


@dataclass(frozen=True)
class _FileState:
    """What changes when a file is written to or replaced."""

    size: int
    changed_ns: int
    inode: int


class FolderReader:
    """Reads the files of a folder. `settle_seconds` is how long a file has to stay the same."""

    def __init__(self, path: Path, settle_seconds: float = SETTLE_SECONDS) -> None:
        """Nothing is looked at yet."""
        self._path = path
        self._settle_seconds = settle_seconds

    def test(self) -> str:
        """Look whether the folder can be read and written to. Raises DataSourceError."""
        self._check()
        count = len(self._states())
        return f"The folder {self._path} can be read and written to; {count:,} file{'s' * (count != 1)} in it."

    def read(self, run: SourceRun) -> None:
        """Import each file that has settled, the oldest first.

        A file that can't be used goes to `rejected` with a sentence beside it; one whose content was imported before,
        to `done`. Raises DataSourceError.
        """
        self._check()
        for file, state in self._settled_files(run):
            if run.stopped.is_set():
                return
            try:
                self._import(run, file, state)
            except (_FileChanged, FileNotFoundError):
                continue  # it is looked at again by the next run

    def _check(self) -> None:
        try:
            for folder in (self._path / DONE, self._path / REJECTED):
                folder.mkdir(exist_ok=True)
        except OSError as error:
            raise DataSourceError(
                f"The folder {self._path} can't be used ({error.strerror}): expected one that Otklik may write to."
            ) from error
        if not os.access(self._path, os.R_OK | os.W_OK | os.X_OK):
            raise DataSourceError(f"The folder {self._path} can't be used: expected one that Otklik may write to.")

    def _states(self) -> dict[Path, _FileState]:
        states = {}
        with os.scandir(self._path) as entries:
            for entry in entries:
                if _is_ignored(entry.name) or not entry.is_file(follow_symlinks=False):
                    continue
                try:
                    states[Path(entry.path)] = _file_state(Path(entry.path))
                except FileNotFoundError:
                    continue  # taken away meanwhile
        return states

    def _settled_files(self, run: SourceRun) -> Iterator[tuple[Path, _FileState]]:
        first = self._states()
        if not first:
            return
        run.stopped.wait(self._settle_seconds)
        second = self._states()
        settled = [(path, state) for path, state in first.items() if second.get(path) == state]
        yield from sorted(settled, key=lambda item: (item[1].changed_ns, item[0]))

    def _import(self, run: SourceRun, file: Path, state: _FileState) -> None:
        content_hash = _content_hash(file)
        if _is_imported(run, content_hash):
            self._move(file, DONE)
            return

        def note_file(connection: psycopg.Connection[Any], _summary: ImportSummary) -> None:
            # One that was written to meanwhile has been read in part: the import is undone.
            if _file_state(file) != state:
                raise _FileChanged
            connection.execute(
                "INSERT INTO data_source_file (data_source_id, sha256, name) VALUES (%s, %s, %s)",
                (run.source.id, content_hash, _text_name(file)),
            )

        try:
            summary = import_file(
                run.database_url,
                file,
                run.source.mapping,
                boundaries_folder=run.data_folder / "boundaries",
                rejected_file=self._path / REJECTED / f"{file.name}.rejected.csv",
                data_source=run.source.name,
                before_commit=note_file,
            )
        except BadFile as error:
            self._reject(run, file, str(error))
            return
        reasons = reason_counts(summary.reason_counts, summary.unknown_words)
        read = sum(summary.counts) + summary.rejected_count
        tally = RunTally(read, summary.counts.new, summary.counts.changed, summary.rejected_count, reasons)
        run.tally.add(tally)
        if summary.rejected_count:
            _write_text(self._path / REJECTED / f"{file.name}.txt", "\n".join(summary.format_lines()))
        self._move(file, DONE)

    def _reject(self, run: SourceRun, file: Path, sentence: str) -> None:
        moved = self._move(file, REJECTED)
        _write_text(moved.with_name(f"{moved.name}.txt"), sentence)
        run.tally.add(RunTally(read=1, rejected=1, reasons=reason_counts({"a file that can't be used": 1}, {})))

    def _move(self, file: Path, folder: str) -> Path:
        """Move a file to a folder below, under another name if one of that name is there."""
        target = self._path / folder / file.name
        number = 2
        while target.exists():
            target = self._path / folder / f"{number}-{file.name}"
            number += 1
        try:
            return file.rename(target)
        except OSError as error:
            raise DataSourceError(f"{_text_name(file)} can't be moved to {folder} ({error.strerror}).") from error


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(UNFINISHED_SUFFIXES)


def _file_state(path: Path) -> _FileState:
    stat = path.stat()
    return _FileState(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def _content_hash(path: Path) -> bytes:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
    except PermissionError as error:
        raise DataSourceError(f"{_text_name(path)} can't be read ({error.strerror}).") from error
    return digest.digest()


def _is_imported(run: SourceRun, content_hash: bytes) -> bool:
    with psycopg.connect(libpq_url(run.database_url)) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM data_source_file WHERE data_source_id = %s AND sha256 = %s)",
            (run.source.id, content_hash),
        ).fetchone()
    return row == (True,)


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(f"{text}\n", encoding="utf-8", errors="replace")
    except OSError as error:
        raise DataSourceError(f"{path.name} can't be written ({error.strerror}).") from error


def _text_name(path: Path) -> str:
    """A file's name, which may hold bytes that aren't text."""
    return os.fsencode(path.name).decode(errors="replace")
