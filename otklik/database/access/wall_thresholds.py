"""Thresholds of the wall's figures that administrators have set, by figure and territory."""

import pandas as pd
from sqlalchemy import text

from otklik.database.refusal import translate_refusals
from otklik.database.transactions import query_dataframe, write_transaction


def all_thresholds() -> pd.DataFrame:
    """One row a figure and territory with numbers of its own: figure, territory (code, empty for all), watch, act."""
    return query_dataframe(
        text("""SELECT figure, coalesce(territory.code, '') AS territory, watch, act
            FROM wall_threshold LEFT JOIN territory ON territory.id = territory_id ORDER BY 1, 2""")
    )


def save_threshold(figure: str, territory: str, levels: tuple[float, float] | None, reason: str = "") -> None:
    """Set above which levels a figure says "watch" and "act" in a territory (empty: all), in the viewer's name.

    Without levels, those of the territory above hold again, or those of the file. Raises DatabaseRefusal.
    """
    watch, act = levels or (None, None)
    values = {"figure": figure, "territory": territory or None, "watch": watch, "act": act, "reason": reason}
    with translate_refusals(), write_transaction() as connection:
        connection.execute(text("SELECT save_threshold(:figure, :territory, :watch, :act, :reason)"), values)
