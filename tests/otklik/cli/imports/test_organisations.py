"""`otklik organisation`: a tree of organisations from a CSV file."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from tests.support import factories

HEADER = "code,level,territory,parent,name,name_ru,short"
ROWS = """
roads,municipal,XA,works,Roads Office,Отдел дорог,Roads
works,municipal,XA,,City Works,,
health,federal,XX,,Ministry of Health,,
"""


@pytest.fixture
def country(connection: Connection) -> Connection:
    factories.territory(connection, "XX", "country")
    factories.territory(connection, "XA", "region", "XX")
    return connection


def run(url: str, tmp_path: Path, rows: str, header: str = HEADER) -> Result:
    path = tmp_path / "offices.csv"
    path.write_text(f"{header}\n{rows.strip()}\n", encoding="utf-8")
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["organisation", "import", str(path)])


def stored(connection: Connection) -> list[tuple[object, ...]]:
    rows = connection.execute(
        text("""SELECT o.code, o.level, territory.code, above.code, o.name, o.names->>'ru', o.short_names->>'en'
            FROM organisation AS o JOIN territory ON territory.id = o.territory_id
            LEFT JOIN organisation AS above ON above.id = o.parent_id ORDER BY o.code""")
    )
    return [tuple(row) for row in rows]


def test_a_tree_comes_in_and_is_renamed(url: str, tmp_path: Path, country: Connection) -> None:
    result = run(url, tmp_path, ROWS)
    assert result.stdout == "offices.csv: 3 organisations; 3 added, 0 changed, 0 unchanged.\n", result.output
    assert stored(country) == [
        ("health", "federal", "XX", None, "Ministry of Health", None, None),
        ("roads", "municipal", "XA", "works", "Roads Office", "Отдел дорог", "Roads"),
        ("works", "municipal", "XA", None, "City Works", None, None),
    ]
    assert "0 added, 0 changed, 3 unchanged" in run(url, tmp_path, ROWS).stdout
    # A language that a newer file lacks stays.
    assert "0 added, 1 changed, 0 unchanged" in run(url, tmp_path, "roads,municipal,XA,,Streets Office,,").stdout
    assert stored(country)[1] == ("roads", "municipal", "XA", None, "Streets Office", "Отдел дорог", "Roads")
    listed = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["organisation", "list"]).stdout.splitlines()
    assert [line.split() for line in listed][-1] == ["works", "municipal", "XA"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (",regional,XA,,A,,", "line 2: there is no `code`."),
        ("a,regional,XA,,A,,\na,regional,XA,,B,,", "line 3: “a” is the code of offices.csv, line 2 as well."),
        ("a,regional,XA,,,,", "line 2: there is no `name`."),
        ("a,local,XA,,A,,", "line 2: the level is “local”: expected federal, regional, municipal."),
        ("a,regional,XZ,,A,,", "line 2: the territory “XZ” is unknown."),
        ("a,regional,XX,,A,,", "line 2: a regional organisation can't be that of a country."),
        ("a,regional,XA,z,A,,", "line 2: the parent “z” is unknown."),
        ("a,regional,XA,b,A,,\nb,regional,XA,a,B,,", "would lie below itself."),
        ("works,municipal,XA,roads,City Works,,", "line 2: “works” would lie below itself."),
        ("works,regional,XA,,City Works,,", "line 2: “works” has the level municipal here and regional in the file"),
        ("a,regional,XA,,A,,,,", "line 2: 9 cells instead of 7, as the header has."),
        ("", "has no organisations: expected a row for each."),
    ],
)
def test_what_cannot_be_used_is_refused_whole(
    rows: str, message: str, url: str, tmp_path: Path, country: Connection
) -> None:
    run(url, tmp_path, ROWS)
    before = stored(country)
    good = "good,regional,XA,,Good,,\n" if rows else ""
    result = run(url, tmp_path, f"{good}{rows}" if "below itself" in message else f"{rows}\n{good}")
    assert result.exit_code == 2
    assert message.replace("line 2: “works” would", "line 3: “works” would") in result.stderr
    assert stored(country) == before


def test_an_unknown_column_is_named(url: str, tmp_path: Path) -> None:
    result = run(url, tmp_path, "a,b", "code,colour")
    assert result.exit_code == 2
    assert "offices.csv has the unknown column “colour”: expected code, level, territory," in result.stderr
