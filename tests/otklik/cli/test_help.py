"""A stranger finds out what there is to do."""

import pytest
from click.testing import CliRunner

from otklik.cli.main import otklik

COMMANDS = ["run", "demo", "import", "simulate", "sql", "url", "user", "audit", "migrate"]


def test_help_lists_the_commands_in_the_order_of_their_need() -> None:
    shown = CliRunner().invoke(otklik, ["--help"])
    assert shown.exit_code == 0
    listed = [line.split()[0] for line in shown.output.partition("Commands:")[2].splitlines() if line.strip()]
    assert [name for name in listed if name in COMMANDS] == COMMANDS


def test_help_names_every_setting() -> None:
    shown = CliRunner().invoke(otklik, ["--help"]).output
    assert all(name in shown for name in ("OTKLIK_DATA", "DATABASE_URL", "PORT"))


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    shown = CliRunner().invoke(otklik, [command, "--help"])
    assert shown.exit_code == 0
    assert len(shown.output.split()) > 15


def test_an_unknown_command_is_a_usage_error() -> None:
    shown = CliRunner().invoke(otklik, ["serve"])
    assert shown.exit_code == 2
    assert "No such command 'serve'" in shown.output
