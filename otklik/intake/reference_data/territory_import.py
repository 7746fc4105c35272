"""Importing territories of one's own, with their boundaries: all of a file, or nothing of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from otklik.database.functions.save_outcomes import SaveOutcome, format_outcomes
from otklik.database.functions.territories import lock_territories, save_territory, stored_territories
from otklik.intake.boundaries.boundary_file import EXACT_FOLDER, feature_of, write_features
from otklik.intake.boundaries.simplification import Simplification, simplify
from otklik.intake.mapping.territories import NUMERIC_COLUMNS, Territory
from otklik.intake.reference_data.territory_tree import LEVELS, TreeRow, read_tree


@dataclass(frozen=True)
class TerritorySummary:
    """What an import of territories did, or would have done."""

    file: str
    counts: Counter[SaveOutcome]
    area_count: int
    points_before: int
    points_after: int
    warnings: tuple[str, ...]

    def format_lines(self) -> list[str]:
        """The summary for people, one sentence a line."""
        total = self.counts.total()
        lines = [f"{self.file}: {total:,} territor{'y' if total == 1 else 'ies'}; {format_outcomes(self.counts)}."]
        if self.area_count:
            lines.append(
                f"Boundaries of {self.area_count:,} territories: {self.points_before:,} points,"
                f" {self.points_after:,} of them for the map."
            )
        return lines + [f"Warning: {warning}" for warning in self.warnings]


def import_territories(  # noqa: PLR0913 - each by its name, and each alone
    connection: Connection,
    path: Path,
    *,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    tolerance_m: float | None = None,
    boundaries_folder: Path,
    dry_run: bool = False,
) -> TerritorySummary:
    """Add the territories of a CSV or GeoJSON file, or give those that are there its names, numbers and boundaries.

    `columns`, `constants`: as in `territory_tree.read_tree`; `tolerance_m`: as in `simplification.simplify`. The
    boundaries are written to `boundaries_folder`, as the file is called: simplified for the map, and whole below
    `EXACT_FOLDER`. The caller commits. Raises BadFile; then nothing has been written.
    """
    lock_territories(connection)
    tree = read_tree(path, columns, constants, stored_territories(connection))
    simplifications = [
        (rows, simplify([row.area for row in rows], [row.territory.name for row in rows], tolerance_m))
        for level in LEVELS
        # Those of one level lie beside one another; a parent covers its children.
        if (rows := [row for row in tree if row.area is not None and row.territory.level == level])
    ]
    counts: Counter[SaveOutcome] = Counter(save_territory(connection, _columns_of(row.territory)) for row in tree)
    if simplifications and not dry_run:
        _write_boundaries(simplifications, boundaries_folder, f"{path.stem}.geojson")
    results = [result for _, result in simplifications]
    return TerritorySummary(
        path.name,
        counts,
        sum(len(rows) for rows, _ in simplifications),
        sum(result.points_before for result in results),
        sum(result.points_after for result in results),
        tuple(warning for result in results for warning in result.warnings),
    )


def _write_boundaries(
    simplifications: list[tuple[list[TreeRow], Simplification]], folder: Path, file_name: str
) -> None:
    exact = [feature_of(row.territory.code, row.area) for rows, _ in simplifications for row in rows]
    simple = [
        feature_of(row.territory.code, area)
        for rows, result in simplifications
        for row, area in zip(rows, result.areas, strict=True)
    ]
    write_features(exact, folder / EXACT_FOLDER / file_name)
    write_features(simple, folder / file_name)


def _columns_of(territory: Territory) -> dict[str, object]:
    return {
        "code": territory.code,
        "level": territory.level,
        "parent": territory.parent,
        "name": territory.name,
        "names": territory.names,
        "short_names": territory.short_names,
        "timezone": territory.timezone,
        **{name: territory.numbers.get(name) for name in NUMERIC_COLUMNS},
    }
