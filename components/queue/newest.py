"""The table of the newest appeals."""

from dataclasses import replace
from datetime import datetime

import pandas as pd

from components.layout.empty_state import empty_state
from components.tables.appeals import appeals_table
from components.tables.columns import NEWEST, columns_of
from components.tables.row_limit import last_rows_note
from otklik.i18n import _, formats


def newest_appeals_table(rows: pd.DataFrame, max_rows: int) -> None:
    """Show the newest appeals, newest first, at most `max_rows`; a click on a number opens the appeal.

    `rows`: queries.queue.newest.newest_appeals.
    """
    if rows.empty:
        empty_state(_("No appeal has arrived in these days with these filters."))
        return
    appeals_table(
        rows,
        tuple(replace(column, texts=time_since) if column.key == "ago" else column for column in columns_of(NEWEST)),
        "newest",
        _("The newest appeals, newest first"),
    )
    last_rows_note(len(rows), max_rows)


def time_since(rows: pd.DataFrame, as_of: datetime) -> list[str]:
    """How long ago each appeal was received."""
    return [formats.relative_time(received_at, as_of) for received_at in rows["received_at"]]
