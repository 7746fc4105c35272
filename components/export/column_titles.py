"""The columns of chart rows that files get, with their titles; a column that isn't here is for drawing alone."""

from components.tables.columns import COLUMNS

EXPORTED_COLUMNS = (
    *("number", "day", "hour", "name", "row", "column", "state", "stage", "topic", "territory", "organisation"),
    *("channel", "rating", "status", "received_at", "deadline_at", "appeals", "received", "closed", "resolved"),
    *(
        "on_time",
        "backlog",
        "open",
        "within",
        "at_risk",
        "overdue",
        "due",
        "met",
        "today",
        "usual",
        "usual_low",
        "usual_high",
        "rated",
        "rating_mean",
    ),
    *(
        "on_time_rate",
        "resolved_share",
        "resolution_rate",
        "reopened_rate",
        "overdue_share",
        "answer_mean",
        "satisfaction",
        "coverage",
    ),
    *("option", "ballots", "low", "high", "share", "phase", "comments", "reactions"),
)
COLUMN_TITLES = {key: COLUMNS[key].label for key in EXPORTED_COLUMNS}
"""The title of each column: a message to translate."""
# Besides those of the registry, figures of the catalogue that only league tables show.
SHARE_COLUMNS = frozenset(
    {
        *("closed_on_time_rate", "breach_rate", "redirect_rate", "first_assignment_rate", "fast_share", "low_share"),
        *(column.key for column in COLUMNS.values() if column.type == "share"),
    }
)
