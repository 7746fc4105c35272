"""The order of tables of members by a figure: chosen by their heads, held in the address, few cases last in each.

Streamlit's grid would sort rows without a number first, and forget the order with the next refresh.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from components.tables.column_types import Column
from components.tables.columns import COLUMNS
from components.url import query_params

if TYPE_CHECKING:
    from queries.metrics.metric import Metric

PARAM = "order"
FROM_GREATEST = "_last"
"""The end of the parameter's value where the greatest comes first; `sort` of the queue has it too."""


class RowOrder(NamedTuple):
    """The column that rows are ordered by, and whether the greatest comes first."""

    column: str
    is_descending: bool

    @property
    def param_value(self) -> str:
        """The order as the address has it."""
        return self.column + (FROM_GREATEST if self.is_descending else "")

    @property
    def is_as_given(self) -> bool:
        """Whether the rows stay as the query orders them."""
        return not self.column

    def titled(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """The columns, the one that the table is ordered by with an arrow."""
        arrow = "↓" if self.is_descending else "↑"
        return tuple(
            replace(column, title=f"{column.heading()} {arrow}") if column.key == self.column else column
            for column in columns
        )

    def sort_by(self, column_key: str) -> None:
        """Write the order by a column into the address: from its least value, or the other way round."""
        is_descending = column_key == self.column and not self.is_descending
        query_params.write(**{PARAM: RowOrder(column_key, is_descending).param_value})

    def sorted_rows(self, rows: pd.DataFrame, columns: Sequence[Column], few: Collection[bool]) -> pd.DataFrame:
        """The rows in this order, those of few cases and without a value after all others. `few`: one a row."""
        if self.is_as_given:
            return rows
        source = next(column.source_name for column in columns if column.key == self.column)
        values = rows[source].str.casefold() if pd.api.types.is_string_dtype(rows[source]) else rows[source]
        order = pd.DataFrame({"last": list(few), "value": values.to_numpy()}, index=range(len(rows)))
        order["last"] |= order["value"].isna()
        order = order.sort_values(["last", "value"], ascending=[True, not self.is_descending], kind="stable")
        return rows.iloc[order.index]


AS_GIVEN = RowOrder("", is_descending=True)


def worst_first(metric: "Metric") -> RowOrder:
    """The order from the worst value of a figure; from the greatest of one that has no good direction."""
    return RowOrder(metric.id, metric.better != "up")


def order_codes(metric_ids: Collection[str]) -> tuple[str, ...]:
    """All values of the parameter on a page whose tables have these figures besides other columns."""
    return tuple(order.param_value for order in _orders({*COLUMNS, *metric_ids}))


def chosen_order(columns: Sequence[Column], default: RowOrder) -> RowOrder:
    """The order in the address, or the default where it names none of these columns, but perhaps another table's."""
    orders = {order.param_value: order for order in _orders(column.key for column in columns)}
    return orders.get(st.query_params.get(PARAM, ""), default)


def _orders(keys: Iterable[str]) -> list[RowOrder]:
    return [RowOrder(key, is_descending) for key in keys for is_descending in (False, True)]


def ordered_key(key: str, order: RowOrder) -> str:
    """The key of a table in an order: another widget in each, so that no head stays selected."""
    params = [st.query_params.get(name, "") for name in ("territory", "organisation")]
    return "-".join([key, order.param_value, *params])
