"""Answers that were rated badly, and what became of them."""

import pandas as pd

from components.layout.empty_state import empty_state
from components.tables.appeals import appeals_table
from otklik.i18n import N_, _

OUTCOME_LABELS = {
    "open": N_("open again"),
    "again": N_("re-opened, closed again"),
    "closed": N_("still closed"),
}


def low_ratings_table(rows: pd.DataFrame) -> None:
    """Appeals rated 1 or 2 and what became of them. `rows`: queries.satisfaction.low_ratings.low_rated_appeals."""
    if rows.empty:
        empty_state(_("No answer was rated 1 or 2 in these days with these filters."))
        return
    columns = {
        "number": (_("Number"), 112),
        "closed_at": (_("Answered"), 108),
        "rated_at": (_("Rated"), 108),
        "rating": (_("Rating"), 70),
        "fate": (_("What became of it"), 180),
        "topic": (_("Topic"), 190),
        "territory": (_("Territory"), 130),
        "organisation": (_("Organisation"), 320),
        "status": (_("Status"), 165),
    }
    display_rows = rows.assign(
        fate=[_(OUTCOME_LABELS[outcome]) for outcome in rows["fate"]], rating=rows["rating"].astype(str)
    )
    appeals_table(display_rows, columns, "low", _("Answers rated 1 or 2, the last one closed first"))
