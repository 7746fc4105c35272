"""Copying the database of one embedded server into that of another, and verifying the copy."""

import subprocess

import psycopg

from otklik.backup.client_programs import ClientProgram, client_bin_folder, dump_command, restore_command
from otklik.backup.database_state import count_differences, database_state
from otklik.backup.manifest import DatabaseState
from otklik.backup.table_progress import TableProgress
from otklik.backup.verification import Verification, verify_copy
from otklik.database import schema
from otklik.database.access.audit import verify_audit
from otklik.database.cubes.rollups import rebuild_cubes
from otklik.database.migrate import locked_connection, migrate
from otklik.database.server.character_type import EMBEDDED_DATABASES
from otklik.errors import DatabaseUnavailable
from otklik.progress import ProgressCallback


def copy_and_verify(old_url: str, new_url: str, progress: ProgressCallback) -> tuple[DatabaseState, list[str]]:
    """Copy the database of one server into that of another, migrate and verify it there.

    Returns what it held, and sentences on what a person should know. Raises DatabaseUnavailable where the copy isn't
    whole.
    """
    with psycopg.connect(old_url) as connection:
        other_databases = [
            name
            for (name,) in connection.execute("SELECT datname FROM pg_database ORDER BY 1")
            if name not in EMBEDDED_DATABASES
        ]
        state = database_state(connection, progress)
    with locked_connection(new_url) as connection:
        schema.make_roles(connection)
        connection.commit()
    _copy_rows(old_url, new_url, state, progress)
    with psycopg.connect(new_url, autocommit=True) as new_connection:
        differences = count_differences(new_connection, state)
        progress("Preparing the database", 0, 1)
        new_connection.execute("VACUUM ANALYZE")
    migrate(new_url)
    progress("Preparing the database", 1, 1)
    verification = verify_copy(new_url, state, differences, progress)
    notes = _accept(verification, old_url, new_url, progress)
    if other_databases:
        notes.append(f"Databases that aren't Otklik's weren't brought along: {', '.join(other_databases)}.")
    if state.other_roles:
        notes.append(f"Roles that aren't Otklik's weren't brought along: {', '.join(state.other_roles)}.")
    return state, notes


def _copy_rows(old_url: str, new_url: str, state: DatabaseState, progress: ProgressCallback) -> None:
    with psycopg.connect(new_url) as connection:
        bin_folder = client_bin_folder(connection.info.server_version // 10000)
    with (
        TableProgress("Copying the database", state, progress) as table_progress,
        ClientProgram(
            dump_command(bin_folder, compression=0), old_url, lambda _name: None, stdout=subprocess.PIPE
        ) as dump,
    ):
        assert dump.process.stdout is not None  # noqa: S101 - a pipe
        restore = restore_command(bin_folder, "otklik")
        with ClientProgram(restore, new_url, table_progress.begin_table, stdin=dump.process.stdout):
            dump.process.stdout.close()  # or the dump wouldn't notice that the other one ended


def _accept(verification: Verification, old_url: str, new_url: str, progress: ProgressCallback) -> list[str]:
    """Notes on what was wrong before as well. Raises DatabaseUnavailable for what came by copying."""
    problems, notes = list(verification.count_differences), list[str]()
    if verification.audit.broken_at is not None:
        sentence = f"The audit breaks at entry {verification.audit.broken_at}: {verification.audit.reason}."
        is_old = verify_audit(old_url).broken_at == verification.audit.broken_at
        (notes if is_old else problems).append(f"{sentence} It did before." if is_old else sentence)
    if problems:
        raise DatabaseUnavailable(f"The copy isn't whole, and the old database stays: {' '.join(problems)}")
    if verification.differing_cells:
        rebuild_cubes(new_url, lambda _cube, done, total: progress("Rebuilding the cubes", done, total))
        notes.append(f"{verification.differing_cells} cells of cubes differed from the appeals and are counted again.")
    if verification.contradictions:
        notes.append(f"{verification.contradictions} recorded days can't have been so, as before: see `otklik verify`.")
    return notes
