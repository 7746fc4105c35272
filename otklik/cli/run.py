"""`otklik run`: the database, its migration, the demo data and the screens, in one."""

import os
import secrets
import signal
import socket
import time
from contextlib import ExitStack, nullcontext, suppress
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from otklik.cli.console import progress_reporter
from otklik.errors import DatabaseUnavailable
from otklik.launcher.app_server import processes_settings
from otklik.launcher.startup_checks import auth_config, startup_error
from otklik.settings import read_settings

if TYPE_CHECKING:
    from otklik.database.server.embedded import EmbeddedServer
    from otklik.launcher.app_server import AppServer
    from otklik.launcher.lasting_failures import LastingFailures
    from otklik.launcher.source_process import SourceProcess

ROOT_WARNING = (
    "Otklik runs as root, with its database as the user nobody: give it a user of its own (docs/deployment.md)."
)
MAX_PROCESSES = 64
RETRY_SECONDS = 1.0
"""Seconds between two attempts to start a server that doesn't start."""


@click.command()
@click.option("--no-demo", is_flag=True, help="Make no demo data: wait for appeals that `otklik import` brings.")
@click.option(
    "--processes",
    type=click.IntRange(1, MAX_PROCESSES),
    default=1,
    show_default=True,
    help="Processes that serve the screens, on PORT and the ports after it, behind a proxy (deploy/nginx.conf).",
)
def run(no_demo: bool, processes: int) -> None:
    """Serve the screens on this machine until Ctrl-C.

    Starts the database, migrates it and answers on http://127.0.0.1:8501, or on the PORT of your choice.

    Without a sign-in provider (docs/deployment.md) it is a demo: on this machine alone, on the embedded database, which
    is filled with demo data when there are no appeals yet, unless --no-demo is given.
    """
    settings = read_settings()
    if error_message := startup_error(settings):
        raise click.ClickException(error_message)
    is_demo = not auth_config(settings)
    each_settings = processes_settings(settings, processes)
    for process_settings in each_settings:
        _check_port("PORT", process_settings.host, process_settings.port)
        if process_settings.metrics_address:
            _check_port("OTKLIK_METRICS_ADDRESS", *process_settings.metrics_address)
    if os.geteuid() == 0:
        click.echo(ROOT_WARNING, err=True)
    _stop_on_signals()
    from otklik.database.engine import screens_database_url
    from otklik.database.migrate import migrate
    from otklik.database.server.embedded import EmbeddedServer, check_server
    from otklik.launcher.app_server import (
        AppServer,
        AppServerFailed,
        announced_url,
        app_server_command,
        app_server_environ,
        local_url,
    )
    from otklik.launcher.lasting_failures import LastingFailures
    from otklik.launcher.maintenance import SLOW_INTERVAL_SECONDS, Maintenance, maintenance_jobs, slow_jobs
    from otklik.launcher.source_process import SourceProcess

    server = None if settings.database_url else EmbeddedServer(settings.data_folder)
    with server or nullcontext():
        url = server.url if server else str(settings.database_url)
        if not server:
            check_server(url)
        migrate(url)
        if is_demo:
            # Before the demo's problems, which are theirs, and again for the territories.
            _create_demo_people(url)
            if not no_demo:
                load_demo_if_empty(url)
                _create_demo_people(url)
        failures = LastingFailures()
        database_url, cookie_secret = screens_database_url(settings), secrets.token_hex(32)
        try:
            with (
                ExitStack() as stack,
                SourceProcess(url, settings.data_folder, failures) as source_process,
                Maintenance(url, [*maintenance_jobs(settings), source_process.look], failures),
                Maintenance(url, slow_jobs(), failures, SLOW_INTERVAL_SECONDS),
                announced_url(settings.data_folder, local_url(settings)),
            ):
                app_servers = [
                    stack.enter_context(
                        AppServer(
                            app_server_command(process_settings),
                            app_server_environ(process_settings, database_url, cookie_secret, is_demo=is_demo),
                            local_url(process_settings),
                            failures,
                            "The screens" if processes == 1 else f"The screens on port {process_settings.port}",
                        )
                    )
                    for process_settings in each_settings
                ]
                _watch(app_servers, source_process, server, failures)
        except AppServerFailed as error:
            click.echo(str(error), err=True)
            raise SystemExit(error.exit_code) from error


def _watch(
    app_servers: "list[AppServer]",
    source_process: "SourceProcess",
    server: "EmbeddedServer | None",
    failures: "LastingFailures",
) -> NoReturn:
    """Keep the screens and the embedded server running, whatever ends them. Raises AppServerFailed."""
    is_announced = False
    next_look_at = 0.0
    while True:
        if server and time.monotonic() >= next_look_at:
            try:
                server.ensure_running()  # again after it was killed, or found no room on its disk
                failures.resolve("database", "The database is back.")
            except DatabaseUnavailable as error:
                failures.report("database", f"{error} The screens show the last figures until it is back.")
                next_look_at = time.monotonic() + RETRY_SECONDS
        for app_server in app_servers:
            app_server.ensure_running()
        source_process.ensure_running()
        if not is_announced and all(app_server.has_answered for app_server in app_servers):
            with suppress(OSError):  # the log may be on a full disk
                click.echo(
                    f"Otklik is on {' and '.join(app_server.url for app_server in app_servers)} (Ctrl-C ends it)."
                )
            is_announced = True
        time.sleep(0.25)


def _check_port(setting: str, host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError as error:
            raise click.ClickException(f"With so many processes {setting} goes beyond the last port, 65535.") from error
        except socket.gaierror as error:
            name = "OTKLIK_HOST" if setting == "PORT" else setting
            raise click.ClickException(f"{name} is {host!r}: it should be an address of this machine.") from error
        except OSError as error:
            raise click.ClickException(
                f"Port {port} can't be used ({error.strerror}): end the program that has it,"
                f" or set {setting} to another."
            ) from error


def _stop_on_signals() -> None:
    """End in order at the first SIGINT or SIGTERM, and ignore those after it."""
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise SystemExit(0)

    for number in signals:
        signal.signal(number, stop)


def load_demo_if_empty(url: str) -> None:
    """Make demo data where there are no appeals and none will come, unless `otklik demo --remove` has removed them."""
    import psycopg

    from otklik.demo.removal import REMOVED_SETTING

    with psycopg.connect(url) as connection:
        is_wanted = connection.execute(
            "SELECT NOT EXISTS (SELECT FROM appeal) AND NOT EXISTS (SELECT FROM setting WHERE name = %s)"
            " AND NOT EXISTS (SELECT FROM data_source WHERE removed_at IS NULL)",
            (REMOVED_SETTING,),
        ).fetchone()
    if is_wanted == (True,):
        from otklik.demo.load import DatabaseNotEmpty, load_demo_data

        # Another launcher may have filled it while we waited for its lock.
        with suppress(DatabaseNotEmpty):
            load_demo_data(url, progress=progress_reporter())


def _create_demo_people(url: str) -> None:
    """Add the people that a visitor of the demo may be; with a sign-in provider nobody can be one of them."""
    from otklik.database.access.people import create_demo_people
    from otklik.database.engine import database_engine

    engine = database_engine(url)
    with engine.begin() as connection:
        create_demo_people(connection)
    engine.dispose()
