"""What a newer export does to an appeal that is known already, as SQL.

`a` is the appeal, `s` the staged row. A column becomes what the file says, unless people here had
the last word on it or the mapping doesn't have it.
"""

from collections.abc import Iterable

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from otklik.intake.mapping import ImportMapping

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
"""These are a known appeal's own, unless the mapping has this field."""

PROTECTED_COLUMNS = {
    "holder_id": "holder", "topic_id": "topic", "deadline_at": "deadline",
    "status_id": "status", "closed_at": "status", "outcome_id": "status",
}  # fmt: skip
"""These stay as people set them, when the appeal's `set_here` has this word; an open status until it is closed."""

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
    """The columns that this mapping has a say on."""
    names = [
        name for name in APPEAL_COLUMNS if name not in OPTIONAL_COLUMNS or OPTIONAL_COLUMNS[name] in mapping.columns
    ]
    return [name for name in names if name != "number" and (name != "reopened" or mapping.code_rules["reopened"])]


def merged_column(name: str, columns: list[str]) -> Composed:
    """What the column becomes, where the mapping has a say on `columns`."""
    if name not in columns:
        return SQL("a.{}").format(Identifier(name))
    if PROTECTED_COLUMNS.get(name) == "status":
        # What was sent back here, and answered since, is answered.
        return SQL(
            "CASE WHEN 'status' = ANY (a.set_here) AND (a.closed_at IS NOT NULL OR s.closed_at IS NULL)"
            " THEN a.{name} ELSE s.{name} END"
        ).format(name=Identifier(name))
    if name in PROTECTED_COLUMNS:
        return SQL("CASE WHEN {word} = ANY (a.set_here) THEN a.{name} ELSE s.{name} END").format(
            word=Literal(PROTECTED_COLUMNS[name]), name=Identifier(name)
        )
    if name == "reopened":
        # How often is counted here; an export may only know that it happened.
        return SQL("greatest(a.reopened, s.reopened)").format()
    if name == "received_at":
        # A corrected receipt can't come after what people here did since.
        others = comma_separated(merged_column(other, columns) for other in ("closed_at", "registered_at", "rated_at"))
        return SQL("CASE WHEN s.received_at > least({}) THEN a.received_at ELSE s.received_at END").format(others)
    return SQL("s.{}").format(Identifier(name))


def history_json(table_alias: str, columns: list[str]) -> Composed:
    """A JSON object of the columns as the history tells them: codes for ids; no text of the applicant's."""
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
    """The parts, with commas between."""
    return SQL(", ").join(parts)
