"""Caches of query results: until the data change, for ten minutes, or computed in the background."""
