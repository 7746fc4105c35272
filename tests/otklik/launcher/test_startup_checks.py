"""Settings that can't be used end a command with one sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from otklik.cli.failures import DATABASE_CODE, USAGE_CODE
from otklik.cli.main import otklik
from otklik.errors import InvalidSetting
from otklik.launcher.startup_checks import allowed_hosts, auth_config, startup_error
from otklik.settings import Settings
from tests.support.servers.databases import free_port


@pytest.mark.parametrize("command", [["sql", "SELECT 1"], ["migrate"], ["demo"]])
def test_a_server_that_doesnt_answer(command: list[str]) -> None:
    url = f"postgresql://otklik@127.0.0.1:{free_port()}/otklik"
    result = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, command)
    assert result.exit_code == DATABASE_CODE
    assert result.stderr.startswith("Error: The server at DATABASE_URL can't be reached (")
    assert result.stderr.count("\n") == 1


def test_an_address_of_no_postgresql_server() -> None:
    result = CliRunner(env={"DATABASE_URL": "sqlite:///x"}).invoke(otklik, ["url"])
    assert result.exit_code == USAGE_CODE
    assert "DATABASE_URL is no address of a PostgreSQL server" in result.stderr


def test_an_impossible_port() -> None:
    result = CliRunner(env={"PORT": "http", "DATABASE_URL": ""}).invoke(otklik, ["run"])
    assert result.exit_code == USAGE_CODE
    assert result.stderr == "Error: PORT is 'http': it should be a number from 1 to 65535.\n"


AUTH = {
    "redirect_uri": "https://otklik.example.org/oauth2callback",
    "cookie_secret": "c" * 32,
    "client_id": "otklik",
    "client_secret": "s",
    "server_metadata_url": "https://id.example.org/.well-known/openid-configuration",
}
KEYCLOAK = {key: AUTH[key] for key in ("client_id", "client_secret", "server_metadata_url")}
SHARED = {key: AUTH[key] for key in ("redirect_uri", "cookie_secret")}


def embedded_settings(data_folder: Path, secrets: Path | None = None) -> Settings:
    """The settings of an embedded server, whatever the environment says."""
    return Settings(data_folder=data_folder, secrets=secrets, database_url=None, app_url=None, host="127.0.0.1")


def write_secrets(folder: Path, auth: Mapping[str, object] | None) -> Path:
    """A file of secrets with this [auth]."""
    file = folder / "secrets.toml"
    file.write_text("" if auth is None else f"auth = {inline(auth)}")
    return file


def inline(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {inline(item)}" for key, item in value.items()) + "}"
    return f'"{value}"'


@pytest.mark.parametrize(
    ("auth", "changed", "message"),
    [
        (None, {}, None),
        (None, {"host": "::1"}, None),
        (None, {"host": "0.0.0.0"}, "OTKLIK_HOST is 0.0.0.0, and anybody there could be anyone"),  # noqa: S104
        (None, {"host": "192.0.2.1"}, "OTKLIK_HOST is 192.0.2.1"),
        (None, {"database_url": "postgresql://otklik@db/otklik"}, "no one could sign in"),
        (None, {"app_url": "postgresql://otklik_app@db/otklik"}, "no one could sign in"),
        (AUTH, {}, None),
        (AUTH, {"host": "0.0.0.0", "database_url": "postgresql://otklik@db/otklik"}, None),  # noqa: S104
        (SHARED | {"keycloak": KEYCLOAK, "other": KEYCLOAK}, {}, None),
        (AUTH | {"keycloak": KEYCLOAK}, {}, None),
        (AUTH | {"redirect_uri": "http://127.0.0.1:8501/oauth2callback"}, {}, None),
        (AUTH | {"redirect_uri": "http://otklik.example.org/oauth2callback"}, {}, "without TLS"),
        (AUTH | {"redirect_uri": "https://otklik.example.org/"}, {}, "needs a redirect_uri"),
        (AUTH | {"cookie_secret": "c" * 31}, {}, "needs a cookie_secret of 32 characters or more"),
        (AUTH | {"client_secret": ""}, {}, "[auth] needs client_secret."),
        (SHARED, {}, "[auth] needs client_id and client_secret and server_metadata_url."),
        (SHARED | {"key_cloak": KEYCLOAK}, {}, "without an underscore"),
        (SHARED | {"keycloak": {"client_id": "x"}}, {}, "[auth.keycloak] needs client_secret and server_metadata_url."),
    ],
)
def test_settings_with_which_the_screens_are_served(
    tmp_path: Path, auth: dict[str, object] | None, changed: dict[str, Any], message: str | None
) -> None:
    settings = embedded_settings(tmp_path, secrets=write_secrets(tmp_path, auth)).model_copy(update=changed)
    error_message = startup_error(settings)
    assert (error_message is None) if message is None else (message in str(error_message))


def test_without_a_file_of_its_own_the_secrets_are_where_streamlit_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "otklik.launcher.startup_checks.SECRETS_PATHS", (tmp_path / "none.toml", tmp_path / "secrets.toml")
    )
    assert auth_config(embedded_settings(tmp_path)) == {}
    write_secrets(tmp_path, AUTH)
    assert auth_config(embedded_settings(tmp_path)) == AUTH
    assert allowed_hosts(embedded_settings(tmp_path)) == ["127.0.0.1", "::1", "localhost", "otklik.example.org"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "where there is no file"),
        ("[auth", "can't be read"),
        ("auth = 1", "empty or no table"),
        ("[auth]", "empty or no table"),
    ],
)
def test_secrets_that_cant_be_read_are_no_demo(tmp_path: Path, content: str | None, message: str) -> None:
    file = tmp_path / "secrets.toml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(InvalidSetting, match=message):
        startup_error(embedded_settings(tmp_path, secrets=file))


def test_url_prints_the_address_of_the_server(url: str) -> None:
    database_url = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["url"]).stdout.strip()
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM stage").fetchone() == (5,)
