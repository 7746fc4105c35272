"""Hearing of changes: one connection a process listens, so that screens ask only when there is news."""

import contextlib
import threading
import time
from datetime import UTC, datetime

import psycopg

from database import NoDatabase
from database.engine import address

CHANNEL = "otklik_appeals"
# News within this time are one piece of news: a thousand changes a second cost as much as three.
GATHER_SECONDS = 0.15
RETRY_SECONDS = 1.0
# How long silence may last before the connection is asked whether it still lives.
SILENCE_SECONDS = 5.0


class Listener:
    """The data's version, and whether the database answers; both change in the background."""

    def __init__(self) -> None:
        """Start to listen."""
        self.version = 0
        self.away = False
        self._heard_at = datetime.now(UTC)
        self._thread = threading.Thread(target=self._listen, name="otklik listener", daemon=True)
        self._thread.start()

    @property
    def as_of(self) -> datetime:
        """The moment up to which everything that happened is known: now, unless the database is away."""
        return self._heard_at if self.away else datetime.now(UTC)

    def lost(self) -> None:
        """Somebody else noticed that the database is away."""
        if not self.away:
            self._heard_at = datetime.now(UTC)
            self.away = True

    def _listen(self) -> None:
        while True:
            with (
                contextlib.suppress(psycopg.OperationalError, NoDatabase),
                psycopg.connect(
                    address(), autocommit=True, application_name="otklik listener", connect_timeout=5
                ) as connection,
            ):
                connection.execute(f"LISTEN {CHANNEL}")
                # What happened while nobody listened is news as well.
                self._news()
                self._hear(connection)
            self.lost()
            time.sleep(RETRY_SECONDS)

    def _hear(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        while True:
            if any(True for _ in connection.notifies(timeout=SILENCE_SECONDS, stop_after=1)):
                time.sleep(GATHER_SECONDS)
                for _ in connection.notifies(timeout=0):
                    pass
                self._news()
            else:
                connection.execute("SELECT")
                if self.away:
                    # Somebody lost another connection; this one lives, so the database is back.
                    self._news()

    def _news(self) -> None:
        self.version += 1
        self.away = False
