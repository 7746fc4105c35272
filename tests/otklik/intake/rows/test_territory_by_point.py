"""Appeals without names of territories are placed by their points."""

import csv
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from otklik.cli.main import otklik
from otklik.intake.errors import BadFile
from otklik.intake.importer import import_file
from tests.support.imports.voronoi_city import EAST, NORTH, VoronoiCity, voronoi_city, write_geojson

MAPPING = """
[source]
code = "zg"
name = "Zagreb"
[columns]
number = "id"
received_at = "received"
category = "topic"
holder = "office"
lon = "lon"
lat = "lat"
{columns}
[territories]
by_point = true
{territories}
[[status]]
default = "in_progress"
"""
TREE = """\
code,level,parent,name,timezone
HR,country,,Croatia,Europe/Zagreb
HR-ZG,region,HR,Zagreb,
HR-01,region,HR,Zagreb County,
"""
POINTS = 300


@pytest.fixture
def city(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VoronoiCity:
    """A database with two regions; the boundaries of the city's 9 districts are in `districts.geojson`."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("OTKLIK_DATA", str(tmp_path / "data"))
    (tmp_path / "tree.csv").write_text(TREE)
    run_territory_import(tmp_path / "tree.csv")
    city = voronoi_city(9)
    write_geojson(tmp_path / "districts.geojson", city.areas, [{"name": f"District {n}"} for n in range(1, 10)])
    return city


def run_territory_import(*words: object) -> None:
    result = CliRunner().invoke(otklik, ["territory", "import", *map(str, words)])
    assert result.exit_code == 0, result.output


def write_rows(path: Path, city: VoronoiCity, **constants: str) -> Path:
    """Appeals at points of the city, the last two outside of it and without a point."""
    points = [*city.points(POINTS - 2, seed=3), (EAST + 1, NORTH), ("", "")]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "received", "topic", "office", "lon", "lat", *constants])
        for number, point in enumerate(points):
            writer.writerow([number, "2026-02-03", "Roads", "Works", *point, *constants.values()])
    return path


def write_mapping(path: Path, columns: str = "", territories: str = "") -> str:
    path.write_text(MAPPING.format(columns=columns, territories=territories))
    return str(path)


def placed(url: str) -> dict[int, tuple[str, str | None]]:
    """Region and municipality by the appeal's number."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT number::integer, region.code, municipality.name FROM appeal"
            " JOIN territory AS region ON region.id = region_id"
            " LEFT JOIN territory AS municipality ON municipality.id = municipality_id"
        )
        return {number: (region, municipality) for number, region, municipality in rows}


def districts(city: VoronoiCity) -> dict[int, tuple[str, str | None]]:
    points = city.points(POINTS - 2, seed=3)
    return {number: ("HR-ZG", f"District {city.nearest(*point)}") for number, point in enumerate(points)}


def test_districts_of_the_data_folder_tell_the_region_as_well(url: str, tmp_path: Path, city: VoronoiCity) -> None:
    properties = [{"code": f"ZG-{n}", "name": f"District {n}"} for n in range(1, 10)]
    write_geojson(tmp_path / "coded.geojson", city.areas, [*properties])
    run_territory_import(tmp_path / "coded.geojson", "--set", "level=municipality", "--set", "parent=HR-ZG")
    file, mapping = write_rows(tmp_path / "rows.csv", city), write_mapping(tmp_path / "m.toml")
    summary = import_file(url, file, mapping)
    assert summary.counts == (POINTS - 2, 0, 0)
    assert dict(summary.reason_counts) == {"a point in no region": 1, "no region: neither a name nor a point": 1}
    assert placed(url) == districts(city)
    assert import_file(url, file, mapping).counts == (0, 0, POINTS - 2)


def test_districts_beside_the_mapping_are_added_by_name(url: str, tmp_path: Path, city: VoronoiCity) -> None:
    mapping = write_mapping(tmp_path / "m.toml", territories='region = "HR-ZG"\nboundaries = "districts.geojson"')
    file = write_rows(tmp_path / "rows.csv", city)
    summary = import_file(url, file, mapping, boundaries_folder=tmp_path / "data/boundaries")
    assert summary.counts == (POINTS, 0, 0)
    assert not [warning for warning in summary.warnings if "oundaries" in warning]
    assert placed(url) == districts(city) | {POINTS - 2: ("HR-ZG", None), POINTS - 1: ("HR-ZG", None)}
    assert import_file(url, file, mapping).counts == (0, 0, POINTS)


def test_a_name_goes_before_the_point(url: str, tmp_path: Path, city: VoronoiCity) -> None:
    columns = 'region = "region"\nmunicipality = "town"'
    mapping = write_mapping(tmp_path / "m.toml", columns, 'boundaries = "districts.geojson"')
    import_file(url, write_rows(tmp_path / "rows.csv", city, region="Zagreb County", town="Samobor"), mapping)
    assert set(placed(url).values()) == {("HR-01", "Samobor")}


def test_without_boundaries_there_is_nothing_to_go_by(url: str, tmp_path: Path, city: VoronoiCity) -> None:
    with pytest.raises(BadFile, match="places appeals by their points, and there are no boundaries"):
        import_file(url, write_rows(tmp_path / "rows.csv", city), write_mapping(tmp_path / "m.toml"))


@pytest.mark.parametrize(
    ("text", "message"),
    [("by_point = 3", "by_point"), ("by_point = true", "has `by_point` without `lon` and `lat` in [columns]")],
)
def test_a_wrong_use_is_named(text: str, message: str, url: str, tmp_path: Path, city: VoronoiCity) -> None:
    mapping = write_mapping(tmp_path / "m.toml")
    Path(mapping).write_text(
        Path(mapping).read_text().replace("by_point = true", text).replace('lon = "lon"\nlat = "lat"\n', "")
    )
    with pytest.raises(BadFile) as refusal:
        import_file(url, write_rows(tmp_path / "rows.csv", city), mapping)
    assert message in str(refusal.value)
