"""`otklik device`, as the operator types it."""

import re

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from otklik.database import devices
from tests.support import factories

ENROL = ("device", "enrol", "Hall, left", "--territory", "XA", "--reason", "new wall")


@pytest.fixture
def country(connection: Connection) -> Connection:
    factories.territory(connection, "XA")
    factories.territory(connection, "XB")
    return connection


def typed(url: str, *words: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url, "PORT": "8999", "OTKLIK_SECRETS": ""}).invoke(otklik, words)


def secret(shown: Result) -> str:
    """What is to be had of a link only once."""
    assert shown.exit_code == 0, shown.output
    found = re.fullmatch(r"http://127\.0\.0\.1:8999/\?device=([\w-]{43})\n", shown.stdout)
    assert found, shown.stdout
    return found.group(1)


def listed(url: str) -> list[list[str]]:
    return [line.split("\t") for line in typed(url, "device", "list").stdout.splitlines()]


def test_a_device_from_first_to_last(url: str, country: Connection) -> None:
    left = secret(typed(url, *ENROL))
    right = secret(typed(url, "device", "enrol", "Hall, right", "--as", "Hall, left"))
    screen = devices.screen_of_token(left)
    assert screen
    assert (screen.name, screen.role, screen.is_active) == ("Hall, left", "screen", True)
    assert screen.scope.top_territory_ids == (factories.territory(country, "XA"),)
    assert devices.screen_of_token(right) == screen
    assert [(name, of) for _, name, of, *_ in listed(url)] == [
        ("Hall, right", "Hall, left"),
        ("Hall, left", "Hall, left"),
    ]
    number = listed(url)[1][0]
    assert typed(url, "device", "revoke", number, "--reason", "taken down").exit_code == 0
    assert devices.screen_of_token(left) is None
    assert devices.screen_of_token(right) == screen
    assert [row[5:] for row in listed(url)] == [[], ["revoked"]]
    again = typed(url, "device", "revoke", number)
    assert (again.exit_code, again.stderr) == (
        1,
        f"Error: No device {number} is let in: `otklik device list` prints which are.\n",
    )
    said = country.execute(text("SELECT action, reason, after->>'name', before->>'name' FROM audit ORDER BY id")).all()
    assert [tuple(row) for row in said] == [
        ("person added", "new wall", "Hall, left", None),
        ("device enrolled", "new wall", "Hall, left", None),
        ("device enrolled", None, "Hall, right", None),
        ("device revoked", "taken down", None, "Hall, left"),
    ]


def test_the_database_keeps_no_secret(url: str, country: Connection) -> None:
    told = secret(typed(url, *ENROL))
    kept = country.execute(text("SELECT device::text, (SELECT string_agg(audit::text, ' ') FROM audit) FROM device"))
    assert told not in str(kept.all())


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (ENROL[:3], 2, "Say what the new screen shows: --territory CODE or --everywhere."),
        ((*ENROL[:4], "ZZ"), 1, 'There is no territory "ZZ".'),
        (("device", "enrol", "", "--everywhere"), 1, "needs a name."),
        (("device", "revoke", "7"), 1, "No device 7 is let in"),
    ],
)
def test_mistakes_are_said_in_a_sentence(url: str, words: tuple[str, ...], code: int, why: str) -> None:
    shown = typed(url, *words)
    assert shown.exit_code == code
    assert why in shown.stderr
    assert listed(url) == []


@pytest.mark.usefixtures("country")
def test_another_device_of_a_screen_doesnt_change_what_it_shows(url: str) -> None:
    secret(typed(url, *ENROL))
    shown = typed(url, *ENROL[:3], "--territory", "XB")
    assert shown.exit_code == 2
    assert 'There is a screen "Hall, left" already' in shown.stderr
