"""Settings that can't be used end a command with one sentence."""

from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from console import otklik
from console.run import refusal
from database.settings import Settings
from tests.servers import free_port


@pytest.mark.parametrize("command", [["sql", "SELECT 1"], ["migrate"], ["demo"]])
def test_a_server_that_doesnt_answer(command: list[str]) -> None:
    url = f"postgresql://otklik@127.0.0.1:{free_port()}/otklik"
    shown = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, command)
    assert shown.exit_code == 1
    assert shown.stderr.startswith("Error: The server at DATABASE_URL can't be reached (")
    assert shown.stderr.count("\n") == 1


def test_an_address_that_is_none() -> None:
    shown = CliRunner(env={"DATABASE_URL": "sqlite:///x"}).invoke(otklik, ["url"])
    assert shown.exit_code == 1
    assert "DATABASE_URL is no address of a PostgreSQL server" in shown.stderr


def test_a_port_that_is_none() -> None:
    shown = CliRunner(env={"PORT": "http", "DATABASE_URL": ""}).invoke(otklik, ["run"])
    assert (shown.exit_code, shown.stderr) == (1, "Error: PORT is 'http': it should be a number from 1 to 65535.\n")


def test_screens_of_a_server_of_ones_own_need_a_sign_in_provider(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Settings(tmp_path, "postgresql://otklik@db/otklik")
    secrets = tmp_path / "secrets.toml"
    monkeypatch.setattr("console.run.SECRETS", (secrets,))
    assert refusal(Settings(tmp_path)) is None
    assert "no one could sign in" in str(refusal(own))
    secrets.write_text("[other]\n")
    assert "no one could sign in" in str(refusal(own))
    secrets.write_text('[auth]\nclient_id = "otklik"\n')
    assert refusal(own) is None


def test_url_tells_the_address_that_the_server_has(url: str) -> None:
    told = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["url"]).stdout.strip()
    with psycopg.connect(told) as connection:
        assert connection.execute("SELECT count(*) FROM stage").fetchone() == (5,)
