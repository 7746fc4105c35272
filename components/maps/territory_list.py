"""The list beside the territory map, which offers all that the map does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pandas as pd

from components.layout.empty_state import empty_state
from components.tables.column_types import Column
from components.tables.columns import COLUMNS
from components.tables.data_table import data_table
from components.tables.selection import RowClick
from otklik.i18n import _

ROW_HEIGHT = 35  # pixels
NAME_WIDTH, VALUE_WIDTH = 190, 80  # pixels


def territory_list(
    rows: pd.DataFrame, column_titles: tuple[str, str], key: str, max_height: int, on_choose: Callable[[str], None]
) -> None:
    """Show territories with their value, the largest first, those with few cases last; `on_choose` gets a row's code.

    `rows`: components.maps.styling.style_territories. `column_titles`: of names and values. `max_height`: pixels.
    """
    if rows.empty:
        empty_state()
        return
    ordered_rows = rows.sort_values(["sure", "measure"], ascending=[False, False], kind="stable").reset_index(drop=True)
    title = column_titles[1]
    data_table(
        ordered_rows.assign(measure=ordered_rows["measure"].where(ordered_rows["sure"])),
        (
            replace(COLUMNS["name"], title=column_titles[0], width=NAME_WIDTH),
            Column("measure", "", "ratio", VALUE_WIDTH, title=title, texts=value_texts, styles=value_styles),
            COLUMNS["received"],
        ),
        key=key,
        max_rows_shown=(max_height - 2) // ROW_HEIGHT - 1,
        max_height=max_height,
        selection=RowClick(list(ordered_rows["code"]), on_choose),
        placeholder=_("too few"),
        alt_text=_("Territories by {figure}; choosing one opens it").format(figure=title),
    )


def value_texts(rows: pd.DataFrame, _as_of: datetime) -> list[str]:
    """The figure of each territory, or its change, as the map writes it."""
    return list(rows["text"])


def value_styles(rows: pd.DataFrame, _as_of: datetime) -> list[str]:
    """Grey where the cases are too few."""
    return ["" if is_reliable else "color: gray" for is_reliable in rows["sure"]]
