"""Making a backup while others read and write: of one moment, into one file."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import psycopg

from otklik.backup.archive_writer import ArchiveWriter, writing
from otklik.backup.audit_entries import BACKUP_MADE, Console, record
from otklik.backup.client_programs import ClientProgram, client_bin_folder, dump_command
from otklik.backup.data_files import data_files, file_chunks, mapping_files
from otklik.backup.database_state import database_state
from otklik.backup.manifest import CHUNK_BYTES, DUMP_NAME, DatabaseState, Manifest
from otklik.backup.table_progress import TableProgress
from otklik.progress import ProgressCallback, ignore_progress


@dataclass(frozen=True)
class BackupSummary:
    """What a backup holds. `missing_mappings` are those of data sources that weren't there to be read."""

    path: Path
    made_at: datetime
    size: int
    """Bytes of the file."""
    database: DatabaseState
    file_count: int
    missing_mappings: list[Path]


def make_backup(
    url: str,
    data_folder: Path,
    path: Path,
    settings: list[str],
    console: Console,
    progress: ProgressCallback = ignore_progress,
) -> BackupSummary:
    """Write a backup of the database at the owner's address and of the data folder to `path`.

    `settings` are the names of those that are set; `console` is named in the audit. Raises
    UnusableBackup, DatabaseUnavailable, DiskFull, OSError; then there is no file.
    """
    with psycopg.connect(url, application_name="otklik backup") as connection, writing(path) as archive:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        # The snapshot stays until the dump has begun.
        connection.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        connection.commit()
        made_at, snapshot = _snapshot(connection)
        state = database_state(connection, progress)
        bin_folder = client_bin_folder(state.server_version)
        _dump_database(bin_folder, url, snapshot, state, archive, progress)
        missing_mappings, external_files = _add_files(connection, data_folder, archive)
        manifest = Manifest(
            otklik=version("otklik"),
            made_at=made_at,
            database=state,
            members=archive.members,
            external_files=external_files,
            settings=sorted(settings),
        )
        archive.finish(manifest)
    record(url, BACKUP_MADE, path, made_at, console)
    return BackupSummary(path, made_at, path.stat().st_size, state, len(archive.members) - 1, missing_mappings)


def _snapshot(connection: psycopg.Connection[Any]) -> tuple[datetime, str]:
    row = connection.execute("SELECT now(), pg_export_snapshot()").fetchone()
    assert row is not None  # noqa: S101 - one row
    return row[0], row[1]


def _dump_database(
    bin_folder: Path,
    url: str,
    snapshot: str,
    state: DatabaseState,
    archive: ArchiveWriter,
    progress: ProgressCallback,
) -> None:
    command = dump_command(bin_folder, snapshot=snapshot)
    with (
        TableProgress("Dumping the database", state, progress) as table_progress,
        ClientProgram(command, url, table_progress.begin_table, stdout=subprocess.PIPE) as program,
    ):
        assert program.process.stdout is not None  # noqa: S101 - a pipe
        archive.add(DUMP_NAME, read_chunks(program.process.stdout))


def read_chunks(pipe: IO[bytes]) -> Iterator[bytes]:
    """What comes through a pipe, up to its end."""
    while chunk := pipe.read(CHUNK_BYTES):
        yield chunk


def _add_files(
    connection: psycopg.Connection[Any], data_folder: Path, archive: ArchiveWriter
) -> tuple[list[Path], dict[str, str]]:
    """Add files; returns the mappings that are missing, and the places of the others."""
    missing_mappings, external_files = [], {}
    for name, path in mapping_files(connection).items():
        try:
            content = list(file_chunks(path))
        except OSError:
            missing_mappings.append(path)
        else:
            archive.add(name, content)
            external_files[name] = str(path)
    for name, path in data_files(data_folder).items():
        with suppress(FileNotFoundError):  # rejected rows that somebody has just taken away
            content = list(file_chunks(path))
            archive.add(name, content)
    return missing_mappings, external_files
