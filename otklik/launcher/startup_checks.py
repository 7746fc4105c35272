"""Checks before the start: with some settings the screens aren't served, so that nobody is let in by mistake."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from otklik.errors import InvalidSetting
from otklik.paths import ROOT
from otklik.settings import LOOPBACK_HOSTS, Settings
from queries.metrics.targets import checked_targets
from queries.wall.thresholds import read_thresholds

SECRETS_PATHS = (
    ROOT / ".streamlit" / "secrets.toml",
    Path.home() / ".streamlit" / "secrets.toml",
)
"""Where Streamlit looks for the sign-in providers, unless OTKLIK_SECRETS names a file."""
CALLBACK_PATH = "/oauth2callback"
REQUIRED_PROVIDER_KEYS = ("client_id", "client_secret", "server_metadata_url")
MIN_COOKIE_SECRET_LENGTH = 32


def startup_error(settings: Settings) -> str | None:
    """The sentence why the screens can't be served with these settings, or None. Raises InvalidSetting."""
    checked_targets(settings)
    read_thresholds(settings.wall_thresholds)
    auth = auth_config(settings)
    if auth:
        return _auth_error(auth)
    requirement = f"a sign-in provider ([auth] in {settings.secrets or SECRETS_PATHS[0]})"
    if settings.database_url or settings.app_url:
        return (
            f"DATABASE_URL names a server of your own, and no one could sign in: without {requirement} Otklik serves"
            " demo data from its embedded database only. Configure one, or unset DATABASE_URL."
        )
    if settings.host not in LOOPBACK_HOSTS:
        return (
            f"OTKLIK_HOST is {settings.host}, and anybody there could be anyone: without {requirement} Otklik listens"
            " on this machine alone. Configure one, or unset OTKLIK_HOST."
        )
    return None


def auth_config(settings: Settings) -> dict[str, Any]:
    """The section [auth] of the secrets, about signing in; empty if there is none. Raises InvalidSetting."""
    if settings.secrets and not settings.secrets.is_file():
        raise InvalidSetting(f"OTKLIK_SECRETS is {settings.secrets}, where there is no file.")
    for path in (settings.secrets,) if settings.secrets else SECRETS_PATHS:
        try:
            secrets_content = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise InvalidSetting(f"{path} can't be read ({error}).") from error
        if "auth" in secrets_content:
            if isinstance(secrets_content["auth"], dict) and secrets_content["auth"]:
                return dict(secrets_content["auth"])
            raise InvalidSetting(f"{path} has an [auth] that is empty or no table.")
    return {}


def allowed_hosts(settings: Settings) -> list[str]:
    """The host names that the screens answer to: this machine's, and that of the address at which people sign in."""
    own_host = urlsplit(str(auth_config(settings).get("redirect_uri", ""))).hostname
    return [*LOOPBACK_HOSTS, *([own_host] if own_host and own_host not in LOOPBACK_HOSTS else [])]


def _auth_error(auth: Mapping[str, Any]) -> str | None:
    """The sentence on what is wrong with [auth], or None; Streamlit would tell the first person who signs in."""
    redirect_uri = urlsplit(str(auth.get("redirect_uri", "")))
    if redirect_uri.scheme not in ("http", "https") or not redirect_uri.path.endswith(CALLBACK_PATH):
        return f"[auth] needs a redirect_uri: the address of Otklik as people see it, with {CALLBACK_PATH} at its end."
    if redirect_uri.scheme == "http" and redirect_uri.hostname not in LOOPBACK_HOSTS:
        return "[auth] has a redirect_uri without TLS: a sign-in could be read on its way. Make it https://…"
    if len(str(auth.get("cookie_secret", ""))) < MIN_COOKIE_SECRET_LENGTH:
        return (
            f"[auth] needs a cookie_secret of {MIN_COOKIE_SECRET_LENGTH} characters or more:"
            " `openssl rand -hex 32` prints one."
        )
    sections = {
        name: section for name, section in auth.items() if isinstance(section, Mapping) and name != "client_kwargs"
    }
    if "client_id" in auth or not sections:
        sections[""] = auth
    for name, section in sections.items():
        section_label = f"[auth.{name}]" if name else "[auth]"
        if "_" in name:
            return f"{section_label}: Streamlit needs a provider's name without an underscore."
        if missing := [key for key in REQUIRED_PROVIDER_KEYS if not section.get(key)]:
            return f"{section_label} needs {' and '.join(missing)}."
    return None
