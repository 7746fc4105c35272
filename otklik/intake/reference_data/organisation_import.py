"""Importing a tree of organisations from a CSV file: all of it, or nothing."""

from collections import Counter
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from sqlalchemy import Connection

from otklik.database.functions.organisations import (
    StoredOrganisation,
    save_organisation,
    stored_organisations,
    territory_levels,
)
from otklik.database.functions.save_outcomes import SaveOutcome
from otklik.intake.errors import BadFile, short_quote
from otklik.intake.mapping.model import ORGANISATION_LEVELS
from otklik.intake.readers.record_file import Record, read_records

COLUMNS = ("code", "level", "territory", "parent", "name", "name_ru", "name_hr", "short", "short_ru", "short_hr")
TERRITORY_LEVELS = {"federal": ("country",), "regional": ("region",), "municipal": ("region", "municipality")}
"""Of which level the territory of an organisation is, by the organisation's level."""


def import_organisations(connection: Connection, path: Path) -> Counter[SaveOutcome]:
    """Add the organisations of a file, or give those that are there its names and parents; how many of each.

    A row has a code, a level (federal, regional, municipal), the code of a territory, a name, perhaps the code of a
    parent, and names and short names in the languages. The caller commits. Raises BadFile for the first row that can't
    be used; then nothing has been written.
    """
    records: dict[str, Record] = {}
    for record in read_records(path, COLUMNS):
        code = record.cells.get("code", "")
        if not code:
            raise BadFile(f"{record.place}: there is no `code`.")
        if code in records:
            raise BadFile(f"{record.place}: {short_quote(code)} is the code of {records[code].place} as well.")
        records[code] = record
    if not records:
        raise BadFile(f"{path.name} has no organisations: expected a row for each.")
    stored, levels = stored_organisations(connection), territory_levels(connection)
    for record in records.values():
        _check(record, records, stored, levels)
    ordered = _parents_first(records, stored)
    return Counter(save_organisation(connection, _columns_of(record.cells)) for record in ordered)


def _check(
    record: Record,
    records: Mapping[str, Record],
    stored: Mapping[str, StoredOrganisation],
    territory_level_by_code: Mapping[str, str],
) -> None:
    cells, place = record.cells, record.place
    for column in ("name", "territory", "level"):
        if not cells.get(column):
            raise BadFile(f"{place}: there is no `{column}`.")
    if cells["level"] not in ORGANISATION_LEVELS:
        raise BadFile(
            f"{place}: the level is {short_quote(cells['level'])}: expected {', '.join(ORGANISATION_LEVELS)}."
        )
    territory_level = territory_level_by_code.get(cells["territory"])
    if territory_level is None:
        raise BadFile(f"{place}: the territory {short_quote(cells['territory'])} is unknown.")
    if territory_level not in TERRITORY_LEVELS[cells["level"]]:
        raise BadFile(f"{place}: a {cells['level']} organisation can't be that of a {territory_level}.")
    parent = cells.get("parent")
    if parent and parent not in records and parent not in stored:
        raise BadFile(f"{place}: the parent {short_quote(parent)} is unknown.")
    known = stored.get(cells["code"])
    for column in ("territory", "level") if known else ():
        if cells[column] != getattr(known, column):
            raise BadFile(
                f"{place}: {short_quote(cells['code'])} has the {column} {getattr(known, column)} here and"
                f" {cells[column]} in the file: it can't change. Give the organisation of the file another code."
            )


def _parents_first(records: Mapping[str, Record], stored: Mapping[str, StoredOrganisation]) -> list[Record]:
    """The records in an order in which each parent is there before its children. Raises BadFile for a circle."""
    parents = {code: organisation.parent for code, organisation in stored.items()}
    parents |= {code: record.cells.get("parent") or None for code, record in records.items()}
    try:
        order = list(
            TopologicalSorter({code: [parent] if parent else [] for code, parent in parents.items()}).static_order()
        )
    except CycleError as error:
        code = next(code for code in error.args[1] if code in records)
        raise BadFile(f"{records[code].place}: {short_quote(code)} would lie below itself.") from error
    return [records[code] for code in order if code in records]


def _columns_of(cells: Mapping[str, str]) -> dict[str, object]:
    short_columns = {"short": "en", "short_ru": "ru", "short_hr": "hr"}
    return {
        **{column: cells[column] for column in ("code", "level", "territory", "name")},
        "parent": cells.get("parent") or None,
        "names": {language: name for language in ("ru", "hr") if (name := cells.get(f"name_{language}"))},
        "short_names": {language: name for column, language in short_columns.items() if (name := cells.get(column))},
    }
