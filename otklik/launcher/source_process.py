"""Keeping the process of data sources running while there are some."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import psycopg

from otklik.data_sources.store import has_active_sources
from otklik.database.server import child_process
from otklik.launcher.lasting_failures import LastingFailures
from otklik.paths import ROOT

RESTART_SECONDS = 5.0
"""Seconds between two starts of a process that ends again and again."""
STOP_TIMEOUT = 5.0


class SourceProcess:
    """The process of `otklik.launcher.source_worker`, within a `with` block. Use it from the main thread.

    `look` is a maintenance job, which another thread may run: it finds out whether the process is needed.
    """

    def __init__(self, database_url: str, data_folder: Path, failures: LastingFailures) -> None:
        """Start nothing yet."""
        self._environ = {**os.environ, "DATABASE_URL": database_url, "OTKLIK_DATA": str(data_folder)}
        self._failures = failures
        self._is_needed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._start_at = 0.0

    def __enter__(self) -> Self:
        """Wait for a data source."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process; what it hasn't committed is read again."""
        self._stop()

    def look(self, database_url: str) -> None:
        """Find out whether there is a data source that isn't paused."""
        with psycopg.connect(database_url) as connection:
            self._is_needed = has_active_sources(connection)

    def ensure_running(self) -> None:
        """Start the process where it is needed and doesn't run; end it where it isn't needed any more."""
        if self._process is not None and (exit_code := self._process.poll()) is not None:
            self._failures.report(
                "sources", f"Data sources ended by themselves (exit code {exit_code}): starting again."
            )
            self._process = None
        if not self._is_needed:
            self._stop()
        elif self._process is None and time.monotonic() >= self._start_at:
            self._start_at = time.monotonic() + RESTART_SECONDS
            self._process = child_process.start(
                [sys.executable, "-m", "otklik.launcher.source_worker"],
                parent_death_signal=signal.SIGKILL,  # what it hasn't committed is read again
                env=self._environ,
                cwd=ROOT,
            )

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
