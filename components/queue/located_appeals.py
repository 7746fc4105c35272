"""The table of open appeals whose place is known to the point."""

import pandas as pd

from components.layout.empty_state import empty_state
from components.tables.appeals import appeals_table
from components.tables.columns import LOCATED, columns_of
from components.tables.row_limit import first_rows_note
from otklik.i18n import _


def located_appeals_table(rows: pd.DataFrame) -> None:
    """Open appeals with their coordinates, newest first.

    `rows`: queries.queue.open_counts.open_appeals_with_location.
    """
    if rows.empty:
        empty_state(_("No open appeal has a point on the map with these filters."))
        return
    appeals_table(rows, columns_of(LOCATED), "points", _("Open appeals with a point on the map, newest first"))
    first_rows_note(len(rows))
