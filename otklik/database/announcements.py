"""What the database announces that screens show besides appeals: each announcement names what has changed."""

ANNOUNCEMENTS_CHANNEL = "otklik_announcements"
"""The channel of notifications whose payloads are announcements."""
AUDIT_ANNOUNCEMENT = "audit"
TRANSFERS_ANNOUNCEMENT = "transfers"
"""Transfers that wait for an administrator's approval."""
SCREENS_ANNOUNCEMENT = "screens"
"""Playlists, and what enrolled devices are to play."""
SCREEN_REPORTS_ANNOUNCEMENT = "screen reports"
"""What enrolled devices show."""
SURGES_ANNOUNCEMENT = "surges"
"""A day has been searched for surges."""
PROBLEMS_ANNOUNCEMENT = "problems"
"""Problems, their remedies, or what is said about them."""
POLLS_ANNOUNCEMENT = "polls"
"""Polls, or votes in them."""
DISCUSSIONS_ANNOUNCEMENT = "discussions"
"""Discussions, their comments, answers or reactions."""

DATA_SOURCES_ANNOUNCEMENT = "data sources"
"""Data sources, or their state."""


def notices_announcement(person_id: int) -> str:
    """What is announced when one person's notices have changed."""
    return f"notices {person_id}"
