"""The appeals database: its server, engine, migrations and rollups."""


class DatabaseUnavailable(Exception):
    """The appeals database can't be had; the message is one sentence: why, and what to do."""
