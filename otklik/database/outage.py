"""Why the database is away, once that lasts: logged once, and shown to administrators.

A restart of the server takes seconds and is no news; a missing role, a wrong password or a full disk stays until
somebody does something.
"""

import logging
import threading
import time

log = logging.getLogger("otklik.database")
LASTING_SECONDS = 5.0
"""Seconds without an answer after which the reason is logged and shown."""


class Outage:
    """The failures of all connections of this process since the last query that succeeded."""

    def __init__(self) -> None:
        """No failure yet."""
        self._lock = threading.Lock()
        self._failing_since: float | None = None
        self._lasting_reason = ""

    @property
    def lasting_reason(self) -> str:
        """What the last failure said, if the database has been away for long; otherwise an empty text."""
        return self._lasting_reason

    def note_failure(self, error: Exception) -> None:
        """Note that a connection or a query failed."""
        with self._lock:
            now = time.monotonic()
            self._failing_since = self._failing_since or now
            if now - self._failing_since >= LASTING_SECONDS:
                if not self._lasting_reason:
                    log.error("The database stays away: %s", error)
                self._lasting_reason = " ".join(str(error).split())

    def note_success(self) -> None:
        """Note that a query succeeded."""
        if self._failing_since is None:
            return
        with self._lock:
            if self._lasting_reason:
                log.warning("The database is back.")
            self._failing_since, self._lasting_reason = None, ""


outage = Outage()
"""That of this process."""
