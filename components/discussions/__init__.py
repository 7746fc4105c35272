"""The page of discussions: all of them by phase, and one with its threads, moderation and groups of opinion."""
