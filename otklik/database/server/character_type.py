"""Which characters the server takes for letters (LC_CTYPE): with C alone, trigrams ignore Russian words."""

from pathlib import Path

import psycopg
from psycopg import sql

from otklik.errors import DatabaseUnavailable, DiskFull

CHARACTER_TYPE = "C.UTF-8"
"""The LC_CTYPE of an embedded server: all letters of Unicode are letters, whatever the language."""
ASCII_CHARACTER_TYPES = ("C", "POSIX")
EMBEDDED_DATABASES = ("otklik", "postgres", "template0", "template1")
"""The databases that Otklik makes in its cluster; a further one keeps its character type, by which its indexes are."""


def check_character_type(connection: psycopg.Connection) -> None:
    """Raise DatabaseUnavailable if letters beyond ASCII are none in the database of this connection."""
    name, character_type = _query_character_type(connection)
    if character_type in ASCII_CHARACTER_TYPES:
        raise DatabaseUnavailable(
            f'The database "{name}" at DATABASE_URL has LC_CTYPE {character_type}, to which Russian letters are none,'
            f" so that similar texts can't be recognised: make it with TEMPLATE template0 LC_CTYPE '{CHARACTER_TYPE}',"
            " and restore a dump of the old one into it."
        )


def upgrade_character_type(url: str, data_folder: Path) -> None:
    """Set LC_CTYPE in an embedded cluster that an older Otklik made, and rebuild the GIN indexes of its appeals.

    `url` is the owner's address of the embedded server. Call it while holding the owner's lock. Continues after an
    interruption. Raises DatabaseUnavailable.
    """
    unfinished = data_folder / "character_type.unfinished"
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            is_outdated = _query_character_type(connection)[1] in ASCII_CHARACTER_TYPES
            if is_outdated:
                unfinished.touch()
                _replace_character_type(connection)
        if is_outdated or unfinished.exists():
            # A connection keeps the character type that it began with.
            with psycopg.connect(url, autocommit=True) as connection:
                _reindex_words(connection)
            unfinished.unlink()
    except psycopg.errors.DiskFull as error:
        raise DiskFull(f"The disk of {data_folder} is full: make room.") from error
    except psycopg.Error as error:
        message = " ".join(str(error).split())
        raise DatabaseUnavailable(
            f"The database in {data_folder} can't be prepared for comparing Russian texts ({message})."
        ) from error


def _query_character_type(connection: psycopg.Connection) -> tuple[str, str]:
    query = "SELECT datname, datctype FROM pg_database WHERE datname = current_database()"
    ((name, character_type),) = connection.execute(query).fetchall()
    return name, character_type


def _replace_character_type(connection: psycopg.Connection) -> None:
    _check_locale(connection)
    connection.execute(
        "UPDATE pg_database SET datctype = %s WHERE datctype = ANY (%s) AND datname = ANY (%s)",
        [CHARACTER_TYPE, list(ASCII_CHARACTER_TYPES), list(EMBEDDED_DATABASES)],
    )
    # Another process may have joined meanwhile: it connects again, with the new character type.
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )


def _check_locale(connection: psycopg.Connection) -> None:
    """Raise DatabaseUnavailable if this system lacks the locale: in pg_database it would refuse every connection."""
    query = sql.SQL("CREATE COLLATION pg_temp.probe (provider = libc, locale = {})")
    try:
        connection.execute(query.format(sql.Literal(CHARACTER_TYPE)))
    except (psycopg.errors.UndefinedObject, psycopg.errors.InvalidParameterValue) as error:
        raise DatabaseUnavailable(
            f"This system has no locale {CHARACTER_TYPE}, by which the database recognises Russian letters: install it"
            " (with the GNU C library 2.35 or newer it is always there)."
        ) from error


def _reindex_words(connection: psycopg.Connection) -> None:
    """Rebuild all GIN indexes: those of trigrams and of full-text search."""
    index_names = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_am am ON am.oid = c.relam WHERE am.amname = 'gin' AND c.relkind = 'i'"
    ).fetchall()
    for index_name in index_names:
        connection.execute(sql.SQL("REINDEX INDEX {}").format(sql.Identifier(*index_name)))
