"""Fields that a mapping doesn't fill, and the figures that can't be known without them."""

from collections.abc import Iterable
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from otklik.intake.mapping.model import ImportMapping
from otklik.small_numbers import MIN_CASES

COLUMN_NAMES = ("deadline_at", "first_holder", "rating")
RULE_NAMES = ("outcome", "reopened", "regime")
FIGURES_BY_FIELD = {
    "outcome": (
        "Resolved", "Share resolved", "Resolved by now", "Explained, then re-opened", "Disputed", "Confirmed",
    ),
    "deadline_at": (
        "On time", "Closed by the deadline", "Late", "Closed on time", "Overdue", "Overdue share", "On track",
        "At risk", "Time allowed", "Excess on the last day",
        *("Due today", "Due tomorrow", "Due within 7 days", "Missed since yesterday", "Overdue under 59-FZ"),
    ),
    "rating": ("Satisfaction", "Rated", "Mean rating", "Ratings", "Low ratings"),
    "reopened": ("Re-opened", "Explained, then re-opened"),
    "first_holder": ("Redirected", "Routed right first time"),
    "regime": ("Fast track", "Overdue under 59-FZ"),
}  # fmt: skip
"""Names of the figures (queries.metrics.catalogue) that are unknown without a field. A test compares both."""

FILLED_CONDITIONS = {
    "deadline_at": "deadline_at IS NOT NULL",
    "rating": "rating IS NOT NULL",
    "outcome": "outcome_id IS NOT NULL",
}
"""SQL over a row, by the fields that may be mapped and yet empty."""


def lacking_fields(mapping: ImportMapping) -> tuple[str, ...]:
    """The fields of `FIGURES_BY_FIELD` that the mapping doesn't fill."""
    filled = {name for name in COLUMN_NAMES if name in mapping.columns}
    filled |= {name for name in RULE_NAMES if mapping.code_rules[name]}
    return tuple(field for field in FIGURES_BY_FIELD if field not in filled)


def lacking_warnings(mapping: ImportMapping, empty: Iterable[str]) -> list[str]:
    """One sentence per lacking or `empty` field: the figures that will be unknown, and what would fill them."""
    empty_warnings = [
        f"Unknown on the screens, since “{field}” is empty in every row: {', '.join(FIGURES_BY_FIELD[field])}."
        for field in empty
    ]
    return empty_warnings + [
        f"Unknown on the screens for want of “{field}”: {', '.join(FIGURES_BY_FIELD[field])}."
        f" {'A [[' + field + ']]' if field in RULE_NAMES else '`' + field + '` in [columns]'} of the mapping fills"
        f" {'them' if len(FIGURES_BY_FIELD[field]) > 1 else 'it'}."
        for field in lacking_fields(mapping)
    ]


def empty_fields(connection: Connection[Any], mapping: ImportMapping) -> tuple[str, ...]:
    """The fields that the mapping fills and that are empty in every staged row and every appeal of the source.

    None of a file with fewer than 30 rows, which tells too little, or, for what comes with the close, closed rows.
    """
    filled = set(FIGURES_BY_FIELD) - set(lacking_fields(mapping))
    row_counts = connection.execute("SELECT count(*), count(closed_at) FROM staged").fetchone() or (0, 0)
    return tuple(
        field
        for field, condition in FILLED_CONDITIONS.items()
        if field in filled
        and not _exists(connection, f"FROM staged WHERE {condition}")
        and row_counts[field in ("outcome", "rating")] >= MIN_CASES
        and not _exists(
            connection,
            f"FROM appeal WHERE source_id = (SELECT id FROM source WHERE code = %s) AND {condition}",  # noqa: S608 - own words
            mapping.code,
        )
    )


def _exists(connection: Connection[Any], clause: str, *values: str) -> bool:
    return connection.execute(f"SELECT EXISTS (SELECT {clause})".encode(), values).fetchone() == (True,)


def store_lacking_fields(connection: Connection[Any], mapping: ImportMapping, fields: Iterable[str]) -> None:
    """Note the fields at every region that has staged rows."""
    connection.execute(
        """
        UPDATE territory SET lacking = CASE
            WHEN %(fields)s::jsonb = '[]' THEN lacking - %(source)s
            ELSE lacking || jsonb_build_object(%(source)s::text, %(fields)s::jsonb) END
        WHERE id IN (SELECT region_id FROM staged)
            AND coalesce(lacking -> %(source)s::text, '[]') IS DISTINCT FROM %(fields)s::jsonb
        """,
        {"source": mapping.code, "fields": Jsonb(list(fields))},
    )
