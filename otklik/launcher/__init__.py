"""Serving the screens: checks before the start, and maintenance jobs."""
