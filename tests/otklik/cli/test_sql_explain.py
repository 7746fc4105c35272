"""The SQL of a panel with its plan, by `otklik sql --explain`."""

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from otklik.benchmark.panels import PANELS
from otklik.cli.main import otklik
from otklik.database.cubes.rollups import fold_cubes
from tests.support import factories


def explain(url: str, *arguments: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["sql", "--explain", *arguments])


def test_every_panel_has_an_id_of_its_own() -> None:
    ids = [panel.id for panel in PANELS]
    assert len(set(ids)) == len(ids)
    assert {"overview.by_day", "queue.on_the_map", "regions.points_open"} <= set(ids)


@pytest.mark.parametrize(
    ("panel_id", "relation"),
    [
        ("overview.topics", "cube_topic_folded"),
        ("overdue.overdue", "appeal"),
        ("queue.organisations", "open_held_folded"),
    ],
)
def test_a_panel_is_printed_as_sql_with_its_plan(
    connection: Connection, url: str, panel_id: str, relation: str
) -> None:
    factories.appeal(connection, region="XA")
    fold_cubes(url)
    result = explain(url, panel_id, "--territory", "XA", "--days", "7")
    assert (result.exit_code, result.stderr) == (0, "")
    header, *statements = result.stdout.split("\n-- Statement ")
    assert header.startswith(f"-- {panel_id}: XA, ")
    assert statements
    assert all("-- " in statement and "Execution Time" in statement for statement in statements)
    assert relation in result.stdout
    assert "%(" not in result.stdout


def test_what_is_printed_is_sql(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    with psycopg.connect(url) as owner:
        for statement in explain(url, "overview.tiles").stdout.split(";\n"):
            owner.execute(statement.encode())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((), "Error: Say which panel"), (("overview.nothing",), "Error: There is no panel overview.nothing.")],
)
def test_without_a_panel_that_there_is_the_panels_are_listed(arguments: tuple[str, ...], message: str) -> None:
    result = CliRunner().invoke(otklik, ["sql", "--explain", *arguments])
    assert (result.exit_code, result.stdout) == (1, "")
    first, *listed_panels = result.stderr.splitlines()
    assert first.startswith(message)
    assert [line.strip() for line in listed_panels] == [panel.id for panel in PANELS]


def test_an_unknown_territory_is_refused(url: str) -> None:
    result = explain(url, "overview.tiles", "--territory", "nowhere")
    assert (result.exit_code, result.stderr) == (1, "Error: There is no territory nowhere.\n")


@pytest.mark.parametrize("arguments", [["sql"], ["sql", "SELECT 1", "--explain", "overview.tiles"]])
def test_a_statement_or_a_panel_is_needed_and_not_both(arguments: list[str]) -> None:
    assert CliRunner().invoke(otklik, arguments).exit_code == 2
