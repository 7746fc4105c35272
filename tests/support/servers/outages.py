"""A running Otklik loses its screens, server, launcher and disk in turn: it comes back, and the data are whole.

    python -m tests.support.servers.outages

Run it as root: the data folder is a small file system in memory, which is filled and emptied again. Prints the seconds
that each return took; exit code 1 where one took longer than 15 s or a verification finds a difference.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg

from tests.support.servers.databases import shared_temp_folder
from tests.support.servers.running_app import RunningApp, is_healthy, run_otklik, running_app
from tests.support.waiting import wait_for

MAX_RETURN_SECONDS = 15.0
DISK_SIZE = "900m"


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system in memory at a folder."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE},mode=755", "tmpfs", folder], check=True)  # noqa: S607 -- by root's PATH
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S607 -- the same


def answers(app: RunningApp) -> bool:
    """Whether the screens answer, and the database writes."""
    try:
        with psycopg.connect(app.database_url, connect_timeout=2) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS fill (t text); TRUNCATE fill")
    except psycopg.Error:
        return False
    return is_healthy(app.url)


def screens_pid(app: RunningApp) -> int:
    """The process id of the screens, which have the port in their command."""
    port = f"--server.port={app.url.rpartition(':')[2]}".encode()
    commands = {int(path.parent.name): path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")}
    return next(pid for pid, command in commands.items() if port in command)


def server_pid(app: RunningApp) -> int:
    """The process id of the postmaster."""
    return int((app.data / "postgresql" / "postmaster.pid").read_text().split()[0])


def fill_disk(app: RunningApp) -> None:
    """Leave no room, and write until the database fails."""
    with (app.data / "ballast").open("wb") as ballast, suppress(OSError):
        while True:
            ballast.write(b"\0" * 2**16)
    # The server's log needs room for its next segment: without it the server ends, and can't start.
    with suppress(psycopg.Error), psycopg.connect(app.database_url, autocommit=True) as connection:
        while True:
            connection.execute("SELECT pg_logical_emit_message(true, 'fill', repeat('x', 10000000))")


def empty_disk(app: RunningApp) -> None:
    """Make room again, after the launcher has tried in vain."""
    message = "The screens show the last figures until it is back."
    wait_for(lambda: message in app.log.read_text(), f"the launcher's message, see {app.log}")
    time.sleep(5)
    assert app.log.read_text().count(message) == 1, "said more than once"
    assert is_healthy(app.url), "the screens ended with the database"
    (app.data / "ballast").unlink()


def measure_return(app: RunningApp, name: str, break_it: Callable[[], object]) -> bool:
    """Break something; whether everything answers again in time."""
    break_it()
    broken_at = time.monotonic()
    wait_for(lambda: answers(app), f"the return after: {name}", 120)
    seconds = time.monotonic() - broken_at
    print(f"{name}: back after {seconds:.1f} s.", flush=True)  # noqa: T201 -- a command
    return seconds <= MAX_RETURN_SECONDS


def kill(app: RunningApp, pid: Callable[[RunningApp], int], kill_signal: signal.Signals) -> None:
    """Kill one process of a running Otklik."""
    os.kill(pid(app), kill_signal)


def kill_all(pids: Sequence[int]) -> None:
    """Kill processes at once."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def run_outages(data: Path) -> bool:
    """Whether every return was in time and both verifications found nothing."""
    is_fine = run_otklik("demo", "--appeals", "2000", data=data).returncode == 0
    with running_app(data) as app:
        for kill_signal in (signal.SIGKILL, signal.SIGQUIT):
            for name, pid in {"screens": screens_pid, "database": server_pid}.items():
                is_fine &= measure_return(app, f"{name} {kill_signal.name}", partial(kill, app, pid, kill_signal))
        both = [server_pid(app), screens_pid(app)]
        is_fine &= measure_return(app, "both at once", partial(kill_all, both))
        fill_disk(app)
        is_fine &= measure_return(app, "disk full, and room again", lambda: empty_disk(app))
        app.process.kill()
    with running_app(data) as app:
        is_fine &= measure_return(app, "launcher SIGKILL, started again", lambda: None)
        with psycopg.connect(app.database_url) as connection:
            connection.execute("DROP TABLE fill")
        for command in (["verify"], ["audit", "verify"]):
            result = run_otklik(*command, data=data)
            print(f"{' '.join(command)}: {result.returncode} {result.stdout.strip()} {result.stderr.strip()}")  # noqa: T201 -- a command
            is_fine &= result.returncode == 0
    print(app.log.read_text())  # noqa: T201 -- a command
    return is_fine


def main() -> int:
    """Run it once; 1 where something didn't come back."""
    with shared_temp_folder() as folder, small_disk(folder / "data"):
        return 0 if run_outages(folder / "data") else 1


if __name__ == "__main__":
    sys.exit(main())
