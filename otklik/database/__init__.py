"""The appeals database: its server, engine, migrations and rollups."""


class NoDatabase(Exception):
    """The appeals database can't be had; the message is one sentence: why, and what to do."""
