"""The process that runs data sources by their schedule, beside the one that folds cubes and watches the screens.

Each run has a thread and connections of its own: one that hangs keeps no other from running. `otklik run` starts the
process where there is a data source, as `python -m otklik.launcher.source_worker`.
"""

import signal
import threading
import time
import traceback
from pathlib import Path

import psycopg

from otklik.data_sources import store
from otklik.data_sources.runs import RunFailed, run_data_source
from otklik.launcher.lasting_failures import LastingFailures
from otklik.settings import libpq_url, read_settings

POLL_SECONDS = 0.5
"""Seconds between two looks at which data sources are due."""
APPLICATION_NAME = "otklik sources"
MAX_THREADS = 16
"""Data sources that run at once; the others wait for the first of them to end."""
MAX_RUN_SECONDS = 6 * 3600.0
"""Seconds after which a run counts as hanging: the process ends, and with the next one the run goes on from where it
was."""
STOP_SECONDS = 4.0
"""Seconds that runs have at the end for the batch that they are at; what isn't committed then is read again."""


class SourceWorker:
    """Runs the data sources of a database that are due, until it is stopped."""

    def __init__(self, database_url: str, data_folder: Path) -> None:
        """Nothing runs yet."""
        self.stopped = threading.Event()
        self._database_url = libpq_url(database_url)
        self._data_folder = data_folder
        self._failures = LastingFailures()
        self._threads: dict[int, threading.Thread] = {}
        self._started_at: dict[int, float] = {}

    def run(self) -> None:
        """Look again and again what is due, until `stopped` is set or a run hangs; then runs have some time to end."""
        while not self.stopped.wait(POLL_SECONDS):
            try:
                with psycopg.connect(
                    self._database_url, autocommit=True, application_name="otklik sources"
                ) as connection:
                    self._failures.resolve("database")
                    while not self.stopped.wait(POLL_SECONDS):
                        self._start_due(connection)
            except psycopg.OperationalError as error:
                message = " ".join(str(error).split())
                self._failures.report("database", f"Data sources wait for the database ({message}).")
        for thread in self._threads.values():
            thread.join(STOP_SECONDS)

    def _start_due(self, connection: psycopg.Connection) -> None:
        self._threads = {source_id: thread for source_id, thread in self._threads.items() if thread.is_alive()}
        for source_id in self._threads:
            if time.monotonic() - self._started_at[source_id] > MAX_RUN_SECONDS:
                self._failures.report("hanging", f"Data source {source_id} hangs: all of them are started again.")
                self.stopped.set()
                return
        for source_id in store.due_ids(connection):
            if source_id not in self._threads and len(self._threads) < MAX_THREADS:
                thread = threading.Thread(target=self._run_one, args=(source_id,), daemon=True)
                self._threads[source_id] = thread
                self._started_at[source_id] = time.monotonic()
                thread.start()

    def _run_one(self, source_id: int) -> None:
        try:
            run_data_source(self._database_url, source_id, self._data_folder, self.stopped)
        except RunFailed as error:
            self._failures.report(source_id, f"Data source {source_id} failed and is tried again: {error}")
        except psycopg.OperationalError:
            pass  # the database is away, which the loop reports
        except Exception:  # noqa: BLE001 - an error of one run must not end the others
            self._failures.report(source_id, traceback.format_exc())
        else:
            self._failures.resolve(source_id, f"Data source {source_id} can be read again.")


def main() -> None:
    """Run until SIGTERM; the address of the database is that of the settings."""
    settings = read_settings()
    worker = SourceWorker(str(settings.database_url), settings.data_folder)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopped.set())
    worker.run()


if __name__ == "__main__":
    main()
