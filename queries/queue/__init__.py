"""Queries of the queue page."""
