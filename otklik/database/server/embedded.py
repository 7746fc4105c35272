"""The embedded PostgreSQL: one private server per data folder, which runs as long as its launcher."""

import fcntl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

import psycopg

from otklik.database.server import data_directory, postmaster
from otklik.database.server.binaries import check_folder_access, postgres_bin_folder, server_user
from otklik.errors import DatabaseUnavailable
from otklik.settings import Settings

MIN_SERVER_VERSION = 15
LOCK_TIMEOUT_SECONDS = 120.0
"""Seconds that a launcher waits for another one that is starting or stopping."""


@contextmanager
def running_database(settings: Settings) -> Iterator[str]:
    """The address of a running appeals database, in libpq's form: the embedded server, or DATABASE_URL.

    Call it from the main thread, and close your connections before its end. Raises DatabaseUnavailable.
    """
    if settings.database_url:
        check_server(settings.database_url)
        yield settings.database_url
    else:
        with EmbeddedServer(settings.data_folder) as server:
            yield server.url


def check_server(url: str) -> None:
    """Raise DatabaseUnavailable unless a server that is new enough answers at this address."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            major = connection.info.server_version // 10000
    except psycopg.Error as error:
        message = " ".join(str(error).split())
        raise DatabaseUnavailable(f"The server at DATABASE_URL can't be reached ({message}).") from error
    if major < MIN_SERVER_VERSION:
        raise DatabaseUnavailable(
            f"The server at DATABASE_URL is PostgreSQL {major}: Otklik needs {MIN_SERVER_VERSION} or newer."
        )


class EmbeddedServer:
    """The server of a data folder. The process that holds the folder's lock owns it; other processes join.

    The server ends with its owner, if need be by a signal from the kernel.
    """

    def __init__(self, data_folder: Path) -> None:
        """Start nothing yet: `ensure_running` does."""
        self.data_folder = data_folder
        self.url = data_directory.server_url(data_folder)
        self._lock_file: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._is_joined = False

    def __enter__(self) -> Self:
        """Start or join the server. Raises DatabaseUnavailable."""
        try:
            self.ensure_running()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server, if this process owns it."""
        self.stop()

    @property
    def is_owner(self) -> bool:
        """Whether this process started the server, and will stop it."""
        return self._process is not None

    def ensure_running(self) -> None:
        """Start or join the server, also again after it ended. Raises DatabaseUnavailable.

        Cheap while the server runs. A process that joined becomes the owner when the owner has ended.
        """
        if self._process and self._process.poll() is None:
            return
        try:
            self._make_data_folder()
            give_up_at = time.monotonic() + LOCK_TIMEOUT_SECONDS
            while not self._acquire_lock():
                if self._is_joined or postmaster.accepts_connections(self.url):
                    self._is_joined = True
                    return
                if time.monotonic() > give_up_at:
                    raise DatabaseUnavailable(f"Another Otklik is starting or stopping in {self.data_folder}.")
                time.sleep(0.05)
            self._is_joined = False
            check_folder_access(self.data_folder)
            bin_folder = postgres_bin_folder(self.data_folder)
            self._process = postmaster.start(
                bin_folder, data_directory.make_cluster(bin_folder, self.data_folder), self.data_folder
            )
        except OSError as error:
            raise DatabaseUnavailable(
                f"The data folder {self.data_folder} can't be used ({error.strerror}):"
                " set OTKLIK_DATA to a folder that can be written."
            ) from error

    def stop(self) -> None:
        """Stop the server if this process owns it; a joined one runs on."""
        if self._process:
            postmaster.stop(self._process)
            self._process = None
        if self._lock_file:
            self._lock_file.close()
            self._lock_file = None

    def _make_data_folder(self) -> None:
        if not self.data_folder.exists():
            self.data_folder.mkdir(parents=True)
            self.data_folder.chmod(0o755 if server_user() else 0o700)  # `nobody` has to enter root's

    def _acquire_lock(self) -> bool:
        if self._lock_file:
            return True
        lock_file = (self.data_folder / "owner.lock").open("ab")
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock_file.close()
            return False
        self._lock_file = lock_file
        return True
