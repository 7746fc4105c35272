"""`pg_dump` and `pg_restore`: which ones fit a server, and running them."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

import psycopg

from otklik.database.server.binaries import major_version, wheel_bin_folder
from otklik.errors import DatabaseUnavailable, DiskFull

PROGRAMS = ("pg_dump", "pg_restore")
TABLE_LINES = (" dumping contents of table ", " processing data for table ")
"""What the programs' lines hold that name the table whose rows come next."""
TRANSIENT_TABLES = ("public.region_change",)
"""Tables whose rows mean nothing on another server: numbers of its transactions of the last minutes."""
KEPT_ERROR_LINES = 20
NO_SPACE = "No space left on device"

TableCallback = Callable[[str], None]
"""Called in another thread with the name of the table whose rows come next, such as "public.appeal"."""


def client_bin_folder(server_version: int) -> Path:
    """The folder of client programs of a server's own major version: the wheel's, or those of this system.

    Newer ones wouldn't do: what they write, an older server doesn't understand. Raises DatabaseUnavailable.
    """
    search_path = shutil.which("pg_dump")
    candidates = (
        wheel_bin_folder(),
        Path(search_path).parent if search_path else None,
        Path(f"/usr/lib/postgresql/{server_version}/bin"),  # Debian's
        Path(f"/usr/pgsql-{server_version}/bin"),  # Red Hat's
    )
    for folder in candidates:
        if folder and all(major_version(folder / program) == str(server_version) for program in PROGRAMS):
            return folder
    raise DatabaseUnavailable(
        f"The server is PostgreSQL {server_version}, and there is no pg_dump and pg_restore of that version here:"
        f" install them (Debian's package is postgresql-client-{server_version}) where PATH finds them."
    )


class ClientProgram:
    """A running `pg_dump` or `pg_restore`, within a `with` block, at whose end it has done its work or is killed."""

    def __init__(
        self,
        command: Sequence[str | Path],
        url: str,
        on_table: TableCallback,
        *,
        stdin: IO[bytes] | int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
    ) -> None:
        """Start nothing yet. The address is given by the environment: everybody sees a command, with its password."""
        self._command = [*command, "--verbose", "--no-password"]
        self._environ = _client_environment(url)
        self._on_table = on_table
        self._stdin, self._stdout = stdin, stdout
        self._error_lines: list[str] = []

    def __enter__(self) -> Self:
        """Start it."""
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            self._command, env=self._environ, stdin=self._stdin, stdout=self._stdout, stderr=subprocess.PIPE
        )
        self._reader = threading.Thread(target=self._read_messages, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, error_type: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Wait for its end. Raises DatabaseUnavailable if it failed, also where that broke the pipe to it."""
        is_interrupted = error is not None and not isinstance(error, BrokenPipeError)
        if is_interrupted:
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        exit_code = self.process.wait()
        self._reader.join()
        if exit_code and not is_interrupted:
            raise self._failure(exit_code)

    def _failure(self, exit_code: int) -> DatabaseUnavailable:
        name = Path(self._command[0]).name
        errors = [line for line in self._error_lines if "error" in line.lower() or "fatal" in line.lower()]
        reason = (errors or self._error_lines or [f"exit code {exit_code}"])[0]
        if any(NO_SPACE in line for line in self._error_lines):
            return DiskFull(f"The database's disk is full ({reason}): make room.")
        return DatabaseUnavailable(f"{name} failed ({reason}).")

    def _read_messages(self) -> None:
        assert self.process.stderr is not None  # noqa: S101 - a pipe
        with self.process.stderr as messages:
            for message in messages:
                line = message.decode(errors="replace").strip()
                table_marker = next((marker for marker in TABLE_LINES if marker in line), None)
                if table_marker:
                    self._on_table(line.partition(table_marker)[2].strip().replace('"', ""))
                else:
                    self._error_lines = [*self._error_lines, line][-KEPT_ERROR_LINES:]


def dump_command(bin_folder: Path, *, snapshot: str | None = None, compression: int = 3) -> list[str | Path]:
    """The command that writes a database to standard output, without the rows of `TRANSIENT_TABLES`."""
    command: list[str | Path] = [bin_folder / "pg_dump", "--format=custom", f"--compress={compression}"]
    command += ["--no-owner", "--no-privileges", *(f"--exclude-table-data={table}" for table in TRANSIENT_TABLES)]
    return [*command, f"--snapshot={snapshot}"] if snapshot else command


def restore_command(bin_folder: Path, database: str, entries_file: Path | None = None) -> list[str | Path]:
    """The command that reads a dump from standard input into a database, in one transaction: all of it or nothing.

    `entries_file` has the entries of the dump to restore (`dump_entries`), without it all are. Owners and rights are
    left to `otklik migrate`.
    """
    command: list[str | Path] = [bin_folder / "pg_restore", "--single-transaction", "--no-owner", "--no-privileges"]
    return [*command, f"--dbname={database}", *([f"--use-list={entries_file}"] if entries_file else [])]


def dump_entries(bin_folder: Path, chunks: Iterable[bytes]) -> list[str]:
    """The entries of a dump that are to be restored, as `pg_restore --list` prints them.

    What is said of extensions is left out: on a server of one's own they may belong to somebody else. `chunks` are the
    bytes of the dump, of which the first ones are read. Raises DatabaseUnavailable.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
        command: list[str | Path] = [bin_folder / "pg_restore", "--list"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=messages)
        assert process.stdin is not None  # noqa: S101 - a pipe
        with suppress(BrokenPipeError), process.stdin as pipe:  # it ends once it has read the table of contents
            for chunk in chunks:
                pipe.write(chunk)
        if process.wait():
            messages.seek(0)
            raise DatabaseUnavailable(f"pg_restore failed ({messages.read().decode(errors='replace').strip()}).")
        output.seek(0)
        lines = output.read().decode().splitlines()
    return [line for line in lines if line[:1].isdigit() and " COMMENT - EXTENSION " not in line]


def _client_environment(url: str) -> dict[str, str]:
    """Our environment, in which psycopg finds what the address leaves out, and the parameters of the address."""
    parameters = {
        option.envvar.decode(): option.val.decode()
        for option in psycopg.pq.Conninfo.parse(url.encode())
        if option.envvar and option.val
    }
    return {**os.environ, "LC_ALL": "C", **parameters}
