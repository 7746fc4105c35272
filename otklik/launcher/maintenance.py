"""Work that the launcher does beside serving, every few seconds."""

import threading
import traceback
from collections.abc import Callable
from typing import Self

import psycopg

from otklik.settings import Settings

Job = Callable[[str], object]
"""Told the database's address; harmless to repeat, and by two launchers at once."""

INTERVAL_SECONDS = 2.0
"""Seconds between two rounds."""


def maintenance_jobs(settings: Settings) -> list[Job]:
    """The jobs of each round, in order; with a mail server in the settings also the mails."""
    from otklik.database.compaction import compact_at_night
    from otklik.database.rollups import fold_cubes
    from otklik.notifications.escalation import escalate
    from otklik.notifications.mail_settings import mail_settings
    from otklik.notifications.mailer import Mailer

    jobs: list[Job] = [fold_cubes, compact_at_night, escalate]
    if mail_server := mail_settings(settings):
        jobs.append(Mailer(mail_server))
    return jobs


class Maintenance:
    """A thread that does the jobs from `with` to its end. A failing job is told once until it works again."""

    def __init__(self, database_url: str, jobs: list[Job]) -> None:
        """Nothing starts before `with`."""
        self._database_url = database_url
        self._is_failing: dict[Job, bool] = dict.fromkeys(jobs, False)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run_rounds, name="maintenance", daemon=True)

    def __enter__(self) -> Self:
        """Start the rounds."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End them; a job that takes longer than a few seconds is left to the database's own end."""
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run_rounds(self) -> None:
        while not self._stopped.wait(INTERVAL_SECONDS):
            for job in self._is_failing:
                try:
                    job(self._database_url)
                except psycopg.OperationalError:
                    continue  # the database is away; the screens say so, and the next round tries again
                except Exception:  # noqa: BLE001 - whatever ails one job, the others go on
                    if not self._is_failing[job]:
                        traceback.print_exc()
                    self._is_failing[job] = True
                else:
                    self._is_failing[job] = False
