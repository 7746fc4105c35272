"""SQL for merging a row of a newer export into an appeal that exists already.

`a` is the appeal, `s` the staged row. A column takes the file's value, unless people have set it in Otklik or the
mapping has no field for it.
"""

from collections.abc import Iterable

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from otklik.intake.mapping.model import ImportMapping

APPEAL_COLUMNS = {
    "number": "text", "region_id": "integer", "channel_id": "smallint", "topic_id": "integer",
    "municipality_id": "integer", "regime_id": "smallint", "status_id": "smallint", "outcome_id": "smallint",
    "first_holder_id": "integer", "holder_id": "integer", "received_at": "timestamptz",
    "registered_at": "timestamptz", "deadline_at": "timestamptz", "closed_at": "timestamptz",
    "rated_at": "timestamptz", "lon": "double precision", "lat": "double precision", "reopened": "smallint",
    "rating": "smallint", "body": "text",
}  # fmt: skip
"""The columns of an appeal that a file can fill, and their types."""

OPTIONAL_COLUMNS = {
    "first_holder_id": "first_holder", "registered_at": "registered_at", "deadline_at": "deadline_at",
    "rated_at": "rating", "rating": "rating", "lon": "lon", "lat": "lat", "body": "body",
}  # fmt: skip
"""Columns that an existing appeal keeps unless the mapping has the field."""

PROTECTED_COLUMNS = {
    "holder_id": "holder", "topic_id": "topic", "deadline_at": "deadline",
    "status_id": "status", "closed_at": "status", "outcome_id": "status",
}  # fmt: skip
"""Columns that stay as people set them: those whose word is in the appeal's `set_here`.

A status stays open only until the file closes the appeal.
"""

CODED_COLUMNS = {
    "region": "territory", "municipality": "territory", "channel": "channel", "topic": "topic", "regime": "regime",
    "status": "status", "outcome": "outcome", "holder": "organisation", "first_holder": "organisation",
}  # fmt: skip
PLAIN_COLUMNS = (
    "received_at",
    "registered_at",
    "deadline_at",
    "closed_at",
    "rated_at",
    "lon",
    "lat",
    "reopened",
    "rating",
)


def mapped_columns(mapping: ImportMapping) -> list[str]:
    """The columns that the mapping fills; a topic that has lost a level in this file isn't filled."""
    names = [
        name for name in APPEAL_COLUMNS if name not in OPTIONAL_COLUMNS or OPTIONAL_COLUMNS[name] in mapping.columns
    ]
    absent = mapping.absent_fields
    kept = {"number", *absent, *(f"{field}_id" for field in absent)}
    if absent & {"category", "subcategory", "fact"}:
        kept.add("topic_id")
    if absent & {"status", "closed_at"}:
        # They have to agree.
        kept |= {"status_id", "closed_at", "outcome_id"}
    if not mapping.code_rules["reopened"]:
        kept.add("reopened")
    return [name for name in names if name not in kept]


def merged_column(name: str, columns: list[str]) -> Composed:
    """The new value of a column, where the mapping fills `columns`."""
    if name not in columns:
        return SQL("a.{}").format(Identifier(name))
    if PROTECTED_COLUMNS.get(name) == "status":
        # An appeal that was re-opened here and then answered in the source is closed again, unless that is the answer
        # that the applicant had it re-opened for.
        return SQL(
            "CASE WHEN 'status' = ANY (a.set_here)"
            " AND (a.closed_at IS NOT NULL OR s.closed_at IS NULL OR s.closed_at = a.first_answered_at)"
            " THEN a.{name} ELSE s.{name} END"
        ).format(name=Identifier(name))
    if name in PROTECTED_COLUMNS:
        return SQL("CASE WHEN {word} = ANY (a.set_here) THEN a.{name} ELSE s.{name} END").format(
            word=Literal(PROTECTED_COLUMNS[name]), name=Identifier(name)
        )
    if name == "reopened":
        # Otklik counts re-openings; many exports only know whether there was one.
        return SQL("greatest(a.reopened, s.reopened)").format()
    if name == "received_at":
        # A corrected receipt can't be later than what people have done here since.
        others = comma_separated(merged_column(other, columns) for other in ("closed_at", "registered_at", "rated_at"))
        return SQL("CASE WHEN s.received_at > least({}) THEN a.received_at ELSE s.received_at END").format(others)
    return SQL("s.{}").format(Identifier(name))


def undated_rating_moment(columns: list[str]) -> Composed:
    """The new moment of a rating, where the file has none of its own: the staged one is that of the answer.

    A rating that stays the same though the appeal was re-opened is the one that was given before; one that changed
    without a new answer is a correction of it.
    """
    return SQL(
        "CASE WHEN s.rating IS NULL OR a.rating IS NULL THEN s.rated_at"
        " WHEN s.closed_at IS NULL OR ({reopened} > 0 AND (s.rating = a.rating OR s.closed_at <= a.rated_at))"
        " THEN greatest(a.rated_at, s.received_at) ELSE s.rated_at END"
    ).format(reopened=merged_column("reopened", columns))


def history_json(table_alias: str, columns: list[str]) -> Composed:
    """A JSON object of columns for the history, with codes instead of ids and without the appeal's text."""
    code_pairs = [
        SQL("{}::text, (SELECT code FROM {} WHERE id = {}.{})").format(
            Literal(name), Identifier(table), Identifier(table_alias), Identifier(f"{name}_id")
        )
        for name, table in CODED_COLUMNS.items()
        if f"{name}_id" in columns
    ]
    plain_pairs = [
        SQL("{}::text, {}.{}").format(Literal(name.removesuffix("_at")), Identifier(table_alias), Identifier(name))
        for name in PLAIN_COLUMNS
        if name in columns
    ]
    return SQL("jsonb_build_object({})").format(comma_separated([*code_pairs, *plain_pairs]))


def comma_separated(parts: Iterable[Composable]) -> Composed:
    """The parts joined with commas."""
    return SQL(", ").join(parts)
