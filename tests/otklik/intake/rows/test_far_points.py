"""Points of a file that are no places, or lie far from their region."""

from pathlib import Path

import pytest

from otklik.intake.importer import import_file
from otklik.intake.rows.cells import parse_point
from tests.support.imports.city_shapes import write_san_francisco
from tests.support.imports.export_files import query_rows


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        ("0", "0", (None, None)),
        ("0.0", "-0.000", (None, None)),
        ("0,0000001", "0.004", (None, None)),
        ("0.02", "0", (0.02, 0.0)),
        ("0", "51.4779", (0.0, 51.4779)),  # Greenwich
        ("-78.45", "0", (-78.45, 0.0)),  # the equator in Ecuador
    ],
)
def test_the_origin_is_no_place(lon: str, lat: str, expected: tuple[float | None, float | None]) -> None:
    assert parse_point({"lon": lon, "lat": lat}) == expected


def test_points_at_0_0_are_left_out_and_counted(url: str, tmp_path: Path) -> None:
    file, mapping = write_san_francisco(tmp_path)
    summary = import_file(url, file, str(mapping))
    assert summary.warnings[0] == "16 rows have their point at 0, 0, which is no place: imported without it."
    assert not [warning for warning in summary.warnings if " km from " in warning]
    assert query_rows(url, "SELECT count(*), count(lon), min(abs(lon)) > 122 FROM appeal") == [(40, 24, True)]


def test_swapped_and_far_off_points_are_warned_about(url: str, tmp_path: Path) -> None:
    file, mapping = write_san_francisco(tmp_path)
    swapped = mapping.read_text().replace('"lat"\nlon = "long"', '"long"\nlon = "lat"')
    mapping.write_text(swapped)
    # A longitude of -122 is no latitude.
    assert import_file(url, file, str(mapping), dry_run=True).rejected_count == 24
    text = file.read_text().replace("-122.", "-72.")
    file.write_text(text)
    mapping.write_text(swapped.replace("lon = -122.44", "lon = -72.44"))
    limit = "24 points lie more than 118 km from San Francisco"
    assert import_file(url, file, str(mapping), dry_run=True).warnings[1] == (
        f"{limit}; 24 of them would be near it with longitude and latitude swapped: check `lon` and `lat` of the"
        " mapping."
    )
    file.write_text(text.replace("-72.4", "-172.4", 1))
    mapping.write_text(swapped.replace('"long"\nlon = "lat"', '"lat"\nlon = "long"').replace("-122.44", "-72.44"))
    (warning,) = import_file(url, file, str(mapping), dry_run=True).warnings[1:2]
    assert warning.startswith("1 point lies more than 1")
    assert warning.endswith(" km from San Francisco: check their coordinates.")
