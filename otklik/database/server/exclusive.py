"""Using the cluster of a data folder alone, by a server of other programs than those of this Otklik."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from otklik.database.server import data_directory, postmaster
from otklik.database.server.cluster import cluster_folder, restrict_logins
from otklik.errors import DatabaseUnavailable

LOCK_TIMEOUT_SECONDS = 10.0
"""Seconds to wait for a server that is stopping since its last user has just ended."""


@contextmanager
def exclusive_use(data_folder: Path) -> Iterator[IO[bytes]]:
    """Keep every other Otklik from using or starting the server of a data folder; yields the owner's lock.

    Raises DatabaseUnavailable where another one uses it.
    """
    with (
        data_directory.open_private_file(data_directory.users_lock_path(data_folder)) as users_lock,
        data_directory.open_private_file(data_directory.owner_lock_path(data_folder)) as owner_lock,
    ):
        give_up_at = time.monotonic() + LOCK_TIMEOUT_SECONDS
        while not data_directory.try_lock(users_lock, fcntl.LOCK_EX):
            if time.monotonic() > give_up_at:
                raise DatabaseUnavailable(f"Another Otklik uses {data_folder}: end it first.")
            time.sleep(0.05)
        while not data_directory.try_lock(owner_lock, fcntl.LOCK_EX):
            postmaster.stop(cluster_folder(data_folder))  # that of a process that was killed
            time.sleep(0.02)
        yield owner_lock


@contextmanager
def running_server(data_folder: Path, bin_folder: Path, owner_lock: IO[bytes]) -> Iterator[str]:
    """The owner's address of a server on the cluster of a data folder, within `exclusive_use` of it.

    It runs by the programs in `bin_folder`, which are of the cluster's major version. Raises DatabaseUnavailable.
    """
    cluster = cluster_folder(data_folder)
    restrict_logins(cluster)
    supervisor = postmaster.start(bin_folder, cluster, data_folder, owner_lock)
    try:
        yield data_directory.server_url(data_folder)
    finally:
        postmaster.stop(cluster)
        supervisor.wait()
