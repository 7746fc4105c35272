"""Folders, servers and databases for tests.

A test run has one PostgreSQL server: the one at DATABASE_URL, or an embedded one that starts when the first test asks
for a database and stops at the end of the run. Databases that take long to fill are filled once and copied.
"""

import atexit
import os
import re
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from otklik.database.migrate import migrate
from otklik.database.server import data_directory
from otklik.database.server.embedded import EmbeddedServer
from otklik.settings import libpq_url

SERVER_VARIABLE = "TEST_SERVER_URL"
"""The environment variable by which workers of pytest-xdist find the server that the run has started."""
RUN_VARIABLE = "TEST_RUN_ID"
"""The environment variable with which the names of a run's templates end."""
# Nothing of a test run has to survive a crash of the machine, so no write waits for the disk.
SERVER_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 -- each test's folder in it has a name of its own
MEMORY_FOLDER_BYTES = 6 * 2**30
"""Free bytes: a run's clusters take a third of it at a time, and write several times as much to a disk."""
PORTS = range(20_000, 32_000)
"""Below those that Linux gives to outgoing connections."""
TEMPLATE_LOCK_KEY = 0x07_7E57
"""Held while a template is built or copied: a database that has connections can't be copied."""


@contextmanager
def shared_temp_folder() -> Iterator[Path]:
    """A temporary folder that any user can enter: root's server runs as `nobody`. In memory, where that is roomy."""
    temporary_folder = Path(tempfile.mkdtemp(prefix="otklik-test-", dir=_memory_folder()))
    temporary_folder.chmod(0o755)
    try:
        yield temporary_folder
    finally:
        shutil.rmtree(temporary_folder)


def ensure_server() -> str:
    """The address of the run's server, for an owner who may create databases; started if need be.

    Call it from the main thread; where a run has several processes, from the first of them before it starts others.
    """
    if url := os.environ.get(SERVER_VARIABLE):
        return url
    resources = ExitStack()
    if given_url := os.environ.get("DATABASE_URL"):
        url = libpq_url(given_url)
    else:
        url = resources.enter_context(_running_server())
    os.environ[SERVER_VARIABLE] = url
    os.environ[RUN_VARIABLE] = secrets.token_hex(4)
    resources.callback(_drop_templates, url, os.environ[RUN_VARIABLE])
    atexit.register(resources.close)
    return url


@contextmanager
def empty_database() -> Iterator[str]:
    """The address of a new database without a table, dropped afterwards."""
    with _new_database() as url:
        yield url


@contextmanager
def migrated_database() -> Iterator[str]:
    """The address of a new database as the migrations leave it, dropped afterwards."""
    with cloned_database("migrated", migrate) as url:
        yield url


@contextmanager
def cloned_database(template: str, build: Callable[[str], None]) -> Iterator[str]:
    """The address of a copy of the database that `build` makes from an empty one, once a run; dropped afterwards."""
    server_url = ensure_server()
    template_name = f"otklik_template_{template}_{os.environ[RUN_VARIABLE]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", (TEMPLATE_LOCK_KEY, template))
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", (template_name,)).rowcount:
            unfinished_name = f"{template_name}_unfinished"
            _create_database(connection, unfinished_name)
            build(database_url(server_url, unfinished_name))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(unfinished_name), sql.Identifier(template_name)))
        with ExitStack() as stack:
            url = stack.enter_context(_new_database(template_name))
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (TEMPLATE_LOCK_KEY, template))
            yield url


def database_url(server_url: str, name: str) -> str:
    """The address of another database on the same server."""
    return re.sub(r"^(postgresql://[^/?]*)(/[^?]*)?", rf"\1/{name}", server_url)


def _memory_folder() -> Path | None:
    """The file system in memory, if there is one with room enough from which programs can be run."""
    try:
        stat = os.statvfs(MEMORY_FOLDER)
    except OSError:
        return None
    is_roomy = stat.f_bavail * stat.f_frsize >= MEMORY_FOLDER_BYTES
    return MEMORY_FOLDER if is_roomy and not stat.f_flag & os.ST_NOEXEC else None


@contextmanager
def _running_server() -> Iterator[str]:
    with shared_temp_folder() as folder, EmbeddedServer(folder / "data"):
        url = data_directory.server_url(folder / "data", "postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            for name, value in SERVER_SETTINGS.items():
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value))
            connection.execute("SELECT pg_reload_conf()")
        yield url


def _drop_templates(server_url: str, run_id: str) -> None:
    # A server that has ended took them along.
    with suppress(psycopg.OperationalError), psycopg.connect(server_url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", (f"otklik_template_%_{run_id}%",)
        )
        for (name,) in rows.fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _new_database(template: str = "template1") -> Iterator[str]:
    server_url, name = ensure_server(), f"otklik_test_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        _create_database(connection, name, template)
        try:
            yield database_url(server_url, name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _create_database(connection: psycopg.Connection, name: str, template: str = "template1") -> None:
    # Copied as files: on a server that writes without waiting that is quicker than through the log.
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def free_port() -> int:
    """A port that nothing listens on now.

    None of those that the system gives to outgoing connections: one of these would take it while its server restarts.
    """
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
