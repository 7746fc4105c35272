"""A table of answers rated low, with their outcomes."""

import pandas as pd

from components.layout.empty_state import empty_list
from components.tables.appeals import appeals_table
from components.tables.columns import LOW_RATINGS, columns_of
from components.tables.row_limit import last_rows_note
from otklik.i18n import N_, _

OUTCOME_LABELS = {
    "open": N_("open again"),
    "again": N_("re-opened, closed again"),
    "closed": N_("still closed"),
}


def low_ratings_table(rows: pd.DataFrame, max_rows: int) -> None:
    """Show ratings of 1 or 2 with the outcomes of their appeals, at most `max_rows`.

    `rows`: queries.satisfaction.low_ratings.low_rated_appeals.
    """
    if rows.empty:
        empty_list(_("No answer was rated 1 or 2 in these days with these filters."), "low")
        return
    outcomes = [_(OUTCOME_LABELS[outcome]) for outcome in rows["fate"]]
    appeals_table(
        rows.assign(fate=outcomes),
        columns_of(LOW_RATINGS),
        "low",
        _("Answers rated 1 or 2, the last one rated first"),
    )
    last_rows_note(len(rows), max_rows)
