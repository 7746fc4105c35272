"""Territories, organisations and topics of the demo, written into the database."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from otklik.demo.sheets import Row, organisation_code, places, russia, sheets

Entry = dict[str, Any]

TERRITORY = """
    INSERT INTO territory (parent_id, level, code, name, names, timezone, population, lon, lat)
    SELECT parent.id, v.level, v.code, v.name, v.names, v.timezone, v.population, v.lon, v.lat
    FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS v (
        parent text, level text, code text, name text, names jsonb,
        timezone text, population integer, lon float, lat float)
    LEFT JOIN territory AS parent ON parent.code = v.parent
    ON CONFLICT (code) DO NOTHING"""
ORGANISATION = """
    INSERT INTO organisation (parent_id, territory_id, level, code, name, names)
    SELECT parent.id, territory.id, v.level, v.code, v.name, v.names
    FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS v (
        parent text, territory text, level text, code text, name text, names jsonb)
    JOIN territory ON territory.code = v.territory
    LEFT JOIN organisation AS parent ON parent.code = v.parent
    ON CONFLICT (code) DO NOTHING"""
TOPIC = """
    INSERT INTO topic (parent_id, level, code, name, names)
    SELECT parent.id, v.level, v.code, v.name, v.names
    FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS v (
        parent text, level smallint, code text, name text, names jsonb)
    LEFT JOIN topic AS parent ON parent.code = v.parent
    ON CONFLICT (code) DO NOTHING"""


def catalogue(connection: Connection) -> None:
    """Write the demo's territories, organisations and topics; those that exist stay as they are."""
    for statement, levels in (
        (TERRITORY, _territories()),
        (ORGANISATION, _organisations()),
        (TOPIC, _topics()),
    ):
        for entries in levels:
            connection.execute(text(statement), {"entries": json.dumps(entries)})


def names(row: Row) -> Entry:
    """The name columns of an entry."""
    words = {language: row[f"name_{language}"] for language in ("en", "ru", "hr")}
    return {"name": words["en"], "names": words}


def _territories() -> Iterable[list[Entry]]:
    """Levels of the territory tree, the country first."""
    data = sheets()
    for level in ("country", "district", "region"):
        yield [_place(row, row["parent"] or None, level, row["timezone"]) for row in russia(level)]
    zone = {row["code"]: row["timezone"] for row in data.regions}
    yield [_place(row, row["region"], "municipality", zone[row["region"]]) for row in data.municipalities]


def _place(row: Row, parent: str | None, level: str, timezone: str) -> Entry:
    """A territory."""
    at = {"population": int(row["population"]), "lon": float(row["lon"]), "lat": float(row["lat"])}
    return {"parent": parent, "level": level, "code": row["code"], "timezone": timezone, **names(row), **at}


def _organisations() -> Iterable[list[Entry]]:
    """Levels of the organisation tree: heads before what is under them."""
    data = sheets()
    for head in ("cabinet", "government", "city", None):
        yield [
            _organisation(office, place)
            for office in data.offices
            if office["office"] == head or (head is None and office["office"] not in {"cabinet", "government", "city"})
            for place in places(office, data.regions, data.municipalities)
        ]


def _organisation(office: Row, place: Row | None) -> Entry:
    """One organisation: the name of its office and of its place."""
    entry = {"code": organisation_code(office, place), "level": office["level"]}
    if place is None:
        parent = None if office["office"] == "cabinet" else "RU:cabinet"
        return {**entry, **names(office), "territory": "RU", "parent": parent}
    where = {"en": place["name_en"], "ru": place["name_ru"].removeprefix("Республика "), "hr": place["name_hr"]}
    words = {language: f"{office[f'name_{language}']}, {where[language]}" for language in where}
    parent = {"government": None, "city": f"{place.get('region')}:government", "utility": f"{place['code']}:city"}.get(
        office["office"], f"{place['code']}:government"
    )
    return {**entry, "name": words["en"], "names": words, "territory": place["code"], "parent": parent}


def _topics() -> Sequence[list[Entry]]:
    """Levels of the topic tree."""
    levels: list[list[Entry]] = [[], [], []]
    for row in sheets().topics:
        parent, _, _ = row["code"].rpartition(".")
        depth = row["code"].count(".")
        levels[depth].append({"parent": parent or None, "level": depth + 1, "code": row["code"], **names(row)})
    return levels
