"""A private MariaDB server for tests of data sources."""

import os
import pwd
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine
from sqlalchemy.pool import NullPool

from otklik.database.server import child_process
from tests.support.servers.databases import shared_temp_folder
from tests.support.waiting import wait_for

SERVER_SETTINGS = (
    "--skip-networking",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=32M",
    "--character-set-server=utf8mb4",
)
SEARCH_PATH = f"{os.defpath}:/usr/sbin"


@contextmanager
def running_mariadb() -> Iterator[URL]:
    """The address of a private server on a socket, with the database `city`, as its superuser; ends with the block."""
    nobody = pwd.getpwnam("nobody")
    owner = (nobody.pw_uid, nobody.pw_gid) if os.geteuid() == 0 else None
    environment = {"PATH": SEARCH_PATH, "LC_ALL": "C.UTF-8"}
    with shared_temp_folder() as folder:
        if owner:
            os.chown(folder, *owner)
        data, log, server_socket = folder / "mariadb", folder / "log", folder / "socket"
        settings = ["--no-defaults", f"--datadir={data}"]
        install = [_program("mariadb-install-db"), *settings, "--auth-root-authentication-method=normal"]
        server = [_program("mariadbd"), *settings, f"--socket={server_socket}", *SERVER_SETTINGS]
        with log.open("wb") as output:
            installation = child_process.start(
                install, parent_death_signal=signal.SIGKILL, env=environment, cwd=Path("/"), output=output, user=owner
            )
            assert installation.wait() == 0, log.read_text()
            process = child_process.start(
                server, parent_death_signal=signal.SIGKILL, env=environment, cwd=Path("/"), output=output, user=owner
            )
        try:
            wait_for(lambda: _listens(server_socket), f"MariaDB to listen, see {log}")
            address = URL.create("mysql+pymysql", "root", query={"unix_socket": str(server_socket)})
            with create_engine(address, poolclass=NullPool).connect() as connection:
                connection.exec_driver_sql("CREATE DATABASE city")
            yield address.set(database="city")
        finally:
            process.kill()  # it has nothing to save
            process.wait()


def _program(name: str) -> str:
    path = shutil.which(name, path=SEARCH_PATH)
    assert path, f"{name} is missing: apt-get install mariadb-server"
    return path


def _listens(server_socket: Path) -> bool:
    """Whether a server takes connections there. Asked without PyMySQL: it leaves a socket open that is refused."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(server_socket)) == 0
