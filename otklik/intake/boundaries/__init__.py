"""Boundaries of territories: read from GeoJSON, simplified for maps, and points placed by them."""
