"""Settings from the environment: one variable for each, an empty one counts as absent."""

import os
from math import inf
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from otklik.errors import InvalidSetting

URL_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
MAX_PORT = 65535
LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")
MAX_SIGN_IN_HOURS = 30 * 24
"""Hours: Streamlit's cookie of a sign-in lives no longer."""
SMTP_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
"""Scheme -> port: TLS from the start, TLS after STARTTLS, and none, for a relay on the same machine."""
MAX_MAIL_MINUTES = 7 * 24 * 60
OPEN311_PATH = "/open311/v2"
"""Where everybody reads public appeals by Open311."""


def libpq_url(url: str, variable: str = "DATABASE_URL") -> str:
    """The address of a PostgreSQL server in the form that libpq, psql and psycopg read.

    Raises InvalidSetting, which names the variable and never the address: that may hold a password.
    """
    for scheme in URL_SCHEMES:
        if url.startswith(scheme):
            return "postgresql://" + url.removeprefix(scheme)
    message = f"{variable} is no address of a PostgreSQL server"
    raise InvalidSetting(f"{message}: it should look like postgresql://user:password@host:5432/otklik.")


def _default_data_folder() -> Path:
    # As root the embedded server runs as `nobody`, who can't enter root's home.
    if os.geteuid() == 0:
        return Path("/var/lib/otklik")
    data_home = os.environ.get("XDG_DATA_HOME")
    return (Path(data_home) if data_home else Path.home() / ".local" / "share") / "otklik"


def _parse_path(path: object) -> object:
    return Path(path).expanduser().absolute() if isinstance(path, str) else path


def _parse_database_url(url: object) -> object:
    return libpq_url(url) if isinstance(url, str) else url


def _parse_app_url(url: object) -> object:
    return libpq_url(url, "OTKLIK_APP_URL") if isinstance(url, str) else url


def _parse_port(port: object) -> object:
    if isinstance(port, str) and not (port.isascii() and port.isdigit() and 0 < int(port) <= MAX_PORT):
        raise InvalidSetting(f"PORT is {port!r}: it should be a number from 1 to {MAX_PORT}.")
    return port


