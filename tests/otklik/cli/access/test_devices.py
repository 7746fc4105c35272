"""`otklik device`, as the operator types it."""

import re

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from otklik.database.access import devices
from tests.support import factories

ENROL = ("device", "enrol", "Hall, left", "--territory", "XA", "--reason", "new wall")


@pytest.fixture
def country(connection: Connection) -> Connection:
    factories.territory(connection, "XA")
    factories.territory(connection, "XB")
    return connection


def run_command(url: str, *words: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url, "PORT": "8999", "OTKLIK_SECRETS": ""}).invoke(otklik, words)


def secret(result: Result) -> str:
    """The secret in the printed link."""
    assert result.exit_code == 0, result.output
    match = re.fullmatch(r"http://127\.0\.0\.1:8999/screen\?device=([\w-]{43})\n", result.stdout)
    assert match, result.stdout
    return match.group(1)


def device_rows(url: str) -> list[list[str]]:
    return [line.split("\t") for line in run_command(url, "device", "list").stdout.splitlines()]


def test_a_device_from_first_to_last(url: str, country: Connection) -> None:
    left = secret(run_command(url, *ENROL))
    right = secret(run_command(url, "device", "enrol", "Hall, right", "--as", "Hall, left"))
    screen = devices.screen_of_token(left)
    assert screen
    assert (screen.name, screen.role, screen.is_active) == ("Hall, left", "screen", True)
    assert screen.scope.top_territory_ids == (factories.territory(country, "XA"),)
    assert devices.screen_of_token(right) == screen
    assert [(name, of) for _, name, of, *_ in device_rows(url)] == [
        ("Hall, right", "Hall, left"),
        ("Hall, left", "Hall, left"),
    ]
    number = device_rows(url)[1][0]
    assert run_command(url, "device", "revoke", number, "--reason", "taken down").exit_code == 0
    assert devices.screen_of_token(left) is None
    assert devices.screen_of_token(right) == screen
    assert [row[5:] for row in device_rows(url)] == [[], ["revoked"]]
    second_result = run_command(url, "device", "revoke", number)
    assert (second_result.exit_code, second_result.stderr) == (
        1,
        f"Error: No device {number} is let in: `otklik device list` prints which are.\n",
    )
    audit_rows = country.execute(
        text("SELECT action, reason, after->>'name', before->>'name' FROM audit ORDER BY id")
    ).all()
    assert [tuple(row) for row in audit_rows] == [
        ("person added", "new wall", "Hall, left", None),
        ("device enrolled", "new wall", "Hall, left", None),
        ("device enrolled", None, "Hall, right", None),
        ("device revoked", "taken down", None, "Hall, left"),
    ]


def test_the_database_keeps_no_secret(url: str, country: Connection) -> None:
    token = secret(run_command(url, *ENROL))
    stored_rows = country.execute(
        text("SELECT device::text, (SELECT string_agg(audit::text, ' ') FROM audit) FROM device")
    )
    assert token not in str(stored_rows.all())


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (ENROL[:3], 2, "Say what the new screen shows: --territory CODE or --everywhere."),
        ((*ENROL[:4], "ZZ"), 1, 'There is no territory "ZZ".'),
        (("device", "enrol", "", "--everywhere"), 1, "needs a name."),
        (("device", "revoke", "7"), 1, "No device 7 is let in"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(url: str, words: tuple[str, ...], code: int, message: str) -> None:
    result = run_command(url, *words)
    assert result.exit_code == code
    assert message in result.stderr
    assert device_rows(url) == []


@pytest.mark.usefixtures("country")
def test_another_device_of_a_screen_doesnt_change_what_it_shows(url: str) -> None:
    secret(run_command(url, *ENROL))
    result = run_command(url, *ENROL[:3], "--territory", "XB")
    assert result.exit_code == 2
    assert 'There is a screen "Hall, left" already' in result.stderr
