"""The list beside the territory map, which offers all that the map does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from components.layout.empty_state import empty_state
from components.tables.cell_click import code_click
from components.tables.column_types import Column
from components.tables.columns import COLUMNS
from components.tables.data_table import data_table
from components.tables.row_order import chosen_order, ordered_key, worst_first
from components.text.metric_text import NO_VALUE
from otklik.i18n import _

if TYPE_CHECKING:
    from queries.metrics.metric import Metric

ROW_HEIGHT = 35  # pixels
NAME_WIDTH, VALUE_WIDTH = 190, 80  # pixels


def territory_list(
    rows: pd.DataFrame, metric: "Metric", value_title: str, key: str, max_height: int, on_choose: Callable[[str], None]
) -> None:
    """Show territories with their value, the worst first unless the address has another order, few cases last.

    `rows`: components.maps.styling.style_territories. `value_title`: of the values, a metric's or their change.
    `max_height`: pixels. `on_choose` gets the code of the row whose name was clicked.
    """
    if rows.empty:
        empty_state()
        return
    columns = [
        replace(COLUMNS["name"], title=_("Territory"), width=NAME_WIDTH),
        Column(
            metric.id, "", "ratio", VALUE_WIDTH, "measure", title=value_title, texts=value_texts, styles=value_styles
        ),
    ]
    if metric.id != "received":
        columns.append(COLUMNS["received"])
    order = chosen_order(columns, worst_first(metric))
    few = ~rows["sure"] if order.column == metric.id else [False] * len(rows)
    ordered_rows = order.sorted_rows(rows, columns, few).reset_index(drop=True)
    data_table(
        ordered_rows.assign(measure=ordered_rows["measure"].where(ordered_rows["sure"])),
        tuple(columns),
        key=ordered_key(key, order),
        head_sort=order,
        max_rows_shown=(max_height - 2) // ROW_HEIGHT - 1,
        max_height=max_height,
        cell_click=code_click(list(ordered_rows["code"]), on_choose),
        placeholder=NO_VALUE if rows.attrs.get("unknown") else _("too few"),
        alt_text=_("Territories by {figure}; a name opens it").format(figure=value_title),
    )


def value_texts(rows: pd.DataFrame, _as_of: datetime) -> list[str]:
    """The figure of each territory, or its change, as the map writes it."""
    return list(rows["text"])


def value_styles(rows: pd.DataFrame, _as_of: datetime) -> list[str]:
    """Grey where the cases are too few."""
    return ["" if is_reliable else "color: gray" for is_reliable in rows["sure"]]
