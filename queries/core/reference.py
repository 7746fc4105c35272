"""Reference data: the members of each dimension, their names in a language, and the ids that codes stand for."""

import pandas as pd
from sqlalchemy import Table, func, select

from otklik.database import tables
from otklik.database.transactions import query_dataframe
from queries.cache.live import reference_data

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
)


@reference_data
def dimension_members(dimension: str, language: str) -> pd.DataFrame:
    """One row per member of a dimension, indexed by id: code, name in the language, and those of `OPTIONAL_COLUMNS`.

    Ordered by name, with ё as е. Raises KeyError for an unknown dimension.
    """
    table = DIMENSION_TABLES[dimension]
    name = func.coalesce(table.c.names[language].astext, table.c.names["en"].astext, table.c.name)
    extra_columns = [table.c[column] for column in OPTIONAL_COLUMNS if column in table.c]
    sort_columns = (func.replace(func.lower(name), "ё", "е"), name)
    return query_dataframe(
        select(table.c.id, table.c.code, name.label("name"), *extra_columns).order_by(*sort_columns)
    ).set_index("id")


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
