"""The table of open appeals whose place is known to the point."""

import pandas as pd

from components.layout.empty_state import empty_state
from components.tables.columns import LOCATED, columns_of
from components.tables.data_table import data_table
from components.tables.row_limit import first_rows_note
from components.url.open_appeal import open_clicked_appeal
from otklik.i18n import _

MAX_ROWS_SHOWN = 11
TABLE_HEIGHT = 460  # pixels


def located_appeals_table(rows: pd.DataFrame) -> None:
    """Open appeals with their coordinates, newest first.

    `rows`: queries.queue.open_counts.open_appeals_with_location.
    """
    if rows.empty:
        empty_state(_("No open appeal has a point on the map with these filters."))
        return
    clicked = data_table(
        rows,
        columns_of(LOCATED),
        key="points",
        click_key="points-number",
        max_rows_shown=MAX_ROWS_SHOWN,
        max_height=TABLE_HEIGHT,
        alt_text=_("Open appeals with a point on the map, newest first"),
    )
    open_clicked_appeal(rows, clicked)
    first_rows_note(len(rows))
