"""Queries of the appeal page."""
