"""Processes that serve the app: Streamlit as children of the launcher, started again when they end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from otklik.database.server import child_process
from otklik.detection.blas_threads import VARIABLES as BLAS_VARIABLES
from otklik.launcher.lasting_failures import LastingFailures
from otklik.launcher.startup_checks import allowed_hosts
from otklik.paths import ROOT
from otklik.settings import Settings

MAX_PAUSE_SECONDS = 8.0
"""Seconds between two starts of screens that end again and again; the first pause is an eighth of it."""
STOP_TIMEOUT = 5.0
BUSY_SECONDS = 10.0
"""How long screens may take to answer a command that wants their address: on a busy machine, more than one."""
URL_FILE_NAME = "screens.url"


class AppServerFailed(Exception):
    """The server ended before it ever answered; `exit_code` is as a shell would say it."""

    def __init__(self, exit_code: int) -> None:
        """The message is a sentence for the person at the console."""
        super().__init__(f"The screens ended by themselves (exit code {exit_code}).")
        self.exit_code = exit_code


class AppServer:
    """The Streamlit process that answers at `url`, within a `with` block. Use it from the main thread."""

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        url: str,
        failures: LastingFailures,
        name: str = "The screens",
    ) -> None:
        """Start nothing yet: `with` does. `name` is what messages call it."""
        self.url = url
        self._name = name
        self.has_answered = False
        self._command = command
        self._environ = environ
        self._failures = failures
        self._pause = MAX_PAUSE_SECONDS / 8
        self._restart_at: float | None = None
        self._is_healthy = False

    def __enter__(self) -> Self:
        """Start the process."""
        self._process = self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, also one whose script run doesn't return."""
        self._process.terminate()
        try:
            self._process.wait(timeout=STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ensure_running(self) -> None:
        """Start the process again after it ended, with growing pauses. Raises AppServerFailed if it never answered."""
        exit_code = self._process.poll()
        if exit_code is None:
            if not self._is_healthy and answers(self.url):
                self.has_answered = self._is_healthy = True
                self._pause = MAX_PAUSE_SECONDS / 8
                self._failures.resolve(self._name, f"{self._name} answer again.")
        elif not self.has_answered:
            raise AppServerFailed(
                exit_code if exit_code >= 0 else 128 - exit_code
            )  # a signal's exit code, as in shells
        elif self._restart_at is None:
            self._failures.report(
                self._name, f"{self._name} ended by themselves (exit code {exit_code}) and are started again."
            )
            self._is_healthy = False
            self._restart_at = time.monotonic() + self._pause
            self._pause = min(2 * self._pause, MAX_PAUSE_SECONDS)
        elif time.monotonic() >= self._restart_at:
            self._restart_at = None
            self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return child_process.start(
            self._command,
            parent_death_signal=signal.SIGKILL,  # it has nothing to save
            env=self._environ,
            cwd=ROOT,  # where its .streamlit is
        )


def processes_settings(settings: Settings, count: int) -> list[Settings]:
    """The settings of each of so many processes of the screens: the ports are the given ones and those after them."""
    metrics_address = settings.metrics_address
    return [
        settings.model_copy(
            update={
                "port": settings.port + n,
                "metrics_address": metrics_address and (metrics_address[0], metrics_address[1] + n),
            }
        )
        for n in range(count)
    ]


def app_server_command(settings: Settings) -> list[str]:
    """The command that serves the app."""
    command = [sys.executable, "-m", "streamlit", "run", "server.py"]
    command += [f"--server.address={settings.host}", f"--server.port={settings.port}"]
    command += ["--global.developmentMode=false", "--logger.hideWelcomeMessage=true", "--logger.level=warning"]
    command += [f"--server.allowedHosts={host}" for host in allowed_hosts(settings)]
    if settings.secrets:
        command.append(f"--secrets.files={settings.secrets}")
    return command


def app_server_environ(settings: Settings, database_url: str, cookie_secret: str, *, is_demo: bool) -> dict[str, str]:
    """The environment of the screens: ours, and the address at which they connect to the database.

    By the `cookie_secret` each process knows the cookies that another has set, and those from before it was restarted.
    """
    environ = {
        "STREAMLIT_SERVER_COOKIE_SECRET": cookie_secret,
        # Masking multiplies thousands of small matrices: on a busy machine threads make it twenty times slower.
        **dict.fromkeys(BLAS_VARIABLES, "1"),
        **os.environ,
        "OTKLIK_ADDRESS": database_url,
    }
    if settings.metrics_address:
        host, port = settings.metrics_address
        environ["OTKLIK_METRICS_ADDRESS"] = f"{host}:{port}"
    # On this database, and on no other, visitors may be any of the demo's people.
    environ.pop("OTKLIK_DEMO", None)
    if is_demo:
        environ["OTKLIK_DEMO"] = database_url
    if environ.get("OTKLIK_APP_URL"):
        environ.pop("DATABASE_URL", None)  # the screens don't need the owner's password
    return environ


def local_url(settings: Settings) -> str:
    """The address of the screens on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 -- listening everywhere includes this one
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


@contextmanager
def announced_url(data_folder: Path, url: str) -> Iterator[None]:
    """Keep the address of the screens in the data folder, for commands that print it."""
    url_file = data_folder / URL_FILE_NAME
    with suppress(OSError):  # without a data folder of its own, or on a full disk
        url_file.write_text(url, encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            url_file.unlink()


def running_app_url(data_folder: Path) -> str | None:
    """The address of screens that answer now, if `otklik run` noted one in this data folder."""
    try:
        url = (data_folder / URL_FILE_NAME).read_text(encoding="utf-8")
    except OSError:
        return None
    return url if answers(url, BUSY_SECONDS) else None


def answers(url: str, seconds: float = 1) -> bool:
    """Whether screens answer at an address within so many seconds."""
    try:
        with urlopen(f"{url}/_stcore/health", timeout=seconds):  # noqa: S310 -- the address of this machine
            return True
    except (URLError, OSError):
        return False
