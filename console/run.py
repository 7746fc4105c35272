"""`otklik run`: the database, its migration, the demo data and the screens, in one."""

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import click

from console.progress import progress
from database.settings import BadSetting, Settings, settings

PROJECT = Path(__file__).parents[1]
HOST = "127.0.0.1"
SECRETS = (PROJECT / ".streamlit" / "secrets.toml", Path.home() / ".streamlit" / "secrets.toml")
"""Where Streamlit looks for the sign-in provider."""


@click.command()
def run() -> None:
    """Serve the screens on this machine until Ctrl-C.

    Starts the database, brings it up to date, fills it with demo data when there are no appeals yet, and
    answers on http://127.0.0.1:8501, or the PORT of your choice.
    """
    now = settings()
    if why := refusal(now):
        raise click.ClickException(why)
    _check_port(now.port)
    _stop_on_signals()
    from database.embedded import Server, check
    from database.engine import screens as screens_address
    from database.migrate import migrate

    server = None if now.database_url else Server(now.data)
    with server or nullcontext():
        url = server.url if server else str(now.database_url)
        if not server:
            check(url)
        migrate(url)
        if server:
            _fill(url)
            _people(url)
        with _screens(screens_address(now), now.port) as screens:
            from console.maintenance import Maintenance, jobs

            with Maintenance(url, jobs()):
                announced = False
                while screens.poll() is None:
                    if server:
                        server.ensure()  # also when it was killed, or the launcher that we joined ended
                    if not announced and _healthy(now.port):
                        click.echo(f"Otklik is on http://{HOST}:{now.port} (Ctrl-C ends it).")
                        announced = True
                    time.sleep(0.25)
    code = screens.returncode
    click.echo(f"The screens ended by themselves (exit code {code}).", err=True)
    raise SystemExit(code if code >= 0 else 128 - code)  # as shells tell of a signal


def refusal(now: Settings) -> str | None:
    """Why the screens can't be served with these settings, in a sentence, or None."""
    if now.database_url is None or _sign_in():
        return None
    return (
        "DATABASE_URL names a server of your own, and no one could sign in: without a sign-in provider ([auth] in"
        f" {SECRETS[0]}) Otklik serves demo data from its embedded database only. Configure one, or unset DATABASE_URL."
    )


def _sign_in() -> bool:
    for path in SECRETS:
        try:
            if "auth" in tomllib.loads(path.read_text(encoding="utf-8")):
                return True
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise BadSetting(f"{path} can't be read ({error}).") from error
    return False


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} can't be used ({error.strerror}): end the program that has it, or set PORT to another."
            ) from error


def _stop_on_signals() -> None:
    """Let the first SIGINT or SIGTERM end us in order; those after it find us at that already."""
    both = (signal.SIGINT, signal.SIGTERM)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for each in both:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(0)

    for each in both:
        signal.signal(each, stop)


def _fill(url: str) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        filled = connection.execute("SELECT EXISTS (SELECT FROM appeal)").fetchone()
    if filled == (False,):
        from intake.demo import NotEmpty, load

        # Another launcher may have filled it while we waited for its lock.
        with suppress(NotEmpty):
            load(url, progress=progress())


def _people(url: str) -> None:
    """Those whom a visitor of the demo may be; with a sign-in provider nobody can be one of them."""
    from database.engine import connect
    from database.people import make_demo

    engine = connect(url)
    with engine.begin() as connection:
        make_demo(connection)
    engine.dispose()


@contextmanager
def _screens(url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Streamlit, as a child that ends with us."""
    from database import child

    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.address={HOST}", f"--server.port={port}"]
    command += ["--global.developmentMode=false", "--logger.hideWelcomeMessage=true", "--logger.level=warning"]
    environ = {**os.environ, "OTKLIK_ADDRESS": url}
    if environ.get("OTKLIK_APP_URL"):
        environ.pop("DATABASE_URL", None)  # the owner's password is none of the screens' business
    process = child.start(
        command,
        at_death=signal.SIGKILL,  # it has nothing to save
        env=environ,
        cwd=PROJECT,  # where its .streamlit is
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


def _healthy(port: int) -> bool:
    try:
        with urlopen(f"http://{HOST}:{port}/_stcore/health", timeout=1):
            return True
    except (URLError, OSError):
        return False
