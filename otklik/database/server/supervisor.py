"""The parent process of an embedded server, which lives as long as somebody uses the server.

    python -m otklik.database.server.supervisor DATA_FOLDER COMMAND …

Every process that uses the server holds a shared lock on `users_lock_path`, which the kernel releases however the
process ends. The supervisor inherits the lock on `owner_lock_path` and holds it as long as the server runs.
"""

import fcntl
import signal
import subprocess
import sys
import threading
from pathlib import Path

from otklik.database.server import child_process, cluster, data_directory
from otklik.database.server.binaries import SERVER_ENVIRONMENT, server_user

STOP_TIMEOUT = 60.0
"""Seconds to wait for an orderly stop."""


def supervise(data_folder: Path, command: list[str]) -> int:
    """Run the server until it ends or its last user has gone; returns its exit code."""
    cluster.neutralize_pid_file(cluster.cluster_folder(data_folder))
    server_process = child_process.start(
        command,
        parent_death_signal=signal.SIGINT,
        env=SERVER_ENVIRONMENT,
        cwd=Path("/"),
        user=server_user(),
    )
    threading.Thread(target=_stop_when_unused, args=(data_folder, server_process), daemon=True).start()
    return server_process.wait()


def stop(server_process: subprocess.Popen[bytes]) -> None:
    """Stop a server in order, or at once if that takes longer than a minute."""
    server_process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown: connections are closed
    try:
        server_process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        server_process.send_signal(signal.SIGQUIT)  # at once; the next start recovers
        server_process.wait()


def _stop_when_unused(data_folder: Path, server_process: subprocess.Popen[bytes]) -> None:
    with data_directory.users_lock_path(data_folder).open("ab") as users_lock:
        fcntl.flock(users_lock, fcntl.LOCK_EX)  # granted when no user is left
        stop(server_process)


if __name__ == "__main__":
    sys.exit(supervise(Path(sys.argv[1]), sys.argv[2:]))
