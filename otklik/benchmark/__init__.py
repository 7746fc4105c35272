"""Measuring how fast panels, pages and writes are, on a database of made-up appeals."""
