"""Queries of the resolution page."""
