"""How many people of each age and sex live in each municipality, from a file of official statistics."""

import csv
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import psycopg

from otklik.database.functions.votes import AGE_BANDS, FEMALE, MALE, age_band

COLUMNS = ("territory", "sex", "age", "people")
SEXES = {"male": MALE, "female": FEMALE}
MAX_AGE = 150
MAX_SOURCE_LENGTH = 200


class UnusableFile(Exception):
    """The file has no population that could be used. The message says why."""


class Group(NamedTuple):
    """People of a municipality, by its code, of an age band and a sex."""

    territory: str
    age_band: int
    sex: int


def import_population(connection: psycopg.Connection, path: Path) -> int:
    """Replace the population of each territory in a CSV file; returns how many territories these are.

    Columns: territory (code of a municipality), sex (male or female), age (a year, or the first one of a band), people.
    Ages under 14 are left out. The file's name is the source. Raises UnusableFile.
    """
    people = _read(path)
    codes = sorted({group.territory for group in people})
    rows = connection.execute(
        "SELECT code, id FROM territory WHERE code = ANY(%s) AND level = 'municipality'", (codes,)
    ).fetchall()
    ids: dict[str, int] = dict(rows)
    if unknown := [code for code in codes if code not in ids]:
        raise UnusableFile(f"No municipality has the code {unknown[0]} ({len(unknown)} unknown codes).")
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM population_group WHERE territory_id = ANY(%s)", (list(ids.values()),))
        cursor.executemany(
            "INSERT INTO population_group (territory_id, age_band, sex, people, source) VALUES (%s, %s, %s, %s, %s)",
            [
                (ids[code], band, sex, people[Group(code, band, sex)], path.name[:MAX_SOURCE_LENGTH])
                for code in codes
                for band in AGE_BANDS
                for sex in SEXES.values()
            ],
        )
    return len(codes)


def _read(path: Path) -> Counter[Group]:
    people: Counter[Group] = Counter()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                raise UnusableFile(f"The file has no column {missing[0]}: it needs {', '.join(COLUMNS)}.")
            for number, row in enumerate(reader, 2):
                sex, age, count = row["sex"], row["age"] or "", row["people"] or ""
                if sex not in SEXES or not age.isdecimal() or int(age) > MAX_AGE or not count.isdecimal():
                    raise UnusableFile(
                        f"Line {number}: sex is male or female, age a year up to {MAX_AGE}, and people a whole number."
                    )
                if age_band(int(age)):
                    people[Group(row["territory"], age_band(int(age)), SEXES[sex])] += int(count)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnusableFile(f"The file is no CSV in UTF-8: {error}.") from error
    if not people:
        raise UnusableFile("The file has nobody of 14 years or older.")
    return people
