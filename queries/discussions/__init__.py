"""Queries of the page of discussions: all of them, and one with its threads, moderation and groups of opinion."""
