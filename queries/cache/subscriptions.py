"""Which open pages a change concerns: each page subscribes to the regions that it shows and to announcements."""

import secrets
from collections import Counter
from collections.abc import Callable
from threading import Lock
from weakref import WeakValueDictionary

from streamlit.runtime.scriptrunner import get_script_run_ctx

WakeCallback = Callable[[], None]
"""Called in any thread after a change that concerns the subscription; it must return at once."""


class Subscription:
    """An open page and the regions that it shows, None for all of them; it ends with the last reference to it.

    `announcements` tell what it shows besides appeals (`otklik.database.announcements`). `version` grows with each
    change that concerns it. `token` is known to the page's browser alone.
    """

    def __init__(
        self, region_ids: frozenset[int] | None, session_id: str = "", announcements: frozenset[str] = frozenset()
    ) -> None:
        """Concern these regions, by their ids, and these announcements."""
        self.token = secrets.token_urlsafe(24)
        self.region_ids = region_ids
        self.announcements = announcements
        self.session_id = session_id
        self.version = 0
        self.on_wake: WakeCallback | None = None
        """Where the browser waits, if it does."""

    def wake(self) -> None:
        """Note that the page has something new to show."""
        self.version += 1
        if self.on_wake:
            self.on_wake()


class Subscriptions:
    """The subscriptions of all open pages of this process."""

    def __init__(self) -> None:
        """Start without any."""
        self._by_token: WeakValueDictionary[str, Subscription] = WeakValueDictionary()
        self._lock = Lock()
        self._announcement_versions: Counter[str] = Counter()
        self._all_version = 0

    def __len__(self) -> int:
        """How many pages are open, their browsers connected or not."""
        return len(self._by_token)

    def subscribe(
        self, region_ids: frozenset[int] | None, session_id: str = "", announcements: frozenset[str] = frozenset()
    ) -> Subscription:
        """Subscribe to regions, or to all, and to announcements. It ends with the last reference to the result."""
        subscription = Subscription(region_ids, session_id, announcements)
        with self._lock:
            self._by_token[subscription.token] = subscription
        return subscription

    def by_token(self, token: str) -> Subscription | None:
        """The open subscription with this token."""
        with self._lock:
            return self._by_token.get(token)

    def wake(self, region_ids: frozenset[int] | None) -> None:
        """Wake the subscriptions to any of these regions; None wakes all, since anything may have changed as well."""
        self._all_version += region_ids is None
        for subscription in self._snapshot():
            shown = subscription.region_ids
            if region_ids is None or (region_ids if shown is None else not shown.isdisjoint(region_ids)):
                subscription.wake()

    def wake_announced(self, announcements: frozenset[str]) -> None:
        """Wake the subscriptions to any of these announcements."""
        self._announcement_versions.update(announcements)
        for subscription in self._snapshot():
            if not subscription.announcements.isdisjoint(announcements):
                subscription.wake()

    def announcement_version(self, announcement: str) -> tuple[int, int]:
        """A value that changes with each change that is announced so."""
        return self._all_version, self._announcement_versions[announcement]

    def wake_session(self, session_id: str) -> None:
        """Wake the page of one session."""
        for subscription in self._snapshot():
            if subscription.session_id == session_id:
                subscription.wake()

    def _snapshot(self) -> list[Subscription]:
        with self._lock:
            return list(self._by_token.values())


open_pages = Subscriptions()
"""The subscriptions of this process; `queries.cache.live` has its listener wake them."""


def current_session_id() -> str:
    """The session of the running script; empty outside of one."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""
