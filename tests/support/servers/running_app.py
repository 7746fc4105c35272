"""The command `otklik` as a person runs it: a process of its own, with its own data and port."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from otklik.database.server import child_process, data_directory
from otklik.load.server_usage import process_listening_on
from tests.support.servers.databases import free_port
from tests.support.waiting import wait_for

OTKLIK_COMMAND = Path(sys.executable).with_name("otklik")


@dataclass(frozen=True)
class RunningApp:
    """A running Otklik: the screens' address, the database's, and the launcher."""

    url: str
    database_url: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]


@contextmanager
def screens_away(app: RunningApp) -> Iterator[None]:
    """The screens killed, and the launcher held so that it doesn't start them anew before the end.

    On a quiet machine they are back before a page says that they are away.
    """
    pid = process_listening_on(urlsplit(app.url).port or 0)
    assert pid, "the screens listen"
    os.kill(app.process.pid, signal.SIGSTOP)
    try:
        os.kill(pid, signal.SIGKILL)
        yield
    finally:
        os.kill(app.process.pid, signal.SIGCONT)


def run_otklik(*arguments: str | Path, data: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, from a folder that has nothing to do with Otklik."""
    return subprocess.run(
        [OTKLIK_COMMAND, *arguments],
        env=process_environment(data, **environ),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=300,  # a demo of 20,000 appeals takes half a minute, on a busy machine several times as long
    )


@contextmanager
def running_app(
    data: Path, port: int | None = None, options: Sequence[str] = (), **environ: str
) -> Iterator[RunningApp]:
    """`otklik run` on a data folder, from a healthy page to its end; fails with its log when it isn't to be had."""
    port = port or free_port()
    log = data.parent / f"run-{port}.log"
    with log.open("wb") as output:
        process = child_process.start(
            [OTKLIK_COMMAND, "run", *options],
            parent_death_signal=signal.SIGTERM,
            env=process_environment(data, PORT=str(port), **environ),
            cwd=Path("/"),
            output=output,
        )
    app = RunningApp(f"http://127.0.0.1:{port}", data_directory.server_url(data), data, log, process)
    try:
        wait_for(lambda: process.poll() is not None or is_healthy(app.url), f"a healthy page, see {log}", 120)
        assert process.poll() is None, log.read_text()
        yield app
    finally:
        process.terminate()
        process.wait(timeout=60)


def is_healthy(address: str) -> bool:
    """Whether the screens answer."""
    try:
        with urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310 - our own address
            return True
    except (URLError, OSError):
        return False


def process_environment(data: Path, **environ: str) -> dict[str, str]:
    """Our environment without what points to a database of ours, for a process on `data`."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PORT")}
    inherited = {name: value for name, value in inherited.items() if not name.startswith("OTKLIK_")}
    return {**inherited, "OTKLIK_DATA": str(data), **environ}
