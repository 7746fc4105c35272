"""Writing the demo's territories, organisations and topics into the database."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from otklik.database.functions.services import add_services
from otklik.demo.catalogue_data import Row, catalogue_data, office_territories, organisation_code, russian_territories

Entry = dict[str, Any]
"""Columns of a row to insert, with the parent's code."""

INSERT_TERRITORIES = """
    INSERT INTO territory (parent_id, level, code, name, names, short_names, timezone, population, lon, lat)
    SELECT parent.id, v.level, v.code, v.name, v.names, v.short_names, v.timezone, v.population, v.lon, v.lat
    FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS v (
        parent text, level text, code text, name text, names jsonb, short_names jsonb,
        timezone text, population integer, lon float, lat float)
    LEFT JOIN territory AS parent ON parent.code = v.parent
    ON CONFLICT (code) DO NOTHING"""
INSERT_ORGANISATIONS = """
    INSERT INTO organisation (parent_id, territory_id, level, code, name, names, short_names)
    SELECT parent.id, territory.id, v.level, v.code, v.name, v.names, v.short_names
    FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS v (
        parent text, territory text, level text, code text, name text, names jsonb, short_names jsonb)
    JOIN territory ON territory.code = v.territory
    LEFT JOIN organisation AS parent ON parent.code = v.parent
    ON CONFLICT (code) DO NOTHING"""
INSERT_TOPICS = """
    INSERT INTO topic (parent_id, level, code, name, names)
    SELECT parent.id, v.level, v.code, v.name, v.names
    FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS v (
        parent text, level smallint, code text, name text, names jsonb)
    LEFT JOIN topic AS parent ON parent.code = v.parent
    ON CONFLICT (code) DO NOTHING"""
SERVICES = ("health.vaccination", "health.ambulance", "schools.meals")
"""The topics of the demo that are services."""


def write_catalogue(connection: Connection) -> None:
    """Write territories, organisations and topics; existing ones stay as they are."""
    for statement, entry_levels in (
        (INSERT_TERRITORIES, _territory_levels()),
        (INSERT_ORGANISATIONS, _organisation_levels()),
        (INSERT_TOPICS, _topic_levels()),
    ):
        for entries in entry_levels:
            connection.execute(text(statement), {"entries": json.dumps(entries)})
    add_services(connection, SERVICES)


def catalogue_codes() -> dict[str, list[str]]:
    """The codes of the demo's topics, organisations and territories, by table: those that refer to others first."""
    entry_levels = {"topic": _topic_levels(), "organisation": _organisation_levels(), "territory": _territory_levels()}
    return {table: [entry["code"] for entries in levels for entry in entries] for table, levels in entry_levels.items()}


def name_columns(row: Row) -> Entry:
    """The English name, and the names by language."""
    translations = {language: row[f"name_{language}"] for language in ("en", "ru", "hr")}
    return {"name": translations["en"], "names": translations}


def short_names(row: Row) -> dict[str, str]:
    """The short names by language, of those languages that have one."""
    return {language: name for language in ("en", "ru", "hr") if (name := row.get(f"short_{language}"))}


def _territory_levels() -> Iterable[list[Entry]]:
    """Territories level by level, the country first."""
    catalogue_rows = catalogue_data()
    for level in ("country", "district", "region"):
        yield [
            _territory_entry(row, row["parent"] or None, level, row["timezone"]) for row in russian_territories(level)
        ]
    timezone_by_region = {row["code"]: row["timezone"] for row in catalogue_rows.regions}
    yield [
        _territory_entry(row, row["region"], "municipality", timezone_by_region[row["region"]])
        for row in catalogue_rows.municipalities
    ]


def _territory_entry(row: Row, parent: str | None, level: str, timezone: str) -> Entry:
    columns: Entry = {"population": int(row["population"]), "lon": float(row["lon"]), "lat": float(row["lat"])}
    columns |= name_columns(row) | {"short_names": short_names(row)}
    return {"parent": parent, "level": level, "code": row["code"], "timezone": timezone, **columns}


def _organisation_levels() -> Iterable[list[Entry]]:
    """Organisations level by level, parents first."""
    catalogue_rows = catalogue_data()
    for parent_office in ("cabinet", "government", "city", None):
        yield [
            _organisation_entry(office, territory)
            for office in catalogue_rows.offices
            if office["office"] == parent_office
            or (parent_office is None and office["office"] not in {"cabinet", "government", "city"})
            for territory in office_territories(office, catalogue_rows.regions, catalogue_rows.municipalities)
        ]


def _organisation_entry(office: Row, territory: Row | None) -> Entry:
    """An organisation, named for its office and territory."""
    entry = {"code": organisation_code(office, territory), "level": office["level"]}
    if territory is None:
        parent = None if office["office"] == "cabinet" else "RU:cabinet"
        office_names = {**name_columns(office), "short_names": short_names(office)}
        return {**entry, **office_names, "territory": "RU", "parent": parent}
    territory_names = {
        "en": territory["name_en"],
        "ru": territory["name_ru"].removeprefix("Республика "),
        "hr": territory["name_hr"],
    }
    translations = {
        language: f"{office[f'name_{language}']}, {territory_names[language]}" for language in territory_names
    }
    shorter = {language: territory_names[language] for language in short_names(office)} | short_names(territory)
    parent = {
        "government": None,
        "city": f"{territory.get('region')}:government",
        "utility": f"{territory['code']}:city",
    }.get(office["office"], f"{territory['code']}:government")
    return {
        **entry,
        "name": translations["en"],
        "names": translations,
        "short_names": {
            language: f"{office.get(f'short_{language}') or office[f'name_{language}']}, {name}"
            for language, name in shorter.items()
        },
        "territory": territory["code"],
        "parent": parent,
    }


def _topic_levels() -> Sequence[list[Entry]]:
    """Topics level by level, categories first."""
    levels: list[list[Entry]] = [[], [], []]
    for row in catalogue_data().topics:
        parent = row["code"].rpartition(".")[0]
        depth = row["code"].count(".")
        levels[depth].append({"parent": parent or None, "level": depth + 1, "code": row["code"], **name_columns(row)})
    return levels
