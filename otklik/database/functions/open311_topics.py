"""Which topics and regimes are public by Open311. Each change is an entry of the audit."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

BELOW_SQL = """
    WITH RECURSIVE below AS (
        SELECT id FROM topic WHERE code = :code
        UNION ALL SELECT topic.id FROM topic JOIN below ON topic.parent_id = below.id
    )"""
PUBLISH_SQL = f"""{BELOW_SQL}
    INSERT INTO open311_topic (topic_id, has_points, has_texts) SELECT id, :points, :texts FROM below
    ON CONFLICT (topic_id) DO UPDATE SET has_points = excluded.has_points, has_texts = excluded.has_texts"""  # noqa: S608 -- our own words
WITHHOLD_SQL = f"{BELOW_SQL} DELETE FROM open311_topic WHERE topic_id IN (SELECT id FROM below)"  # noqa: S608 -- the same
REGIME_SQL = "UPDATE regime SET is_public = :is_public WHERE code = :code AND is_public <> :is_public"
TOPICS_SQL = """
    SELECT code, coalesce(names->>'en', name) AS name, has_points, has_texts
    FROM open311_topic JOIN topic ON topic.id = topic_id ORDER BY code"""
REGIMES_SQL = "SELECT code FROM regime WHERE is_public ORDER BY id"
KNOWN_CODES_SQL = {
    "topic": "SELECT code FROM topic WHERE code = ANY (:codes)",
    "regime": "SELECT code FROM regime WHERE code = ANY (:codes)",
}
AUDIT_SQL = "SELECT audit_append(:action, :object, :reason, NULL, CAST(:after AS jsonb))"


class UnknownCodes(Exception):
    """Some codes are those of nothing; nothing was changed."""

    def __init__(self, kind: str, codes: Sequence[str]) -> None:
        """The message is a sentence for the person at the console; `kind`: topic or regime."""
        names = ", ".join(f'"{code}"' for code in codes)
        super().__init__(f"There is no {kind} {names}: nothing was changed.")


class PublicTopic(NamedTuple):
    """A topic whose appeals are public: its code, its English name, and whether their points and texts are."""

    code: str
    name: str
    has_points: bool
    has_texts: bool


def public_topics(connection: Connection) -> list[PublicTopic]:
    """The topics whose appeals are public, by their codes."""
    return [PublicTopic(*row) for row in connection.execute(text(TOPICS_SQL))]


def public_regimes(connection: Connection) -> list[str]:
    """The codes of the regimes whose appeals may be public."""
    return list(connection.scalars(text(REGIMES_SQL)))


def publish_topics(connection: Connection, codes: Sequence[str], *, points: bool, texts: bool, reason: str = "") -> int:
    """Make topics and all below them public, with or without points and texts; returns how many those are.

    Raises UnknownCodes before anything is changed.
    """
    _check_codes(connection, "topic", codes)
    count = 0
    for code in codes:
        values = {"code": code, "points": points, "texts": texts}
        changed = connection.execute(text(PUBLISH_SQL), values).rowcount
        after = {"topics": changed, "points": points, "texts": texts}
        _record(connection, "topic published", f"topic {code}", reason, after)
        count += changed
    # Too few rows for the server to do it by itself; without, it plans each page as if none of them were public.
    connection.execute(text("ANALYZE open311_topic"))
    return count


def withhold_topics(connection: Connection, codes: Sequence[str], reason: str = "") -> int:
    """Take topics and all below them back; returns how many were public. Raises UnknownCodes as `publish_topics`."""
    _check_codes(connection, "topic", codes)
    count = 0
    for code in codes:
        changed = connection.execute(text(WITHHOLD_SQL), {"code": code}).rowcount
        _record(connection, "topic withheld", f"topic {code}", reason, {"topics": changed})
        count += changed
    return count


def change_regime(connection: Connection, code: str, *, is_public: bool, reason: str = "") -> bool:
    """Allow appeals of a regime to be public, or not; returns whether that changed. Raises UnknownCodes."""
    _check_codes(connection, "regime", [code])
    is_changed = connection.execute(text(REGIME_SQL), {"code": code, "is_public": is_public}).rowcount > 0
    if is_changed:
        _record(connection, "regime published" if is_public else "regime withheld", f"regime {code}", reason, {})
    return is_changed


def _check_codes(connection: Connection, kind: str, codes: Sequence[str]) -> None:
    known_codes = set(connection.scalars(text(KNOWN_CODES_SQL[kind]), {"codes": list(codes)}))
    if unknown_codes := [code for code in codes if code not in known_codes]:
        raise UnknownCodes(kind, unknown_codes)


def _record(connection: Connection, action: str, what: str, reason: str, after: Mapping[str, object]) -> None:
    values = {"action": action, "object": what, "reason": reason or None, "after": json.dumps(after) if after else None}
    connection.execute(text(AUDIT_SQL), values)
