"""`otklik territory`: a city of one's own from a GeoJSON file, or a tree from a CSV file."""

import json
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from otklik.cli.main import otklik
from tests.support.imports.voronoi_city import VoronoiCity, voronoi_city, write_geojson

TREE = """\
code,level,parent,name,name_hr,timezone,population
HR-ZG,region,HR,Zagreb,Grad Zagreb,,767131
HR,country,,Croatia,Hrvatska,Europe/Zagreb,
"""
DISTRICTS = ("--column", "code=id", "--column", "name=ime", "--set", "level=municipality", "--set", "parent=HR-ZG")


@pytest.fixture
def data_folder(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("OTKLIK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*words: object) -> Result:
    return CliRunner().invoke(otklik, ["territory", *map(str, words)])


def written(tmp_path: Path, text: str, name: str = "tree.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def districts_file(tmp_path: Path, city: VoronoiCity) -> Path:
    properties = [{"id": f"ZG-{number}", "ime": f"Četvrt {number}"} for number in range(1, len(city.areas) + 1)]
    return write_geojson(tmp_path / "districts.geojson", city.areas, [*properties])


def stored(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT t.code, t.level, above.code, t.timezone, t.names->>'hr', t.population, t.lon IS NOT NULL"
            " FROM territory AS t LEFT JOIN territory AS above ON above.id = t.parent_id ORDER BY t.code"
        ).fetchall()


def test_a_city_comes_in_as_a_tree_with_boundaries(url: str, tmp_path: Path, data_folder: Path) -> None:
    tree = written(tmp_path, TREE)
    result = run("import", tree)
    assert result.stdout == "tree.csv: 2 territories; 2 added, 0 changed, 0 unchanged.\n", result.output
    assert stored(url) == [
        ("HR", "country", None, "Europe/Zagreb", "Hrvatska", None, False),
        ("HR-ZG", "region", "HR", "Europe/Zagreb", "Grad Zagreb", 767131, False),
    ]
    city = voronoi_city(12)
    file = districts_file(tmp_path, city)
    planned = run("import", file, *DISTRICTS, "--dry-run").stdout
    assert "12 territories; 12 added, 0 changed, 0 unchanged." in planned
    assert planned.endswith("Nothing was changed: this was a dry run.\n")
    assert len(stored(url)) == 2
    assert not (data_folder / "boundaries").exists()
    result = run("import", file, *DISTRICTS)
    assert result.exit_code == 0, result.output
    assert result.stdout == planned.removesuffix("Nothing was changed: this was a dry run.\n")
    assert stored(url)[2] == ("ZG-1", "municipality", "HR-ZG", "Europe/Zagreb", None, None, True)
    for_map = json.loads((data_folder / "boundaries/districts.geojson").read_text())["features"]
    exact = json.loads((data_folder / "boundaries/exact/districts.geojson").read_text())["features"]
    assert {feature["properties"]["code"] for feature in for_map} == {f"ZG-{number}" for number in range(1, 13)}
    assert len(json.dumps(exact)) > 5 * len(json.dumps(for_map))
    # Again, it changes nothing; with a new name, that one.
    assert "0 added, 0 changed, 12 unchanged" in run("import", file, *DISTRICTS).stdout
    file.write_text(file.read_text().replace("\\u010cetvrt 7", "Trnje"))
    assert "0 added, 1 changed, 11 unchanged" in run("import", file, *DISTRICTS).stdout
    listed = run("list").stdout.splitlines()
    assert [line.split()[0] for line in listed[-13:]][:3] == ["HR-ZG", "ZG-1", "ZG-10"]
    assert any(line.split() == ["ZG-7", "municipality", "HR-ZG", "Europe/Zagreb", "Trnje"] for line in listed)


def test_boundaries_alone_can_be_added_to_what_is_there(url: str, tmp_path: Path, data_folder: Path) -> None:
    run("import", written(tmp_path, TREE))
    file = write_geojson(tmp_path / "zagreb.geojson", voronoi_city(1).areas, [{"code": "HR-ZG"}])
    assert "1 territory; 0 added, 1 changed, 0 unchanged." in run("import", file).stdout
    assert stored(url)[1] == ("HR-ZG", "region", "HR", "Europe/Zagreb", "Grad Zagreb", 767131, True)
    assert (data_folder / "boundaries/zagreb.geojson").is_file()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",region,HR,X,,,", "line 2: there is no `code`: name its column by --column code=NAME."),
        ("A,region,HR,X,,,\nA,region,HR,Y,,,", "line 3: “A” is the code of new.csv, line 2 as well."),
        ("A,state,HR,X,,,", "line 2: the level is “state”: expected country, district, region, municipality."),
        ("A,,HR,X,,,", "line 2: the level is missing"),
        ("A,region,,X,,Europe/Zagreb,", "line 2: a region needs the code of its `parent`."),
        ("A,region,XX,X,,Europe/Zagreb,", "line 2: the parent “XX” is unknown."),
        ("A,region,HR-ZG,X,,,", "line 2: a region can't lie in a region."),
        ("A,country,HR,X,,Europe/Zagreb,", "line 2: a country has no parent."),
        ("A,region,HR,,,,", "line 2: wrong or missing: 'name'."),
        ("A,region,HR,X,,,many", "line 2: wrong or missing: invalid literal"),
        ("A,region,HR,X,,,-1", "line 2: the population is below 0."),
        ("A,region,HR,X,,Europe/Agram,", "line 2: “Europe/Agram” is no time zone, such as Europe/Paris."),
        ("A,country,,X,,,", "line 2: wrong or missing: 'timezone'."),
        ("HR-ZG,municipality,HR,X,,,", "line 2: “HR-ZG” has the level region here and municipality in the file"),
        ("HR-ZG,region,HR,X,,Europe/Paris,", "line 2: “HR-ZG” has the time zone Europe/Zagreb here"),
        ("", "has no territories: expected a row for each."),
    ],
)
@pytest.mark.usefixtures("data_folder")
def test_what_cannot_be_used_is_refused_whole(row: str, message: str, url: str, tmp_path: Path) -> None:
    run("import", written(tmp_path, TREE))
    before = stored(url)
    good = "B,region,HR,Good,,,\n" if row else ""
    result = run("import", written(tmp_path, f"{TREE.splitlines()[0]}\n{row}\n{good}", "new.csv"))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: new.csv{'' if not row else ', '}")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert stored(url) == before


@pytest.mark.parametrize("option", ["--column=code", "--set=height=3", "--set=level=", "--tolerance=-1"])
def test_wrong_options_are_refused(option: str, tmp_path: Path) -> None:
    assert run("import", tmp_path / "x.csv", option).exit_code == 2


@pytest.mark.usefixtures("data_folder")
def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    assert "can't be read: No such file" in run("import", tmp_path / "none.csv").stderr
    (tmp_path / "bytes.csv").write_bytes(b"code,name\n\xff\xfe\x00,x\n")
    assert "isn't a CSV file in UTF-8" in run("import", tmp_path / "bytes.csv").stderr
    assert run("list").stdout.startswith("There are no territories.")
