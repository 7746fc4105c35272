"""The server process of a data folder: start it, wait for it, stop it, always while holding the owner's lock."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import psycopg

from otklik.database.server import data_directory
from otklik.database.server.binaries import SERVER_ENVIRONMENT
from otklik.database.server.cluster import leftover_server_pid
from otklik.database.server.supervisor import STOP_TIMEOUT
from otklik.errors import DatabaseUnavailable, DiskFull
from otklik.paths import ROOT

START_TIMEOUT, CRASH_TIMEOUT = 120.0, 10.0
"""Seconds to wait for a start with recovery, and for a crashed server's processes to end."""
SUPERVISOR_COMMAND: list[str | Path] = [sys.executable, "-m", "otklik.database.server.supervisor"]
MAX_LOG_BYTES = 10_000_000

MEMORY_MB = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "otklik",
    # Room for the cubes and open appeals of millions; at most a quarter of the machine's memory.
    "shared_buffers": f"{max(64, min(512, MEMORY_MB // 4))}MB",
    "effective_cache_size": f"{max(128, MEMORY_MB // 2)}MB",
    "maintenance_work_mem": "128MB",
    # An import of a few hundred megabytes forces no checkpoint.
    "max_wal_size": "2GB",
    # The screens' queries are short: compiling one takes longer than running it.
    "jit": "off",
    # For solid-state disks, which laptops and servers have by now.
    "random_page_cost": "1.1",
}


def start(bin_folder: Path, cluster: Path, data_folder: Path, owner_lock: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a server on a cluster and wait until it answers and has the database; returns its supervisor.

    The supervisor keeps the lock. Raises DatabaseUnavailable.
    """
    socket_folder = data_directory.socket_folder(data_folder)
    data_directory.make_private_folder(socket_folder)
    stop(cluster)
    command = [*SUPERVISOR_COMMAND, data_folder, bin_folder / "postgres", "-D", cluster, "-k", socket_folder]
    command += ["-p", str(data_directory.PORT)]
    command += [argument for name, value in SERVER_OPTIONS.items() for argument in ("-c", f"{name}={value}")]
    log = data_folder / "postgresql.log"
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    retry_until = time.monotonic() + CRASH_TIMEOUT
    while True:
        # The lock file of the socket names a process too, whose number another process may have now.
        for stale_file in socket_folder.iterdir():
            stale_file.unlink()
        with data_directory.open_private_file(log) as output:
            log_offset = output.tell()
            process = subprocess.Popen(
                command,
                env=SERVER_ENVIRONMENT,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C in a terminal reaches the users, of whom the last one stops it
                pass_fds=[owner_lock.fileno()],
            )
        if _wait_until_ready(process, data_folder):
            return process
        new_log = log.read_bytes()[log_offset:].decode(errors="replace")
        # Processes of a crashed server need a moment to notice and end.
        if "shared memory block" not in new_log or time.monotonic() > retry_until:
            fatal_lines = [line for line in new_log.splitlines() if "FATAL" in line] or [f"see {log}"]
            error_class = DiskFull if data_directory.is_disk_full(data_folder) else DatabaseUnavailable
            raise error_class(f"The embedded database doesn't start ({fatal_lines[-1].strip()}).")


def _wait_until_ready(process: subprocess.Popen[bytes], data_folder: Path) -> bool:
    """Wait until the server answers and has the database; False if it ended instead. Raises DatabaseUnavailable."""
    give_up_at = time.monotonic() + START_TIMEOUT
    while time.monotonic() < give_up_at:
        try:
            maintenance_url = data_directory.server_url(data_folder, "postgres")
            with psycopg.connect(maintenance_url, autocommit=True) as connection:
                matches = connection.execute("SELECT FROM pg_database WHERE datname = 'otklik'")
                if not matches.rowcount:
                    connection.execute("CREATE DATABASE otklik")
        except psycopg.OperationalError:
            try:
                process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                continue
            return False
        return True
    raise DatabaseUnavailable(f"The embedded database doesn't answer: see {data_folder / 'postgresql.log'}.")


def accepts_connections(url: str) -> bool:
    """Whether a server accepts connections at this address."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def stop(cluster: Path) -> None:
    """Stop the server of a cluster, if one runs that nobody uses any more. Raises DatabaseUnavailable."""
    give_up_at = time.monotonic() + STOP_TIMEOUT
    signalled_pid = None
    while pid := leftover_server_pid(cluster):
        if pid != signalled_pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            signalled_pid = pid
        if time.monotonic() > give_up_at:
            raise DatabaseUnavailable(f"The server in {cluster} doesn't stop: process {pid}.")
        time.sleep(0.02)
