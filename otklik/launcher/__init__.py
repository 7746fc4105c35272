"""Serving the screens: checks before the start, and background jobs."""
