"""Tiles of metrics."""
