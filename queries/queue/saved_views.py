"""The views of the queue that each person keeps: a name for an address."""

import pandas as pd
from sqlalchemy import func, select, text

from otklik.database.refusal import translate_refusals
from otklik.database.tables import saved_view
from otklik.database.transactions import query_dataframe, write_transaction


def own() -> pd.DataFrame:
    """One row a view of the viewer's own: id, name, address; by name."""
    order = (func.replace(func.lower(saved_view.c.name), "ё", "е"), saved_view.c.id)
    return query_dataframe(select(saved_view.c.id, saved_view.c.name, saved_view.c.address).order_by(*order))


def save(name: str, address: str) -> int:
    """Keep an address under a name, in place of the view that has it already; returns its id. Raises Refused."""
    with translate_refusals(), write_transaction() as connection:
        return int(
            connection.execute(
                text("SELECT save_view(:name, :address)"), {"name": name, "address": address}
            ).scalar_one()
        )


def rename(view: int, name: str) -> None:
    """Give one's own view another name. Raises Refused."""
    with translate_refusals(), write_transaction() as connection:
        connection.execute(text("SELECT rename_view(:view, :name)"), {"view": view, "name": name})


def delete(view: int) -> None:
    """Forget one's own view. Raises Refused."""
    with translate_refusals(), write_transaction() as connection:
        connection.execute(text("SELECT delete_view(:view)"), {"view": view})
