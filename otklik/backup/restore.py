"""Restoring a backup into an empty place, and verifying what came of it."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import psycopg
from sqlalchemy import Connection

from otklik.backup.archive_reader import ArchiveReader
from otklik.backup.audit_entries import BACKUP_RESTORED, Console, record
from otklik.backup.client_programs import ClientProgram, client_bin_folder, dump_entries, restore_command
from otklik.backup.data_files import check_targets, misplaced_files, restore_files
from otklik.backup.database_state import count_differences, is_empty
from otklik.backup.errors import UnusableBackup
from otklik.backup.manifest import DUMP_NAME, Manifest
from otklik.backup.table_progress import TableProgress
from otklik.backup.verification import Verification, verify_copy
from otklik.database import schema
from otklik.database.migrate import is_known_migration, locked_connection, migrate
from otklik.errors import DiskFull
from otklik.progress import ProgressCallback, ignore_progress

DISK_FACTOR = 1.5
"""Bytes that restoring takes, as a multiple of the database's: its log comes along."""


@dataclass(frozen=True)
class RestoreSummary:
    """What was restored and what its verification found; `notes` are sentences on what is left for a person to do."""

    manifest: Manifest
    verification: Verification
    notes: list[str]


def check_version(manifest: Manifest, path: Path) -> None:
    """Raise UnusableBackup for the backup of a database that a newer Otklik has migrated."""
    if not is_known_migration(manifest.database.migration):
        raise UnusableBackup(
            f"{path} was made by a newer Otklik ({manifest.otklik}, migration {manifest.database.migration}): update"
            " this one to that version."
        )


def check_room(manifest: Manifest, data_folder: Path) -> None:
    """Raise DiskFull unless the disk of an embedded server has room for a backup."""
    existing_folder = next(folder for folder in (data_folder, *data_folder.parents) if folder.exists())
    needed, free = int(manifest.database.size * DISK_FACTOR), shutil.disk_usage(existing_folder).free
    if free < needed:
        raise DiskFull(
            f"Restoring needs about {needed / 1e9:.1f} GB in {data_folder}, and {free / 1e9:.1f} GB are free: make"
            " room, or set OTKLIK_DATA to a folder on another disk."
        )


def restore_backup(
    archive: ArchiveReader,
    url: str,
    data_folder: Path,
    present_settings: list[str],
    console: Console,
    progress: ProgressCallback = ignore_progress,
) -> RestoreSummary:
    """Restore a backup into the empty database at the owner's address and into a data folder, and verify it.

    The database is restored whole or not at all; after an error it can be tried again. Raises UnusableBackup where the
    database isn't empty, or its server older than that of the backup; DatabaseUnavailable.
    """
    manifest = archive.manifest
    with locked_connection(url) as connection:
        bin_folder = _check_target(connection, manifest)
        check_targets(archive, data_folder)
        restore_files(archive, data_folder)
        schema.make_roles(connection)
        connection.commit()
        _load_dump(archive, bin_folder, url, progress)
    with psycopg.connect(url, autocommit=True) as autocommit_connection:
        differences = count_differences(autocommit_connection, manifest.database)
        progress("Preparing the database", 0, 1)
        autocommit_connection.execute("VACUUM ANALYZE")
        migrate(url)
        progress("Preparing the database", 1, 1)
    verification = verify_copy(url, manifest.database, differences, progress)
    record(url, BACKUP_RESTORED, archive.path, manifest.made_at, console)
    return RestoreSummary(manifest, verification, _notes(manifest, data_folder, present_settings))


def _check_target(connection: Connection, manifest: Manifest) -> Path:
    """The folder of the client programs for this database."""
    driver_connection: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment] # psycopg's
    if not is_empty(driver_connection):
        raise UnusableBackup(
            "The database isn't empty, and a backup replaces nothing: set OTKLIK_DATA to a new folder, or DATABASE_URL"
            " to an empty database."
        )
    connection.commit()
    server_version = driver_connection.info.server_version // 10000
    if server_version < manifest.database.server_version:
        raise UnusableBackup(
            f"The backup is of PostgreSQL {manifest.database.server_version}, and this server is {server_version}:"
            f" restore it to {manifest.database.server_version} or newer."
        )
    return client_bin_folder(server_version)


def _load_dump(archive: ArchiveReader, bin_folder: Path, url: str, progress: ProgressCallback) -> None:
    with psycopg.connect(url) as connection:
        database = connection.info.dbname
    with (
        NamedTemporaryFile("w", encoding="utf-8") as entries_file,
        TableProgress("Restoring the database", archive.manifest.database, progress) as table_progress,
    ):
        entries_file.write("\n".join(dump_entries(bin_folder, archive.chunks(DUMP_NAME))))
        entries_file.flush()
        command = restore_command(bin_folder, database, Path(entries_file.name))
        with ClientProgram(command, url, table_progress.begin_table, stdin=subprocess.PIPE) as program:
            assert program.process.stdin is not None  # noqa: S101 - a pipe
            for chunk in archive.chunks(DUMP_NAME):
                program.process.stdin.write(chunk)


def _notes(manifest: Manifest, data_folder: Path, present_settings: list[str]) -> list[str]:
    notes = misplaced_files(manifest.external_files, data_folder)
    if missing_settings := sorted(set(manifest.settings) - set(present_settings)):
        notes.append(f"Set where it was backed up, and not here: {', '.join(missing_settings)}.")
    if roles := manifest.database.other_roles:
        notes.append(f"Rights of roles that aren't Otklik's own have to be granted again: {', '.join(roles)}.")
    return notes
