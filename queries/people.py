"""People and wall screens, and changing them in the viewer's name."""

import pandas as pd

from otklik.database import devices
from otklik.database import people as known
from otklik.database.devices import enrol, revoke
from otklik.database.people import add, change
from otklik.database.refusal import Refused
from otklik.database.roles import ROLES
from queries.core.reference import words

__all__ = ["ROLES", "Refused", "add", "change", "enrol", "listed", "named", "revoke", "screens", "territories"]


def listed(search_text: str = "") -> pd.DataFrame:
    """One row a person whose name or e-mail has the text in it, by name: as otklik.database.people.listed.

    Empty for who may not administer people.
    """
    rows = known.listed()
    if not search_text.strip():
        return rows
    needle = search_text.strip().casefold()
    searchable = rows["name"].str.cat(rows["email"].fillna(""), sep="\n").map(str.casefold)
    return rows[searchable.str.contains(needle, regex=False)].reset_index(drop=True)


def named() -> dict[int, str]:
    """Each person's name by their id."""
    rows = known.listed()
    return dict(zip(rows["id"].map(int), rows["name"].map(str), strict=True))


def screens() -> pd.DataFrame:
    """One row a device, newest first: as otklik.database.devices.listed."""
    return devices.listed()


def territories(language: str) -> dict[str, str]:
    """Every territory's name by its code, in which region a municipality lies; larger ones first, each by name."""
    rows = words("territory", language)
    levels = ["country", "district", "region", "municipality"]
    ordered_rows = rows.assign(order=rows["level"].map(levels.index)).sort_values("order", kind="stable")
    names = {str(code): str(name) for code, name in zip(ordered_rows["code"], ordered_rows["name"], strict=True)}
    municipalities = ordered_rows[ordered_rows["level"] == "municipality"]
    for code, parent in zip(municipalities["code"], municipalities["parent_id"], strict=True):
        names[code] += f" · {rows['name'][parent]}"
    return names
