"""What a database holds, counted in one snapshot: by it a copy is compared with its original."""

from typing import Any

import psycopg
from psycopg import sql

from otklik.backup.client_programs import TRANSIENT_TABLES
from otklik.backup.errors import UnusableBackup
from otklik.backup.manifest import DatabaseState
from otklik.progress import ProgressCallback, ignore_progress

TABLES_SQL = """
    SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = ANY (%s) AND n.nspname NOT LIKE 'pg\\_%%'
        AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
    ORDER BY n.nspname, c.relname"""
LAST_AUDIT_ENTRY_SQL = "SELECT id, encode(hash, 'hex') FROM audit ORDER BY id DESC LIMIT 1"
OTHER_ROLES_SQL = """
    SELECT DISTINCT grantee::regrole::text FROM pg_class AS c
    CROSS JOIN aclexplode(c.relacl) AS acl JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'report') AND grantee <> 0 AND grantee <> c.relowner
        AND grantee::regrole::text NOT LIKE 'otklik\\_%' ORDER BY 1"""


def database_state(connection: psycopg.Connection[Any], progress: ProgressCallback = ignore_progress) -> DatabaseState:
    """What the snapshot of this connection's transaction holds. Raises UnusableBackup for a database without tables."""
    tables = _tables(connection)
    if ("public", "alembic_version") not in tables:
        raise UnusableBackup("The database has no tables of Otklik: there is nothing to back up.")
    row_counts = {}
    for completed, (schema, table) in enumerate(tables):
        progress("Counting rows", completed, len(tables))
        name = f"{schema}.{table}"
        if name not in TRANSIENT_TABLES:
            statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
            row_counts[name] = int(_scalar(connection, statement))
    progress("Counting rows", len(tables), len(tables))
    last_entry = connection.execute(LAST_AUDIT_ENTRY_SQL).fetchone() if ("public", "audit") in tables else None
    return DatabaseState(
        migration=str(_scalar(connection, sql.SQL("SELECT version_num FROM alembic_version"))),
        server_version=connection.info.server_version // 10000,
        size=int(_scalar(connection, sql.SQL("SELECT pg_database_size(current_database())"))),
        row_counts=row_counts,
        other_roles=[role for (role,) in connection.execute(OTHER_ROLES_SQL)],
        audit_entries=last_entry[0] if last_entry else 0,
        audit_hash=last_entry[1] if last_entry else "",
    )


def is_empty(connection: psycopg.Connection[Any]) -> bool:
    """Whether a database has neither tables nor views, besides those of extensions."""
    return not connection.execute(TABLES_SQL, [["r", "p", "v", "m"]]).rowcount


def count_differences(connection: psycopg.Connection[Any], expected: DatabaseState) -> list[str]:
    """A sentence for each table that doesn't have as many rows as expected."""
    sentences = []
    tables = set(_tables(connection))
    for name, count in expected.row_counts.items():
        schema, _, table = name.partition(".")
        if (schema, table) not in tables:
            sentences.append(f"The table {name} is missing.")
            continue
        actual = int(_scalar(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))))
        if actual != count:
            sentences.append(f"The table {name} has {actual:,} rows instead of {count:,}.")
    return sentences


def _tables(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return [(schema, table) for schema, table in connection.execute(TABLES_SQL, [["r"]])]


def _scalar(connection: psycopg.Connection[Any], statement: sql.SQL | sql.Composed) -> Any:  # noqa: ANN401 - of any type
    row = connection.execute(statement).fetchone()
    return row[0] if row else None
