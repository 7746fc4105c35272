"""What the surroundings say: where the data lies, which server, which port."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
LAST_PORT = 65535


class BadSetting(ValueError):
    """A setting that can't be used; the message is one sentence."""


@dataclass(frozen=True)
class Settings:
    """Addresses are in libpq's form; without a `database_url` it is the embedded server in `data`.

    `app_url` is the screens' address when they have a user of their own on that server.
    """

    data: Path
    database_url: str | None = None
    port: int = 8501
    app_url: str | None = None


def settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read OTKLIK_DATA, DATABASE_URL, OTKLIK_APP_URL and PORT; an empty one counts as absent.

    Raises BadSetting.
    """
    data = environ.get("OTKLIK_DATA")
    url = environ.get("DATABASE_URL")
    app_url = environ.get("OTKLIK_APP_URL")
    return Settings(
        data=Path(data).expanduser().absolute() if data else _data_home(environ) / "otklik",
        database_url=libpq(url) if url else None,
        port=_port(environ.get("PORT") or "8501"),
        app_url=libpq(app_url, "OTKLIK_APP_URL") if app_url else None,
    )


def libpq(url: str, name: str = "DATABASE_URL") -> str:
    """The same address in the form that libpq, psql and psycopg read. Raises BadSetting."""
    for scheme in SCHEMES:
        if url.startswith(scheme):
            return "postgresql://" + url.removeprefix(scheme)
    said = f"{name} is no address of a PostgreSQL server"
    raise BadSetting(f"{said}: it should look like postgresql://user:password@host:5432/otklik.")


def _data_home(environ: Mapping[str, str]) -> Path:
    # As root the server runs as `nobody`, who can't enter root's home.
    if os.geteuid() == 0:
        return Path("/var/lib")
    home = environ.get("XDG_DATA_HOME")
    return Path(home) if home else Path.home() / ".local" / "share"


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= LAST_PORT:
        raise BadSetting(f"PORT is {text!r}: it should be a number from 1 to {LAST_PORT}.")
    return int(text)
