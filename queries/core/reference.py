"""Territories, topics, organisations and words: what codes in an address mean, in the viewer's language."""

import pandas as pd
from sqlalchemy import Table, func, select

from otklik.database import tables
from otklik.database.transactions import frame
from queries.cache.live import known

KINDS: dict[str, Table] = {
    # A name of SQLAlchemy's own kind of text would be kept as another answer.
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
BESIDES = ("parent_id", "territory_id", "level", "timezone", "population", "lon", "lat", "position", "stage_id")


@known
def words(kind: str, language: str) -> pd.DataFrame:
    """One row a thing of a kind, by its id: code, name in the language and, where it has them, its parent_id and level.

    Order: by name, ё as е.
    """
    table = KINDS[kind]
    name = func.coalesce(table.c.names[language].astext, table.c.names["en"].astext, table.c.name)
    extra = [table.c[column] for column in BESIDES if column in table.c]
    order = (func.replace(func.lower(name), "ё", "е"), name)
    return frame(select(table.c.id, table.c.code, name.label("name"), *extra).order_by(*order)).set_index("id")


def ids(kind: str, code: str | None) -> tuple[int, ...] | None:
    """The ids that a code stands for; None for no code, empty for an unknown one.

    A topic stands for those below it as well; an organisation for itself, since what its subordinates hold is theirs.
    """
    if code is None:
        return None
    rows = words(kind, "en")
    found = {int(one) for one in rows.index[rows["code"] == code]}
    added = found if kind == "topic" else set()
    while added:
        added = {int(one) for one in rows.index[rows["parent_id"].isin(added)]} - found
        found |= added
    return tuple(sorted(found))
