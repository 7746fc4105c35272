"""Places and databases that tests work on."""

import os
import re
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from otklik.database.server.embedded import running_database
from otklik.settings import Settings, libpq_url


@contextmanager
def shared_temp_folder() -> Iterator[Path]:
    """A temporary folder that any user can enter: root's server runs as `nobody`."""
    temporary_folder = Path(tempfile.mkdtemp(prefix="otklik-test-"))
    temporary_folder.chmod(0o755)
    try:
        yield temporary_folder
    finally:
        shutil.rmtree(temporary_folder)


@contextmanager
def empty_database() -> Iterator[str]:
    """The address of a new database: on the server at DATABASE_URL, or on an embedded one of our own."""
    if server_url := os.environ.get("DATABASE_URL"):
        name = f"otklik_test_{secrets.token_hex(4)}"
        with psycopg.connect(libpq_url(server_url), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            try:
                yield re.sub(r"^(postgresql://[^/?]*)(/[^?]*)?", rf"\1/{name}", libpq_url(server_url))
            finally:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    else:
        with shared_temp_folder() as data, running_database(Settings(data_folder=data)) as url:
            yield url


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
