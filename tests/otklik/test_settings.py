"""What the environment says, and what it can't say."""

import os
from pathlib import Path

import pytest

from otklik.errors import InvalidSetting
from otklik.settings import Settings, libpq_url, read_settings


def test_an_empty_environment_is_the_embedded_server_on_the_usual_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert read_settings({"XDG_DATA_HOME": "/home/vera/data"}) == Settings(Path("/home/vera/data/otklik"), None, 8501)


def test_without_a_data_home_the_usual_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/vera")
    assert read_settings({}).data == Path("/home/vera/.local/share/otklik")


def test_root_keeps_data_where_the_servers_user_can_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert read_settings({"XDG_DATA_HOME": "/root/data"}).data == Path("/var/lib/otklik")


def test_a_data_folder_is_meant_from_where_we_are_or_from_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/vera")
    assert read_settings({"OTKLIK_DATA": "here"}).data == Path.cwd() / "here"
    assert read_settings({"OTKLIK_DATA": "~/there"}).data == Path("/home/vera/there")


def test_an_empty_setting_counts_as_none() -> None:
    found = read_settings({"OTKLIK_DATA": "", "DATABASE_URL": "", "PORT": ""})
    assert (found.database_url, found.port) == (None, 8501)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_addresses_of_any_dialect_are_read_as_libpqs(scheme: str) -> None:
    assert libpq_url(f"{scheme}://a:b@c:1/d?e=f") == "postgresql://a:b@c:1/d?e=f"


@pytest.mark.parametrize("url", ["sqlite:///appeals.db", "host=localhost dbname=otklik", "mysql://a/b"])
def test_another_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(InvalidSetting, match="postgresql://user:password@host:5432/otklik"):
        read_settings({"DATABASE_URL": url})


@pytest.mark.parametrize("port", ["1", "65535"])
def test_ports_up_to_the_border_are_taken(port: str) -> None:
    assert read_settings({"PORT": port}).port == int(port)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8501 ", "²"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(InvalidSetting, match="from 1 to 65535"):
        read_settings({"PORT": port})
