"""The appeals database: its server, engine, migrations and rollups."""
