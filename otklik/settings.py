"""What the surroundings say: where the data lies, which server, where the screens are served, who is let in."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from otklik.errors import InvalidSetting

URL_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
MAX_PORT = 65535
LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")
MAX_SIGN_IN_HOURS = 30 * 24
"""So long lives the cookie of a sign-in."""


@dataclass(frozen=True)
class Settings:
    """Addresses are in libpq's form; without a `database_url` it is the embedded server in `data`.

    `app_url` is the screens' address when they have a user of their own on that server. `secrets` is the file of the
    sign-in providers, where it isn't in Streamlit's usual places; a sign-in counts for `sign_in_hours`; `contact` is
    whom somebody unknown may ask.
    """

    data: Path
    database_url: str | None = None
    port: int = 8501
    app_url: str | None = None
    host: str = LOOPBACK_HOSTS[0]
    secrets: Path | None = None
    sign_in_hours: float = 12
    contact: str = ""


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read OTKLIK_DATA, DATABASE_URL, PORT and the others of `otklik --help`; an empty one counts as absent.

    Raises BadSetting.
    """
    data = environ.get("OTKLIK_DATA")
    url = environ.get("DATABASE_URL")
    app_url = environ.get("OTKLIK_APP_URL")
    secrets = environ.get("OTKLIK_SECRETS")
    return Settings(
        data=Path(data).expanduser().absolute() if data else _default_data_home(environ) / "otklik",
        database_url=libpq_url(url) if url else None,
        port=_parse_port(environ.get("PORT") or "8501"),
        app_url=libpq_url(app_url, "OTKLIK_APP_URL") if app_url else None,
        host=environ.get("OTKLIK_HOST") or LOOPBACK_HOSTS[0],
        secrets=Path(secrets).expanduser().absolute() if secrets else None,
        sign_in_hours=_parse_hours(environ.get("OTKLIK_SIGN_IN_HOURS") or "12"),
        contact=environ.get("OTKLIK_CONTACT", "").strip(),
    )


def libpq_url(url: str, variable: str = "DATABASE_URL") -> str:
    """The same address in the form that libpq, psql and psycopg read. Raises BadSetting."""
    for scheme in URL_SCHEMES:
        if url.startswith(scheme):
            return "postgresql://" + url.removeprefix(scheme)
    message = f"{variable} is no address of a PostgreSQL server"
    raise InvalidSetting(f"{message}: it should look like postgresql://user:password@host:5432/otklik.")


def _default_data_home(environ: Mapping[str, str]) -> Path:
    # As root the server runs as `nobody`, who can't enter root's home.
    if os.geteuid() == 0:
        return Path("/var/lib")
    home = environ.get("XDG_DATA_HOME")
    return Path(home) if home else Path.home() / ".local" / "share"


def _parse_port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MAX_PORT:
        raise InvalidSetting(f"PORT is {text!r}: it should be a number from 1 to {MAX_PORT}.")
    return int(text)


def _parse_hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= MAX_SIGN_IN_HOURS:
        raise InvalidSetting(f"OTKLIK_SIGN_IN_HOURS is {text!r}: it should be a number of hours, such as 12.")
    return hours
