"""Removing demo data, and imports into a database that has them."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from otklik.cli.run import load_demo_if_empty
from otklik.demo.load import load_demo_data
from otklik.demo.removal import remove_demo_data
from otklik.intake.importer import import_file
from tests.support.appeals.demo import AS_OF
from tests.support.imports.city_shapes import write_new_york
from tests.support.imports.export_files import EXAMPLE_ROW, query_rows, run_import, write_csv

pytestmark = pytest.mark.slow

CATALOGUE = "SELECT (SELECT count(*) FROM territory), (SELECT count(*) FROM organisation), (SELECT count(*) FROM topic)"


def run_demo(url: str, *options: str) -> str:
    result = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["demo", *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_removal_leaves_an_empty_database_that_run_does_not_fill_again(url: str, connection: Connection) -> None:
    load_demo_data(url, 300, 1, AS_OF)
    assert run_demo(url, "--remove") == "300 appeals of the demo were removed.\n"
    for table in ("appeal", "event", "applicant", "planted_problem", "demo_run"):
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
    assert connection.execute(text(CATALOGUE)).one() == (0, 0, 0)
    load_demo_if_empty(url)
    assert run_demo(url, "--remove") == "There are no demo data.\n"


@pytest.mark.parametrize("source", ["another country", "the same country"])
def test_removal_keeps_other_appeals_and_what_they_refer_to(source: str, url: str, tmp_path: Path) -> None:
    load_demo_data(url, 300, 1, AS_OF)
    if source == "another country":
        file, mapping = write_new_york(tmp_path)
        import_file(url, file, str(mapping))
        territories = [("US",), ("US-NYC",)]
    else:
        assert run_import(url, write_csv(tmp_path / "pos.csv", [EXAMPLE_ROW]), "pos", "--beside-demo").exit_code == 0
        territories = [("RU",), ("RU-FD-URAL",), ("RU-KHM",)]
    kept = query_rows(url, "SELECT count(*) FROM event WHERE actor = 'import'")
    assert remove_demo_data(url) == 300
    assert query_rows(url, "SELECT count(*) FROM appeal") == kept
    assert query_rows(url, "SELECT count(*) FROM event") == kept
    assert query_rows(url, "SELECT code FROM territory WHERE level <> 'municipality' ORDER BY code") == territories
    people = "SELECT DISTINCT code FROM person_territory JOIN territory ON territory.id = territory_id ORDER BY code"
    assert query_rows(url, people) == [code for code in territories if code[0] in ("RU-FD-URAL", "RU-KHM")]


def test_an_import_into_demo_data_is_refused_unless_asked_for(url: str, tmp_path: Path) -> None:
    load_demo_data(url, 10, 1, AS_OF)
    file = write_csv(tmp_path / "pos.csv", [EXAMPLE_ROW])
    result = run_import(url, file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "`otklik demo --remove`" in result.stderr
    assert run_import(url, file, "pos", "--dry-run").exit_code == 0
    assert query_rows(url, "SELECT count(*) FROM appeal") == [(10,)]
    assert run_import(url, file, "pos", "--beside-demo").exit_code == 0
    assert query_rows(url, "SELECT count(*) FROM appeal") == [(11,)]
