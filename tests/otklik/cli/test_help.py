"""The help of the command and its subcommands."""

import pytest
from click.testing import CliRunner

from otklik.cli.main import otklik

COMMANDS = ["run", "demo", "import", "simulate", "sql", "url", "user", "audit", "migrate"]


def test_help_lists_the_commands_in_the_order_of_their_need() -> None:
    result = CliRunner().invoke(otklik, ["--help"])
    assert result.exit_code == 0
    listed_commands = [line.split()[0] for line in result.output.partition("Commands:")[2].splitlines() if line.strip()]
    assert [name for name in listed_commands if name in COMMANDS] == COMMANDS


def test_help_names_every_setting() -> None:
    result = CliRunner().invoke(otklik, ["--help"]).output
    assert all(name in result for name in ("OTKLIK_DATA", "DATABASE_URL", "PORT"))


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(otklik, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output.split()) > 15


def test_an_unknown_command_is_a_usage_error() -> None:
    result = CliRunner().invoke(otklik, ["serve"])
    assert result.exit_code == 2
    assert "No such command 'serve'" in result.output
