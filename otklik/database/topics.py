"""What screens show besides appeals, by the names under which the database announces that it changed."""

TOPICS_CHANNEL = "otklik_topics"
"""The channel of notifications whose payloads are topics."""
AUDIT_TOPIC = "audit"
TRANSFERS_TOPIC = "transfers"
"""Transfers that wait for an administrator's approval."""
SCREENS_TOPIC = "screens"
"""Playlists, and what enrolled devices are to play."""
SCREEN_REPORTS_TOPIC = "screen reports"
"""What enrolled devices show."""


def notices_topic(person_id: int) -> str:
    """The topic of one person's notices."""
    return f"notices {person_id}"
