"""A tree of territories from a CSV or GeoJSON file, checked against itself and against those that there are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from otklik.database.functions.territories import StoredTerritory
from otklik.intake.boundaries.boundary_file import read_features
from otklik.intake.errors import BadFile, short_quote
from otklik.intake.mapping.dates import time_zone
from otklik.intake.mapping.territories import Territory, territory_from_row
from otklik.intake.readers.record_file import read_records

LEVELS = ("country", "district", "region", "municipality")
"""From above; a parent is of a level above its children's, not always the next."""
FIELDS = (
    "code", "level", "parent", "name", "name_ru", "name_hr", "short", "short_ru", "short_hr", "timezone", "population",
    "lon", "lat",
)  # fmt: skip
GEOJSON_ENDINGS = (".geojson", ".json")


@dataclass(frozen=True)
class TreeRow:
    """A territory of the file, where it stands (“tree.csv, line 3”), and its boundaries where the file has any."""

    place: str
    territory: Territory
    area: shapely.Geometry | None


def read_tree(
    path: Path, columns: Mapping[str, str], constants: Mapping[str, str], stored: Mapping[str, StoredTerritory]
) -> list[TreeRow]:
    """The territories of a file, parents first.

    `columns` names the column or property of a field where it isn't called like the field; `constants` are the values
    of fields that are the same for all. What is missing of a territory in `stored` is as there; a missing time zone of
    another is the parent's, and a missing point one inside the boundaries. Raises BadFile for the first territory that
    can't be used, among them one whose level, parent or time zone is another in `stored`.
    """
    rows: dict[str, tuple[str, dict[str, Any], shapely.Geometry | None]] = {}
    for place, values, area in _raw_rows(path):
        row = {field: values.get(columns.get(field, field)) for field in FIELDS} | dict(constants)
        code = str(row["code"] or "")
        if code in stored:
            row = {field: value or getattr(stored[code], field, None) for field, value in row.items()}
        if not code:
            raise BadFile(f"{place}: there is no `code`: name its column by --column code=NAME.")
        if code in rows:
            raise BadFile(f"{place}: {short_quote(code)} is the code of {rows[code][0]} as well.")
        rows[code] = place, row, area
    if not rows:
        raise BadFile(f"{path.name} has no territories: expected a row for each.")
    timezones = {code: territory.timezone for code, territory in stored.items()}
    tree = []
    for code in sorted(rows, key=lambda code: _level_index(rows[code])):
        place, row, area = rows[code]
        row["timezone"] = row["timezone"] or timezones.get(str(row["parent"]))
        if area is not None and not (row["lon"] and row["lat"]):
            point = shapely.point_on_surface(area)
            row |= {"lon": round(point.x, 4), "lat": round(point.y, 4)}
        territory = _checked_territory(place, row, {**dict.fromkeys(rows, None), **stored}, rows)
        timezones[code] = territory.timezone
        _check_unmoved(place, territory, stored.get(code))
        tree.append(TreeRow(place, territory, area))
    return tree


def _raw_rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any], shapely.Geometry | None]]:
    if path.suffix.lower() in GEOJSON_ENDINGS:
        for number, (properties, area) in enumerate(read_features(path), 1):
            yield f"{path.name}, feature {number}", properties, area
        return
    for record in read_records(path):
        yield record.place, record.cells, None


def _level_index(numbered_row: tuple[str, Mapping[str, Any], object]) -> int:
    place, row, _ = numbered_row
    if row["level"] not in LEVELS:
        given = short_quote(str(row["level"])) if row["level"] else "missing"
        raise BadFile(f"{place}: the level is {given}: expected {', '.join(LEVELS)}.")
    return LEVELS.index(row["level"])


def _checked_territory(
    place: str,
    row: Mapping[str, Any],
    stored: Mapping[str, StoredTerritory | None],
    rows: Mapping[str, tuple[str, Mapping[str, Any], object]],
) -> Territory:
    try:
        territory = territory_from_row(row)
    except (KeyError, ValueError) as error:
        raise BadFile(f"{place}: wrong or missing: {error}.") from error
    if time_zone(territory.timezone) is None:
        raise BadFile(f"{place}: {short_quote(territory.timezone)} is no time zone, such as Europe/Paris.")
    if territory.numbers.get("population") is not None and (territory.numbers["population"] or 0) < 0:
        raise BadFile(f"{place}: the population is below 0.")
    if territory.level == "country":
        if territory.parent:
            raise BadFile(f"{place}: a country has no parent.")
        return territory
    if territory.parent is None:
        raise BadFile(f"{place}: a {territory.level} needs the code of its `parent`.")
    if territory.parent not in stored:
        raise BadFile(f"{place}: the parent {short_quote(territory.parent)} is unknown.")
    parent = stored[territory.parent]
    parent_level = parent.level if parent else str(rows[territory.parent][1]["level"])
    if LEVELS.index(parent_level) >= LEVELS.index(territory.level):
        raise BadFile(f"{place}: a {territory.level} can't lie in a {parent_level}.")
    return territory


def _check_unmoved(place: str, territory: Territory, stored: StoredTerritory | None) -> None:
    """Its appeals are counted by these, of days that are over as well."""
    if stored is None:
        return
    for word, given, known in (
        ("level", territory.level, stored.level),
        ("parent", territory.parent, stored.parent),
        ("time zone", territory.timezone, stored.timezone),
    ):
        if given != known:
            raise BadFile(
                f"{place}: {short_quote(territory.code)} has the {word} {known} here and {given} in the"
                " file: it can't change. Give the territory of the file another code."
            )
