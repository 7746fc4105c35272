"""`otklik run`: the database, its migration, the demo data and the screens, in one."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import click

from otklik.cli.console import progress_reporter
from otklik.launcher.startup_checks import allowed_hosts, auth_config, startup_error
from otklik.paths import ROOT
from otklik.settings import Settings, read_settings


@click.command()
@click.option("--no-demo", is_flag=True, help="Make no demo data: wait for appeals that `otklik import` brings.")
def run(no_demo: bool) -> None:
    """Serve the screens on this machine until Ctrl-C.

    Starts the database, migrates it and answers on http://127.0.0.1:8501, or on the PORT of your choice.

    Without a sign-in provider (docs/deployment.md) it is a demo: on this machine alone, on the embedded database, which
    is filled with demo data when there are no appeals yet, unless --no-demo is given.
    """
    settings = read_settings()
    if error_message := startup_error(settings):
        raise click.ClickException(error_message)
    is_demo = not auth_config(settings)
    _check_port(settings.host, settings.port)
    _stop_on_signals()
    from otklik.database.engine import screens_database_url
    from otklik.database.migrate import migrate
    from otklik.database.server.embedded import EmbeddedServer, check_server

    server = None if settings.database_url else EmbeddedServer(settings.data_folder)
    with server or nullcontext():
        url = server.url if server else str(settings.database_url)
        if not server:
            check_server(url)
        migrate(url)
        if is_demo:
            if not no_demo:
                load_demo_if_empty(url)
            _create_demo_people(url)
        with _screens_process(settings, screens_database_url(settings), is_demo=is_demo) as process:
            from otklik.launcher.maintenance import Maintenance, maintenance_jobs

            with Maintenance(url, maintenance_jobs(settings)):
                is_announced = False
                while process.poll() is None:
                    if server:
                        server.ensure_running()  # again after it was killed, or after the launcher that owned it ended
                    if not is_announced and _is_healthy(settings):
                        click.echo(f"Otklik is on {_local_url(settings)} (Ctrl-C ends it).")
                        is_announced = True
                    time.sleep(0.25)
    exit_code = process.returncode
    click.echo(f"The screens ended by themselves (exit code {exit_code}).", err=True)
    raise SystemExit(exit_code if exit_code >= 0 else 128 - exit_code)  # a signal's exit code, as in shells


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise click.ClickException(f"OTKLIK_HOST is {host!r}: it should be an address of this machine.") from error
        except OSError as error:
            raise click.ClickException(
                f"Port {port} can't be used ({error.strerror}): end the program that has it, or set PORT to another."
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
    """Make demo data where there are no appeals, unless `otklik demo --remove` has removed them."""
    import psycopg

    from otklik.demo.removal import REMOVED_SETTING

    with psycopg.connect(url) as connection:
        is_wanted = connection.execute(
            "SELECT NOT EXISTS (SELECT FROM appeal) AND NOT EXISTS (SELECT FROM setting WHERE name = %s)",
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


@contextmanager
def _screens_process(settings: Settings, url: str, *, is_demo: bool) -> Iterator[subprocess.Popen[bytes]]:
    """Streamlit in a child process that ends with this one."""
    from otklik.database.server import child_process

    command = [sys.executable, "-m", "streamlit", "run", "server.py"]
    command += [f"--server.address={settings.host}", f"--server.port={settings.port}"]
    command += ["--global.developmentMode=false", "--logger.hideWelcomeMessage=true", "--logger.level=warning"]
    command += [f"--server.allowedHosts={host}" for host in allowed_hosts(settings)]
    if settings.secrets:
        command.append(f"--secrets.files={settings.secrets}")
    environ = {**os.environ, "OTKLIK_ADDRESS": url}
    # On this database, and on no other, visitors may be any of the demo's people.
    environ.pop("OTKLIK_DEMO", None)
    if is_demo:
        environ["OTKLIK_DEMO"] = url
    if environ.get("OTKLIK_APP_URL"):
        environ.pop("DATABASE_URL", None)  # the screens don't need the owner's password
    process = child_process.start(
        command,
        parent_death_signal=signal.SIGKILL,  # it has nothing to save
        env=environ,
        cwd=ROOT,  # where its .streamlit is
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:  # a script run that doesn't return holds it up
            process.kill()
            process.wait()


def _local_url(settings: Settings) -> str:
    """The address of the screens on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 -- listening everywhere includes this one
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _is_healthy(settings: Settings) -> bool:
    try:
        with urlopen(f"{_local_url(settings)}/_stcore/health", timeout=1):  # noqa: S310 -- the address of this machine
            return True
    except (URLError, OSError):
        return False
