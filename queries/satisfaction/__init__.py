"""Queries of the satisfaction page."""
