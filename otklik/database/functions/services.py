"""Topical services: topics that a page of its own follows, in an order that the centre chooses."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

ADD_SQL = """
    UPDATE topic SET service_position =
        (SELECT coalesce(max(service_position), 0) + 1 FROM topic)
    WHERE code = :code AND service_position IS NULL"""
REMOVE_SQL = "UPDATE topic SET service_position = NULL WHERE code = :code AND service_position IS NOT NULL"
NAMES_SQL = """
    SELECT code, coalesce(names->>'en', name) FROM topic WHERE service_position > 0 ORDER BY service_position"""
KNOWN_CODES_SQL = "SELECT code FROM topic WHERE code = ANY (:codes)"


class UnknownTopics(Exception):
    """Some codes are those of no topic; nothing was changed."""

    def __init__(self, codes: Sequence[str]) -> None:
        """The message is a sentence for the person at the console."""
        names = ", ".join(f'"{code}"' for code in codes)
        super().__init__(f"There is no topic {names}: nothing was changed.")


def service_names(connection: Connection) -> list[tuple[str, str]]:
    """Code and English name of each service, in their order."""
    return [(code, name) for code, name in connection.execute(text(NAMES_SQL))]


def add_services(connection: Connection, codes: Sequence[str]) -> int:
    """Make topics services, after those that there are, in this order; returns how many were none before.

    Raises UnknownTopics before anything is changed.
    """
    _check_codes(connection, codes)
    return sum(connection.execute(text(ADD_SQL), {"code": code}).rowcount for code in codes)


def remove_services(connection: Connection, codes: Sequence[str]) -> int:
    """Make topics ordinary ones again; returns how many were services. Raises UnknownTopics as `add_services` does."""
    _check_codes(connection, codes)
    return sum(connection.execute(text(REMOVE_SQL), {"code": code}).rowcount for code in codes)


def _check_codes(connection: Connection, codes: Sequence[str]) -> None:
    known_codes = set(connection.scalars(text(KNOWN_CODES_SQL), {"codes": list(codes)}))
    if unknown_codes := [code for code in codes if code not in known_codes]:
        raise UnknownTopics(unknown_codes)