def _parse_metrics_address(text: object) -> object:
    """Host and port, of a text such as `127.0.0.1:9464`."""
    if not isinstance(text, str):
        return text
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port) <= MAX_PORT):
        raise InvalidSetting(
            f"OTKLIK_METRICS_ADDRESS is {text!r}: it should be a host and a port, such as 127.0.0.1:9464."
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def _parse_sign_in_hours(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= MAX_SIGN_IN_HOURS:
        raise InvalidSetting(f"OTKLIK_SIGN_IN_HOURS is {text!r}: it should be a number of hours, such as 12.")
    return hours


def _parse_smtp_url(url: object) -> object:
    if isinstance(url, str):
        try:
            parts = urlsplit(url)
            is_valid = bool(parts.hostname) and (parts.port or 1) > 0 and parts.scheme in SMTP_PORTS
        except ValueError:
            is_valid = False
        if not is_valid:
            raise InvalidSetting("OTKLIK_SMTP_URL should look like smtps://user:password@mail.example.org:465.")
    return url


def _parse_mail_minutes(minutes: object) -> object:
    if isinstance(minutes, str) and not (minutes.isdecimal() and 1 <= int(minutes) <= MAX_MAIL_MINUTES):
        raise InvalidSetting(f"OTKLIK_MAIL_MINUTES is {minutes!r}: it should be a number from 1 to {MAX_MAIL_MINUTES}.")
    return minutes


def _parse_targets(text: object) -> object:
    """Figure -> target, of a text such as `satisfaction=60%, answer_mean=8`."""
    if not isinstance(text, str):
        return text
    targets: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = (piece.strip() for piece in part.partition("="))
        try:
            value = float(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
        except ValueError:
            value = -1.0
        if not name or not 0 <= value < inf:
            raise InvalidSetting(
                f"OTKLIK_TARGETS has {part.strip()!r}: it should be figures and numbers, such as"
                " satisfaction=60%, answer_mean=8."
            )
        targets[name] = value
    return targets


def _parse_citizen_page(text: object) -> object:
    if isinstance(text, str):
        if text not in ("yes", "no"):
            raise InvalidSetting(f"OTKLIK_CITIZEN_PAGE is {text!r}: it should be yes or no.")
        return text == "yes"
    return text


def _parse_open311_url(url: object) -> object:
    if not isinstance(url, str):
        return url
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in ("https", "http") and bool(parts.hostname) and url.isprintable()
    except ValueError:
        is_valid = False
    if not is_valid or not url.rstrip("/").endswith(OPEN311_PATH):
        raise InvalidSetting(f"OTKLIK_OPEN311_URL should look like https://311.city.example{OPEN311_PATH}.")
    return url.rstrip("/")


_MODEL_CONFIG = SettingsConfigDict(
    frozen=True,
    case_sensitive=True,
    env_ignore_empty=True,
    extra="ignore",
    validate_by_alias=True,  # a variable's name in the environment
    validate_by_name=True,  # a field's name in code
    hide_input_in_errors=True,  # an address may hold a password
)


class Settings(BaseSettings):
    """The settings that people set; those given by name in code win over the environment.

    Read them by `read_settings`, whose errors are sentences. `otklik settings` prints this table of fields.
    """

    model_config = _MODEL_CONFIG

    data_folder: Annotated[Path, BeforeValidator(_parse_path)] = Field(
        default_factory=_default_data_folder,
        validation_alias="OTKLIK_DATA",
        description="Folder of the embedded database. Without it `otklik` in `XDG_DATA_HOME` or in `~/.local/share`;"
        " for root `/var/lib/otklik`.",
        examples=["/srv/otklik"],
    )
    database_url: Annotated[str | None, BeforeValidator(_parse_database_url)] = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL server of your own (15 or newer) in place of the embedded one, as the owner of its"
        " tables. `otklik run` then wants [a sign-in provider](deployment.md#signing-in).",
        examples=["postgresql://user:password@host:5432/otklik"],
    )
    app_url: Annotated[str | None, BeforeValidator(_parse_app_url)] = Field(
        default=None,
        validation_alias="OTKLIK_APP_URL",
        description="The same server as the screens connect to it, by [a user of their own](access.md#addresses).",
        examples=["postgresql://otklik_app:password@host:5432/otklik"],
    )
    host: str = Field(
        default=LOOPBACK_HOSTS[0],
        validation_alias="OTKLIK_HOST",
        description="Address of this machine that `otklik run` listens on; another than the default wants a sign-in"
        " provider.",
        examples=["0.0.0.0"],  # noqa: S104 -- an example
    )
    port: Annotated[int, BeforeValidator(_parse_port)] = Field(
        default=8501,
        validation_alias="PORT",
        description=f"Port that `otklik run` serves on: a number from 1 to {MAX_PORT}.",
        examples=["8080"],
    )
    secrets: Annotated[Path | None, BeforeValidator(_parse_path)] = Field(
        default=None,
        validation_alias="OTKLIK_SECRETS",
        description="File that names the [sign-in providers](deployment.md#signing-in), where it isn't"
        " `.streamlit/secrets.toml`.",
        examples=["/etc/otklik/secrets.toml"],
    )
    sign_in_hours: Annotated[float, BeforeValidator(_parse_sign_in_hours)] = Field(
        default=12.0,
        validation_alias="OTKLIK_SIGN_IN_HOURS",
        description=f"Hours that a sign-in counts: above 0, up to {MAX_SIGN_IN_HOURS}.",
        examples=["8"],
    )
    contact: str = Field(
        default="",
        validation_alias="OTKLIK_CONTACT",
        description="Whom somebody that Otklik doesn't know is told to ask.",
        examples=["the help desk, 12 34"],
    )
    public_url: str = Field(
        default="",
        validation_alias="OTKLIK_PUBLIC_URL",
        description="Address of the screens for links to appeals in mails; without it the mails have numbers alone.",
        examples=["https://otklik.example.org"],
    )
    smtp_url: Annotated[str | None, BeforeValidator(_parse_smtp_url)] = Field(
        default=None,
        validation_alias="OTKLIK_SMTP_URL",
        description="Mail server that [digests of notices](deadlines.md) leave by: `smtps://…:465` (TLS),"
        " `smtp://…:587` (TLS after STARTTLS) or `smtp+plain://…:25` (none: for a relay on the same machine)."
        " Without it no mail is sent.",
        examples=["smtps://user:password@mail.example.org:465"],
    )
    mail_from: str = Field(
        default="",
        validation_alias="OTKLIK_MAIL_FROM",
        description="Sender of the mails; needed with a mail server.",
        examples=["otklik@example.org"],
    )
    mail_minutes: Annotated[int, BeforeValidator(_parse_mail_minutes)] = Field(
        default=60,
        validation_alias="OTKLIK_MAIL_MINUTES",
        description=f"Minutes at least between two mails to a person: a number from 1 to {MAX_MAIL_MINUTES} (a week).",
        examples=["30"],
    )
    mail_language: str = Field(
        default="en",
        validation_alias="OTKLIK_MAIL_LANGUAGE",
        description="Language of the mails: `en`, `ru` or `hr`.",
        examples=["ru"],
    )

    targets: Annotated[dict[str, float], NoDecode, BeforeValidator(_parse_targets)] = Field(
        default={"satisfaction": 0.6, "answer_mean": 8.0},
        validation_alias="OTKLIK_TARGETS",
        description="Targets of [figures](figures.md), in place of the default ones: of a share in per cent, of a time"
        " in days. Tiles, the map and the report compare with them. The defaults are the federal ones of 2025.",
        examples=["satisfaction=65%, answer_mean=7, on_time_rate=95%"],
    )
    wall_thresholds: Annotated[Path | None, BeforeValidator(_parse_path)] = Field(
        default=None,
        validation_alias="OTKLIK_WALL_THRESHOLDS",
        description="File that says when a figure of [the wall](deployment.md#the-wall) is to be watched, and when to"
        " act on it, where it isn't `queries/wall/thresholds.toml`.",
        examples=["/etc/otklik/thresholds.toml"],
    )

    citizen_page: Annotated[bool, BeforeValidator(_parse_citizen_page)] = Field(
        default=False,
        validation_alias="OTKLIK_CITIZEN_PAGE",
        description="Whether applicants may follow their appeals at [`/my-appeal`](citizen_page.md): `yes` or `no`.",
        examples=["yes"],
    )

    open311_url: Annotated[str | None, BeforeValidator(_parse_open311_url)] = Field(
        default=None,
        validation_alias="OTKLIK_OPEN311_URL",
        description="Address of [public appeals](open311.md) as everybody reaches it, before `/discovery.json`. Without"
        " it nothing is served there.",
        examples=["https://311.city.example/open311/v2"],
    )

    metrics_address: Annotated[tuple[str, int] | None, NoDecode, BeforeValidator(_parse_metrics_address)] = Field(
        default=None,
        validation_alias="OTKLIK_METRICS_ADDRESS",
        description="Host and port at which Prometheus reads [measurements](deployment.md#watching-it) of the screens;"
        " with several processes, each has the next port. Without it none are served.",
        examples=["127.0.0.1:9464"],
    )

    @model_validator(mode="after")
    def _check_sender(self) -> Self:
        if self.smtp_url and ("@" not in self.mail_from or not self.mail_from.isprintable()):
            raise InvalidSetting("With OTKLIK_SMTP_URL, OTKLIK_MAIL_FROM says who writes, such as otklik@example.org.")
        return self


class InternalSettings(BaseSettings):
    """What a command hands to the process of the screens; not for people to set."""

    model_config = _MODEL_CONFIG

    screens_url: str | None = Field(
        default=None,
        validation_alias="OTKLIK_ADDRESS",
        description="Address at which the screens reach the appeals database; wins over every setting.",
    )
    demo_url: str | None = Field(
        default=None,
        validation_alias="OTKLIK_DEMO",
        description="Address of the database on which visitors may be the demo's people; nobody may on another.",
    )


def read_settings() -> Settings:
    """The settings of the environment. Raises InvalidSetting with one sentence about the first that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        # Without the cause: pydantic's message may hold what was set, and so a password.
        raise _invalid_setting(error) from None


def _invalid_setting(error: ValidationError) -> InvalidSetting:
    first = error.errors(include_url=False, include_input=False)[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InvalidSetting):
        return cause
    return InvalidSetting(f"{first['loc'][0]} can't be used: {first['msg'].lower()}.")
