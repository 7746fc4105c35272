"""A person's saved views of the queue: a name for a query string."""

import pandas as pd
from sqlalchemy import func, select, text

from otklik.database.refusal import translate_refusals
from otklik.database.tables import saved_view
from otklik.database.transactions import query_dataframe, write_transaction


def own() -> pd.DataFrame:
    """One row per view of the viewer: id, name, address (the query string); by name."""
    order = (func.replace(func.lower(saved_view.c.name), "ё", "е"), saved_view.c.id)
    return query_dataframe(select(saved_view.c.id, saved_view.c.name, saved_view.c.address).order_by(*order))


def save(name: str, address: str) -> int:
    """Save an address under a name, in place of a view of that name; returns the id. Raises DatabaseRefusal."""
    with translate_refusals(), write_transaction() as connection:
        return int(
            connection.execute(
                text("SELECT save_view(:name, :address)"), {"name": name, "address": address}
            ).scalar_one()
        )


def rename(view: int, name: str) -> None:
    """Rename one of the viewer's views. Raises DatabaseRefusal."""
    with translate_refusals(), write_transaction() as connection:
        connection.execute(text("SELECT rename_view(:view, :name)"), {"view": view, "name": name})


def delete(view: int) -> None:
    """Delete one of the viewer's views. Raises DatabaseRefusal."""
    with translate_refusals(), write_transaction() as connection:
        connection.execute(text("SELECT delete_view(:view)"), {"view": view})
