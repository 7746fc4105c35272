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

from otklik.cli.progress import progress
from otklik.launcher.startup_checks import auth, hosts, refusal
from otklik.paths import ROOT
from otklik.settings import Settings, settings


@click.command()
def run() -> None:
    """Serve the screens on this machine until Ctrl-C.

    Starts the database, brings it up to date and answers on http://127.0.0.1:8501, or the PORT of your choice.

    Without a sign-in provider (docs/deployment.md) it is a demo: on this machine alone, on the embedded database, which
    is filled with demo data when there are no appeals yet.
    """
    now = settings()
    if error_message := refusal(now):
        raise click.ClickException(error_message)
    is_demo = not auth(now)
    _check_port(now.host, now.port)
    _stop_on_signals()
    from otklik.database.engine import screens as screens_address
    from otklik.database.migrate import migrate
    from otklik.database.server.embedded import Server, check

    server = None if now.database_url else Server(now.data)
    with server or nullcontext():
        url = server.url if server else str(now.database_url)
        if not server:
            check(url)
        migrate(url)
        if is_demo:
            _fill(url)
            _people(url)
        with _screens(now, screens_address(now), demo=is_demo) as process:
            from otklik.launcher.maintenance import Maintenance, jobs

            with Maintenance(url, jobs()):
                is_announced = False
                while process.poll() is None:
                    if server:
                        server.ensure()  # also when it was killed, or the launcher that we joined ended
                    if not is_announced and _healthy(now):
                        click.echo(f"Otklik is on {_address(now)} (Ctrl-C ends it).")
                        is_announced = True
                    time.sleep(0.25)
    exit_code = process.returncode
    click.echo(f"The screens ended by themselves (exit code {exit_code}).", err=True)
    raise SystemExit(exit_code if exit_code >= 0 else 128 - exit_code)  # as shells tell of a signal


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
    """Let the first SIGINT or SIGTERM end us in order; those after it find us at that already."""
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise SystemExit(0)

    for number in signals:
        signal.signal(number, stop)


def _fill(url: str) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        has_appeals = connection.execute("SELECT EXISTS (SELECT FROM appeal)").fetchone()
    if has_appeals == (False,):
        from otklik.demo import NotEmpty, load

        # Another launcher may have filled it while we waited for its lock.
        with suppress(NotEmpty):
            load(url, progress=progress())


def _people(url: str) -> None:
    """Those whom a visitor of the demo may be; with a sign-in provider nobody can be one of them."""
    from otklik.database.engine import connect
    from otklik.database.people import make_demo

    engine = connect(url)
    with engine.begin() as connection:
        make_demo(connection)
    engine.dispose()


@contextmanager
def _screens(settings: Settings, url: str, *, demo: bool) -> Iterator[subprocess.Popen[bytes]]:
    """Streamlit, as a child that ends with us."""
    from otklik.database.server import child_process

    command = [sys.executable, "-m", "streamlit", "run", "server.py"]
    command += [f"--server.address={settings.host}", f"--server.port={settings.port}"]
    command += ["--global.developmentMode=false", "--logger.hideWelcomeMessage=true", "--logger.level=warning"]
    command += [f"--server.allowedHosts={host}" for host in hosts(settings)]
    if settings.secrets:
        command.append(f"--secrets.files={settings.secrets}")
    environ = {**os.environ, "OTKLIK_ADDRESS": url}
    # Who reaches the screens may be any of the demo's people on this database, and on no other.
    environ.pop("OTKLIK_DEMO", None)
    if demo:
        environ["OTKLIK_DEMO"] = url
    if environ.get("OTKLIK_APP_URL"):
        environ.pop("DATABASE_URL", None)  # the owner's password is none of the screens' business
    process = child_process.start(
        command,
        at_death=signal.SIGKILL,  # it has nothing to save
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


def _address(settings: Settings) -> str:
    """Where the screens are on this machine; on a sign-in's own address they look the same."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - every address is also this one
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _healthy(settings: Settings) -> bool:
    try:
        with urlopen(f"{_address(settings)}/_stcore/health", timeout=1):  # noqa: S310 - our own address
            return True
    except (URLError, OSError):
        return False
