"""Queries of the data quality page."""
