"""Run the tests of what the database is asked, through DATABASE_URL, on PostgreSQL 15, the oldest that we support.

What may differ between versions of the server is what it is told: migrations, functions, triggers, rights and row
security (`database`), the screens' questions (`queries`), and what is done with appeals (`handling`). Left out is what
the other run has shown and no version of the server changes: pages, what they draw, files read and written (`intake`,
`reports`) and commands (`console`), all of which ask by those same functions; and of the three folders what asks a
server nothing, or one of its own, which is always the embedded one.

The programs are those in the folder POSTGRESQL15; the server is private and ends with the tests.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from otklik.database.server import child_process, postmaster, supervisor
from otklik.database.server.binaries import server_user
from tests.support.servers.databases import SERVER_SETTINGS, shared_temp_folder
from tests.support.waiting import wait_for

DATABASE_TESTS = (
    "otklik/database",
    "queries",
    "otklik/deadlines",
    "otklik/actions",
    "otklik/notifications",
    "otklik/backup",
)
EXCLUDED_TESTS = (
    # A server of its own, whatever DATABASE_URL says.
    "otklik/database/test_chaos.py",
    "otklik/database/server",
    "otklik/backup/test_upgrade.py",
    "queries/cache/test_live.py",
    # No question to a server.
    "otklik/test_settings.py",
    "otklik/deadlines/test_calculation.py",
    "otklik/deadlines/test_calculation_properties.py",
    "otklik/notifications/test_texts.py",
    "otklik/database/test_outage.py",
    "queries/appeal/test_named_places.py",
    "queries/cache/test_store.py",
    "queries/core/test_day_blocks.py",
    "queries/statistics",
    "queries/metrics",
    "queries/test_filters.py",
)

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}


@contextmanager
def running_postgresql15() -> Iterator[str]:
    """The address of a private server of PostgreSQL 15 on a socket, as its superuser; it ends with the block."""
    bin_folder, owner = postgresql15_bin_folder(), server_user()
    with shared_temp_folder() as folder:
        if owner:
            os.chown(folder, *owner)
        cluster, log = folder / "postgresql", folder / "log"
        server: list[str | Path] = [
            bin_folder / "postgres",
            "-D",
            cluster,
            "-k",
            folder,
            *(f"--{name}={value}" for name, value in {"listen_addresses": "", "jit": "off", **SERVER_SETTINGS}.items()),
        ]
        make_cluster15(cluster, log)
        with log.open("ab") as output:
            process = child_process.start(
                server, parent_death_signal=signal.SIGINT, env=ENVIRONMENT, cwd=Path("/"), output=output, user=owner
            )
        try:
            url = f"postgresql://otklik@/postgres?host={folder}&port=5432"
            wait_for(lambda: postmaster.accepts_connections(url), f"PostgreSQL 15 to answer, see {log}")
            yield url
        finally:
            supervisor.stop(process)


def postgresql15_bin_folder() -> Path:
    """The folder with the programs of PostgreSQL 15."""
    return Path(os.environ.get("POSTGRESQL15", "/usr/lib/postgresql/15/bin"))


def make_cluster15(cluster: Path, log: Path) -> None:
    """Make a cluster of PostgreSQL 15, in a folder that the server's user may write to."""
    command: list[str | Path] = [postgresql15_bin_folder() / "initdb", "-D", cluster, "-U", "otklik", "-A", "trust"]
    with log.open("wb") as output:
        process = child_process.start(
            [*command, "--locale=C.UTF-8", "--no-sync"],
            parent_death_signal=signal.SIGKILL,
            env=ENVIRONMENT,
            cwd=Path("/"),
            output=output,
            user=server_user(),
        )
    assert process.wait() == 0, log.read_text()


def main(arguments: list[str]) -> int:
    """Run the database tests, or those that are given; the exit code is pytest's."""
    with running_postgresql15() as url:
        os.environ["DATABASE_URL"] = url
        default_arguments = [f"tests/{path}" for path in DATABASE_TESTS] + [
            f"--ignore=tests/{path}" for path in EXCLUDED_TESTS
        ]
        parallel = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
        return pytest.main(arguments or [*parallel, *default_arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
