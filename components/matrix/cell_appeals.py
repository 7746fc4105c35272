"""Appeals of an open cell."""

import pandas as pd

from components.layout.empty_state import empty_state
from components.matrix.labels import PART_LABELS
from components.tables.appeals import appeals_table
from components.tables.columns import TERRITORY_APPEALS, columns_of
from components.tables.row_limit import first_rows_note
from otklik.i18n import _

MOMENT_WIDTH = 110  # pixels
MAX_ROWS_SHOWN = 10
MOMENT_COLUMNS = {
    "late": ("deadline_at", "closed_at"),
    "returned": ("closed_at",),
    "low_rated": ("rating", "closed_at"),
}
"""By what the matrix is coloured by, besides the moment of the receipt; the deadline unless given."""


def appeals_title(value: str) -> str:
    """What the list has: those received, or those behind a part of the harm."""
    part = PART_LABELS.get(value) if value in MOMENT_COLUMNS else None
    return _("Appeals of the cell: {figure}").format(figure=_(part)) if part else _("Appeals of the cell")


def cell_appeals_table(rows: pd.DataFrame, value: str, key: str) -> None:
    """Show the appeals, each with its number as a link. `rows`: queries.matrix.cell_details.sample_appeals."""
    if rows.empty:
        empty_state()
        return
    columns = columns_of(TERRITORY_APPEALS | dict.fromkeys(MOMENT_COLUMNS.get(value, ("deadline_at",)), MOMENT_WIDTH))
    appeals_table(rows, columns, key, _("Appeals; a click on a number opens one"), max_rows_shown=MAX_ROWS_SHOWN)
    first_rows_note(len(rows))
