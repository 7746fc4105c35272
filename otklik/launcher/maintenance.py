"""Maintenance jobs that the launcher runs again and again while it serves; each knows by itself whether it is time."""

import threading
import traceback
from collections.abc import Callable
from typing import Self

import psycopg

from otklik.launcher.lasting_failures import LastingFailures
from otklik.settings import Settings

Job = Callable[[str], object]
"""Called with the address of the database; harmless to repeat, and in two launchers at once."""

INTERVAL_SECONDS = 2.0
"""Seconds between two rounds of jobs."""
SLOW_INTERVAL_SECONDS = 300.0
"""Seconds between two rounds of slow jobs."""


def maintenance_jobs(settings: Settings) -> list[Job]:
    """The jobs of each round, in order; with a mail server in the settings also the mails.

    Results of running polls are shown in steps, from where new votes are, before that is forgotten as cubes are folded.
    Cubes are folded and notices given at every round, cubes compacted at night, and a day's stocks recorded from the
    next noon on.
    """
    from otklik.database.cubes.compaction import compact_at_night
    from otklik.database.cubes.rollups import fold_cubes
    from otklik.database.day_stocks import record_day_stocks
    from otklik.launcher.poll_releases import PollReleases
    from otklik.notifications.escalation import escalate
    from otklik.notifications.mail_settings import mail_settings
    from otklik.notifications.mailer import Mailer

    jobs: list[Job] = [PollReleases(), fold_cubes, compact_at_night, record_day_stocks, escalate]
    if mail_server := mail_settings(settings):
        jobs.append(Mailer(mail_server))
    return jobs


def slow_jobs() -> list[Job]:
    """Jobs that may take a minute at ten million appeals, for a thread of their own: the nightly search for surges."""
    from otklik.detection.missed_days import detect_missed_days

    return [detect_missed_days]


class Maintenance:
    """A thread that runs the jobs within a `with` block. A failing job is reported once until it works again."""

    def __init__(
        self, database_url: str, jobs: list[Job], failures: LastingFailures, interval_seconds: float = INTERVAL_SECONDS
    ) -> None:
        """Start nothing yet: `with` does. The first round comes soon, each other after the interval."""
        self._interval_seconds = interval_seconds
        self._database_url = database_url
        self._jobs = jobs
        self._failures = failures
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run_rounds, name="maintenance", daemon=True)

    def __enter__(self) -> Self:
        """Start the rounds."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the rounds; a job that takes longer than a few seconds ends with the database."""
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run_rounds(self) -> None:
        pause = INTERVAL_SECONDS
        while not self._stopped.wait(pause):
            pause = self._interval_seconds
            for job in self._jobs:
                try:
                    job(self._database_url)
                except psycopg.OperationalError as error:
                    message = " ".join(str(error).split())
                    self._failures.report(job, f"The database is away or has no room ({message}): trying again.")
                except Exception:  # noqa: BLE001 -- an error of one job must not end the others
                    self._failures.report(job, traceback.format_exc())
                else:
                    self._failures.resolve(job)
