"""Work that the launcher does beside serving, every few seconds."""

import sys
import threading
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from typing import Self

Job = Callable[[str], object]
"""Told the database's address; short, harmless to repeat, and by two launchers at once."""

PERIOD = 2.0
"""Seconds between two rounds."""


def jobs() -> list[Job]:
    """What there is to do in each round, in order."""
    found: list[Job] = []
    if find_spec("database.rollups"):
        from database.rollups import fold

        found.append(fold)
    return found


class Maintenance:
    """A thread that does the jobs from `with` to its end. A failing job is told once until it works again."""

    def __init__(self, url: str, work: list[Job]) -> None:
        """Nothing starts before `with`."""
        self._url = url
        self._failing: dict[Job, bool] = dict.fromkeys(work, False)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._rounds, name="maintenance", daemon=True)

    def __enter__(self) -> Self:
        """Start the rounds."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End them; a job that takes longer than a few seconds is left to the database's own end."""
        self._over.set()
        self._thread.join(timeout=5)

    def _rounds(self) -> None:
        while not self._over.wait(PERIOD):
            for job in self._failing:
                try:
                    job(self._url)
                except Exception:  # noqa: BLE001 - the database may be away; the next round tries again
                    if not self._failing[job] and not self._over.is_set():
                        traceback.print_exc(file=sys.stderr)
                    self._failing[job] = True
                else:
                    self._failing[job] = False
