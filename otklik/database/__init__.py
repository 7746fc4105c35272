"""The appeals database: its server, connections, migrations, scopes and cubes."""
