"""Queries of the regions page."""
