"""Caches of query results: until the data change, for some minutes, or computed in the background."""
