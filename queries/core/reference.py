"""Reference data: the members of each dimension, their names in a language, and the ids that codes stand for."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Table, func, select

from otklik.database import tables
from otklik.database.transactions import query_dataframe
from queries.cache.live import reference_data

Jurisdiction = tuple[str | None, str | None]
DIMENSION_TABLES: dict[str, Table] = {
    # Plain str: SQLAlchemy's quoted_name has another repr, which would be another cache key.
    str(table.name): table
    for table in (
        tables.territory,
        tables.organisation,
        tables.topic,
        tables.channel,
        tables.regime,
        tables.status,
        tables.stage,
        tables.source,
        tables.outcome,
    )
}
OPTIONAL_COLUMNS = (
    "parent_id",
    "territory_id",
    "level",
    "timezone",
    "population",
    "lon",
    "lat",
    "position",
    "stage_id",
    "lacking",
    "resolution_days",
    "service_position",
)


@reference_data
def dimension_members(dimension: str, language: str) -> pd.DataFrame:
    """One row per member of a dimension, indexed by id: code, name in the language, and those of `OPTIONAL_COLUMNS`.

    A territory's and an organisation's `name` is the short one where there is one; `full_name` is the whole one. An
    organisation without a short name of its own has the short name of its territory, or of one above it, in place of
    the whole one. Ordered by name, with ё as е. Raises KeyError for an unknown dimension.
    """
    table = DIMENSION_TABLES[dimension]
    full_name = func.coalesce(table.c.names[language].astext, table.c.names["en"].astext, table.c.name)
    name = full_name
    if "short_names" in table.c:
        name = func.coalesce(
            table.c.short_names[language].astext,
            table.c.names[language].astext,
            table.c.short_names["en"].astext,
            full_name,
        )
    extra_columns = [table.c[column] for column in OPTIONAL_COLUMNS if column in table.c]
    sort_columns = (func.replace(func.lower(name), "ё", "е"), name)
    rows = query_dataframe(
        select(table.c.id, table.c.code, name.label("name"), full_name.label("full_name"), *extra_columns).order_by(
            *sort_columns
        )
    ).set_index("id")
    if dimension == "organisation":
        rows["name"] = _with_short_territories(rows, dimension_members("territory", language))
    return rows


def member_ids(dimension: str, code: str | None) -> tuple[int, ...] | None:
    """The ids that a code stands for, sorted; None without a code, empty for an unknown one.

    A topic includes the topics below it. An organisation doesn't include its subordinates: appeals that they hold are
    theirs.
    """
    if code is None:
        return None
    rows = dimension_members(dimension, "en")
    member_set = {int(member_id) for member_id in rows.index[rows["code"] == code]}
    newly_added = member_set if dimension == "topic" else set()
    while newly_added:
        newly_added = {int(member_id) for member_id in rows.index[rows["parent_id"].isin(newly_added)]} - member_set
        member_set |= newly_added
    return tuple(sorted(member_set))


def _with_short_territories(rows: pd.DataFrame, territories: pd.DataFrame) -> list[str]:
    """The names of organisations, with the short names of their territories and of those above."""
    short_by_id = {
        territory_id: (full_name, name)
        for territory_id, name, full_name in zip(
            territories.index, territories["name"], territories["full_name"], strict=True
        )
        if name != full_name
    }
    parents = territories["parent_id"].to_dict()
    names = rows["name"].tolist()
    for position, territory_id in enumerate(rows["territory_id"].tolist()):
        current_id: Any = territory_id
        while not pd.isna(current_id):
            if current_id in short_by_id:
                names[position] = names[position].replace(*short_by_id[current_id])
            current_id = parents.get(current_id)
    return names


def jurisdiction_of(region_ids: Sequence[int]) -> Jurisdiction:
    """The codes of the country and of the region by whose calendar working days are counted.

    The country is None where the regions lie in several, or in none; the region is None where there are several.
    """
    by_region = jurisdictions(region_ids)
    countries = {country for country, _ in by_region.values()}
    regions = [region for _, region in by_region.values()]
    return (countries.pop() if len(countries) == 1 else None), (regions[0] if len(regions) == 1 else None)


def jurisdictions(region_ids: Sequence[int]) -> dict[int, Jurisdiction]:
    """By region id: the codes of its country and of the region itself; the country is None where it lies in none."""
    rows = dimension_members("territory", "en")
    parent_ids = {
        territory_id: None if pd.isna(parent_id) else int(parent_id)
        for territory_id, parent_id in zip(rows.index.tolist(), rows["parent_id"].tolist(), strict=True)
    }
    codes, levels = rows["code"].to_dict(), rows["level"].to_dict()
    tops = {region_id: _topmost(region_id, parent_ids) for region_id in region_ids}
    return {
        region_id: (str(codes[top]) if levels[top] == "country" else None, str(codes[region_id]))
        for region_id, top in tops.items()
    }


def _topmost(territory_id: int, parent_ids: dict[int, int | None]) -> int:
    while (parent_id := parent_ids.get(territory_id)) is not None:
        territory_id = parent_id
    return territory_id
