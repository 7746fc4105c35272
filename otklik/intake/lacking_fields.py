"""Fields that a mapping doesn't fill, and the figures that can't be known without them."""

from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from otklik.intake.mapping import ImportMapping

COLUMN_NAMES = ("deadline_at", "first_holder", "rating")
RULE_NAMES = ("outcome", "reopened", "regime")
FIGURES_BY_FIELD = {
    "outcome": ("Resolved", "Resolution rate", "Explained, then re-opened"),
    "deadline_at": (
        "On time", "Closed by the deadline", "Late", "Closed on time", "Overdue", "Overdue share", "Within time",
        "At risk", "Time allowed", "Closed in the last hour",
    ),
    "rating": ("Satisfaction", "Rated", "Mean rating", "Ratings", "Low ratings"),
    "reopened": ("Re-opened", "Explained, then re-opened"),
    "first_holder": ("Redirected", "Right at first"),
    "regime": ("Fast track",),
}  # fmt: skip
"""Names of the figures (queries.metrics.catalogue) that are unknown without a field. A test compares both."""


def lacking_fields(mapping: ImportMapping) -> tuple[str, ...]:
    """The fields of `FIGURES_BY_FIELD` that the mapping doesn't fill."""
    filled = {name for name in COLUMN_NAMES if name in mapping.columns}
    filled |= {name for name in RULE_NAMES if mapping.code_rules[name]}
    return tuple(field for field in FIGURES_BY_FIELD if field not in filled)


def lacking_warnings(mapping: ImportMapping) -> list[str]:
    """One sentence per lacking field: the figures that will be unknown, and what would fill them."""
    return [
        f"Unknown on the screens for want of “{field}”: {', '.join(FIGURES_BY_FIELD[field])}."
        f" {'A [[' + field + ']]' if field in RULE_NAMES else '`' + field + '` in [columns]'} of the mapping fills"
        f" {'them' if len(FIGURES_BY_FIELD[field]) > 1 else 'it'}."
        for field in lacking_fields(mapping)
    ]


def store_lacking_fields(connection: Connection[Any], mapping: ImportMapping) -> None:
    """Note the lacking fields at every region that has staged rows."""
    connection.execute(
        """
        UPDATE territory SET lacking = CASE
            WHEN %(fields)s::jsonb = '[]' THEN lacking - %(source)s
            ELSE lacking || jsonb_build_object(%(source)s::text, %(fields)s::jsonb) END
        WHERE id IN (SELECT region_id FROM staged)
            AND coalesce(lacking -> %(source)s::text, '[]') IS DISTINCT FROM %(fields)s::jsonb
        """,
        {"source": mapping.code, "fields": Jsonb(list(lacking_fields(mapping)))},
    )
