"""The embedded PostgreSQL: one private server per data folder, which runs as long as a process uses it."""

import errno
import fcntl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

import psycopg

from otklik.database.server import cluster, data_directory, postmaster
from otklik.database.server.binaries import (
    check_folder_access,
    postgres_bin_folder,
    remove_earlier_copies,
    server_user,
)
from otklik.database.server.character_type import check_character_type, upgrade_character_type
from otklik.errors import DatabaseUnavailable, DiskFull
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
    """Raise DatabaseUnavailable unless a server answers that is new enough and knows letters beyond ASCII."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            major = connection.info.server_version // 10000
            check_character_type(connection)
    except psycopg.Error as error:
        message = " ".join(str(error).split())
        raise DatabaseUnavailable(f"The server at DATABASE_URL can't be reached ({message}).") from error
    if major < MIN_SERVER_VERSION:
        raise DatabaseUnavailable(
            f"The server at DATABASE_URL is PostgreSQL {major}: Otklik needs {MIN_SERVER_VERSION} or newer."
        )


class EmbeddedServer:
    """The server of a data folder as one process uses it: the first user starts it, the last one stops it.

    It also stops when its last user was killed.
    """

    def __init__(self, data_folder: Path) -> None:
        """Start nothing yet: `ensure_running` does."""
        self.data_folder = data_folder
        self.url = data_directory.server_url(data_folder)
        self._users_lock: IO[bytes] | None = None
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._has_answered = False

    def __enter__(self) -> Self:
        """Start or join the server. Raises DatabaseUnavailable."""
        try:
            self.ensure_running()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server, unless another process uses it."""
        self.stop()

    def ensure_running(self) -> None:
        """Start or join the server, also again after it ended. Cheap while it runs. Raises DatabaseUnavailable."""
        if self._supervisor and self._supervisor.poll() is not None:
            self._supervisor = None
        try:
            make_data_folder(self.data_folder)
            give_up_at = time.monotonic() + LOCK_TIMEOUT_SECONDS
            while not self._join_or_start():
                if time.monotonic() > give_up_at:
                    raise DatabaseUnavailable(f"Another Otklik is starting or stopping in {self.data_folder}.")
                time.sleep(0.05)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(f"The disk of {self.data_folder} is full: make room.") from error
            raise DatabaseUnavailable(
                f"The data folder {self.data_folder} can't be used ({error.strerror}):"
                " set OTKLIK_DATA to a folder that can be written."
            ) from error

    def stop(self) -> None:
        """Stop the server if nobody else uses it."""
        if self._users_lock is None:
            return
        with self._users_lock as users_lock:
            self._users_lock = None
            if data_directory.try_lock(users_lock, fcntl.LOCK_EX):
                # Nobody can join before it has stopped.
                with data_directory.open_private_file(data_directory.owner_lock_path(self.data_folder)) as owner_lock:
                    while not data_directory.try_lock(owner_lock, fcntl.LOCK_EX):
                        postmaster.stop(cluster.cluster_folder(self.data_folder))
                        time.sleep(0.02)
                if self._supervisor:
                    self._supervisor.wait()
                    self._supervisor = None
        self._has_answered = False

    def _join_or_start(self) -> bool:
        """Join the server that runs or start one; False while another process is starting or stopping it."""
        if self._users_lock is None:
            users_lock = data_directory.open_private_file(data_directory.users_lock_path(self.data_folder))
            if not data_directory.try_lock(users_lock, fcntl.LOCK_SH):
                users_lock.close()
                return False
            self._users_lock = users_lock
        with data_directory.open_private_file(data_directory.owner_lock_path(self.data_folder)) as owner_lock:
            if data_directory.try_lock(owner_lock, fcntl.LOCK_EX):
                self._has_answered = False
                check_folder_access(self.data_folder)
                bin_folder = postgres_bin_folder(self.data_folder)
                own_cluster = cluster.make_cluster(bin_folder, self.data_folder)
                self._supervisor = postmaster.start(bin_folder, own_cluster, self.data_folder, owner_lock)
                if not cluster.earlier_cluster_folder(self.data_folder).exists():
                    remove_earlier_copies(self.data_folder)
                upgrade_character_type(self.url, self.data_folder)
                self._has_answered = True
        self._has_answered = self._has_answered or postmaster.accepts_connections(self.url)
        return self._has_answered


def make_data_folder(data_folder: Path) -> None:
    """Make the data folder unless it exists. Raises DatabaseUnavailable for a link to nowhere, and OSError."""
    if data_folder.is_symlink() and not data_folder.exists():
        raise DatabaseUnavailable(
            f"The data folder {data_folder} is a link to {data_folder.readlink()}, which isn't there: mount or make it,"
            " or set OTKLIK_DATA to another folder."
        )
    if not data_folder.exists():
        data_folder.mkdir(parents=True)
        data_folder.chmod(0o755 if server_user() else 0o700)  # `nobody` has to enter root's
