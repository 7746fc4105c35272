"""People: lists of them, and the functions that change them in the viewer's name."""

import pandas as pd

from otklik.database.access import devices
from otklik.database.access import people as person_store
from otklik.database.access.people import add_person, change_person
from otklik.errors import DatabaseRefusal
from otklik.permissions import ROLES
from queries.core.reference import dimension_members

__all__ = [
    "ROLES",
    "DatabaseRefusal",
    "add_person",
    "change_person",
    "device_names",
    "matching_people",
    "person_names",
    "territory_names",
]


def matching_people(search_text: str = "") -> pd.DataFrame:
    """One row per person whose name or e-mail address contains the text, by name.

    Columns: otklik.database.access.people.all_people. Empty for viewers who can't administer people.
    """
    rows = person_store.all_people()
    if not search_text.strip():
        return rows
    needle = search_text.strip().casefold()
    searchable = rows["name"].str.cat(rows["email"].fillna(""), sep="\n").map(str.casefold)
    return rows[searchable.str.contains(needle, regex=False)].reset_index(drop=True)


def person_names() -> dict[int, str]:
    """The name of each person by id."""
    rows = person_store.all_people()
    return dict(zip(rows["id"].map(int), rows["name"].map(str), strict=True))


def device_names() -> dict[int, str]:
    """The name of each device by id."""
    rows = devices.all_devices()
    return dict(zip(rows["id"].map(int), rows["name"].map(str), strict=True))


def territory_names(language: str) -> dict[str, str]:
    """The name of each territory by its code, with its region for a municipality; by level, then by name."""
    rows = dimension_members("territory", language)
    levels = ["country", "district", "region", "municipality"]
    ordered_rows = rows.assign(order=rows["level"].map(levels.index)).sort_values("order", kind="stable")
    names = {str(code): str(name) for code, name in zip(ordered_rows["code"], ordered_rows["name"], strict=True)}
    municipalities = ordered_rows[ordered_rows["level"] == "municipality"]
    for code, parent in zip(municipalities["code"], municipalities["parent_id"], strict=True):
        names[code] += f" · {rows['name'][parent]}"
    return names
