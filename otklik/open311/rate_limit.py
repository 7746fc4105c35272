"""How many requests are answered: of each client, and of all of them."""

from collections import Counter

WINDOW_SECONDS = 60
CLIENT_REQUESTS = 60
"""Requests of one client in a minute."""
ALL_REQUESTS = 600
"""Requests of all clients in a minute that one process answers."""


class RateLimit:
    """Counts within the minutes of the clock; it remembers no more clients than it answers in one."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._window = 0
        self._counts: Counter[str] = Counter()

    def retry_seconds(self, client: str, now: float) -> int:
        """Count a request of a client at a time in seconds; returns 0, or how long to wait where there are too many.

        Those that are refused don't count against the others.
        """
        window = int(now // WINDOW_SECONDS)
        if window != self._window:
            self._window, self._counts = window, Counter()
        if self._counts[client] >= CLIENT_REQUESTS or self._counts.total() >= ALL_REQUESTS:
            return int((window + 1) * WINDOW_SECONDS - now) + 1
        self._counts[client] += 1
        return 0
