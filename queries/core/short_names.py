"""Short names of organisations that keep what distinguishes them, by the territories that their names hold."""

import re

import pandas as pd

from queries.cache.live import reference_data
from queries.core.reference import dimension_members

SEPARATED_NAME = r"(?:\s*[,—–-]\s+{name}|\s*\({name}\))$"
"""A territory's name at the end of an organisation's, behind a comma or dash, or in brackets."""


@reference_data
def names_beside_territory(language: str) -> pd.DataFrame:
    """The name of each organisation where its territory stands beside, and its territory's id, by its own id.

    That is its name without its territory's, where this ends it; a name that is nothing else stays whole.
    """
    organisations = dimension_members("organisation", language)
    territories = dimension_members("territory", language)
    territory_names = territories[["name", "full_name"]].reindex(organisations["territory_id"])
    names = [
        _without_ending(str(name), {str(short_name), str(full_name)})
        for name, short_name, full_name in zip(
            organisations["name"], territory_names["name"], territory_names["full_name"], strict=True
        )
    ]
    return pd.DataFrame(
        {"name": pd.Series(names, organisations.index, dtype=object), "territory_id": organisations["territory_id"]}
    )


@reference_data
def territories_above(language: str) -> dict[int, frozenset[int]]:
    """The ids of each territory and of those above it, by its id."""
    territories = dimension_members("territory", language)
    parent_by_id = {
        territory_id: None if pd.isna(parent) else int(parent)
        for territory_id, parent in zip(territories.index.tolist(), territories["parent_id"].tolist(), strict=True)
    }
    above: dict[int, frozenset[int]] = {}
    for row_id in parent_by_id:
        path: list[int] = []
        current_id: int | None = row_id
        while current_id is not None:
            path.append(current_id)
            current_id = parent_by_id[current_id]
        above[row_id] = frozenset(path)
    return above


def office_names(organisation_ids: "pd.Series[int]", territory_ids: "pd.Series[int]", language: str) -> list[str]:
    """The names of organisations in a list that has a territory beside each, shortened where that says which one.

    An organisation of that territory or of one above it lacks its territory's name; any other keeps it.
    """
    beside = names_beside_territory(language)
    names, short_names = dimension_members("organisation", language)["name"], beside["name"]
    above, places = territories_above(language), beside["territory_id"]
    return [
        str((short_names if places[holder_id] in above[territory_id] else names)[holder_id])
        for holder_id, territory_id in zip(organisation_ids.tolist(), territory_ids.tolist(), strict=True)
    ]


def _without_ending(name: str, territory_names: set[str]) -> str:
    for territory_name in sorted(territory_names, key=len, reverse=True):
        shortened = re.sub(SEPARATED_NAME.format(name=re.escape(territory_name)), "", name)
        if shortened and shortened != name:
            return shortened
    return name
