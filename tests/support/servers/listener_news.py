"""Waiting for what the process's listener hears a moment after it was committed, such as new territories."""

import secrets

from sqlalchemy import Connection, text

from otklik.database.announcements import ANNOUNCEMENTS_CHANNEL
from queries.cache.live import change_listener
from tests.support.waiting import wait_for


def wait_for_news(connection: Connection) -> None:
    """Wait until the listener has taken in all that was committed before: notifications come in their order."""
    own_announcement = secrets.token_hex(4)
    received: set[str] = set()
    change_listener().on_announcements(received.update)
    notify = text("SELECT pg_notify(:channel, :payload)")

    def is_received() -> bool:
        # Again and again: a listener that doesn't listen yet misses the first.
        connection.execute(notify, {"channel": ANNOUNCEMENTS_CHANNEL, "payload": own_announcement})
        return own_announcement in received

    wait_for(is_received, "the listener's news")
