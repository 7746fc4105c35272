"""A list of appeals, each with its number as a link to its page."""

from collections.abc import Callable

import pandas as pd

from components.tables.cell_click import CellClick
from components.tables.column_types import Column
from components.tables.data_table import data_table
from components.tables.selection import HeadOrder, RowChoice
from components.url.open_appeal import request_appeal
from otklik.i18n import _

MAX_ROWS_SHOWN = 11
TABLE_HEIGHT = 430  # pixels


def appeals_table(  # noqa: PLR0913 -- as data_table
    rows: pd.DataFrame,
    columns: tuple[Column, ...],
    key: str,
    alt_text: str,
    *,
    max_rows_shown: int = MAX_ROWS_SHOWN,
    max_height: int = TABLE_HEIGHT,
    selection: RowChoice | None = None,
    head_sort: HeadOrder | None = None,
    request_row: Callable[[int], None] | None = None,
) -> None:
    """The rows, one an appeal, in live fragments: these open the appeal that a callback has requested.

    `request_row` requests the page of the appeal at a position of the rows, by default by its number.
    """

    def request_number(position: int) -> None:
        request_appeal(str(rows["number"].iloc[position]))

    data_table(
        rows,
        columns,
        key=key,
        max_rows_shown=max_rows_shown,
        max_height=max_height,
        selection=selection,
        head_sort=head_sort,
        cell_click=CellClick("number", request_row or request_number, _("Open the appeal")),
        alt_text=alt_text,
    )
