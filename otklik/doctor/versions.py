"""Versions of the programs, and the database's migration and rights against those that the code needs."""

import platform
from collections.abc import Iterator
from importlib.metadata import version

import psycopg
from sqlalchemy import Connection

from otklik.database import schema
from otklik.database.engine import screens_database_url
from otklik.database.migrate import is_known_migration, latest_migration
from otklik.database.server.embedded import MIN_SERVER_VERSION
from otklik.doctor.finding import Finding, Health
from otklik.settings import Settings

MAX_NAMED = 3
"""Missing things that a message names."""


def version_findings(connection: Connection, settings: Settings) -> Iterator[Finding]:
    """Versions of Otklik, Python and PostgreSQL, and the database's migration."""
    yield Finding("versions", Health.OK, f"Otklik {version('otklik')} on Python {platform.python_version()}.")
    server_version = str(connection.exec_driver_sql("SHOW server_version").scalar_one()).split()[0]
    kind = "your own server" if settings.database_url else "embedded"
    is_old = int(server_version.partition(".")[0]) < MIN_SERVER_VERSION
    yield Finding(
        "postgresql",
        Health.ACT if is_old else Health.OK,
        f"PostgreSQL {server_version}, {kind}.",
        f"Upgrade the server to PostgreSQL {MIN_SERVER_VERSION} or newer." if is_old else "",
    )
    revision = migration_of(connection)
    latest = latest_migration()
    if revision == latest:
        yield Finding("migration", Health.OK, f"The database is at migration {latest}, as this Otklik.")
    elif revision is None or is_known_migration(revision):
        place = f"at migration {revision}" if revision else "without tables"
        yield Finding(
            "migration",
            Health.WATCH,
            f"The database is {place}, and this Otklik at {latest}.",
            "Make a backup, then run `otklik migrate`, or `otklik run`, which migrates at its start. The rest is"
            " examined after that.",
        )
    else:
        yield Finding(
            "migration",
            Health.ACT,
            f"The database is at migration {revision}, which this Otklik doesn't know.",
            "Update Otklik to the version that last used the database.",
        )


def migration_of(connection: Connection) -> str | None:
    """The migration of a database; None for one without tables of Otklik."""
    if connection.exec_driver_sql("SELECT to_regclass('public.alembic_version')").scalar_one() is None:
        return None
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(revision) if revision else None


def rights_findings(connection: Connection, settings: Settings) -> Iterator[Finding]:
    """Whether everything that this version needs is there, and the screens see only what their viewers may."""
    missing = schema.missing_lines(connection)
    if missing:
        named = ", ".join(schema.BODY_HASH.sub("", line) for line in missing[:MAX_NAMED])
        others = f" and {len(missing) - MAX_NAMED} more" if len(missing) > MAX_NAMED else ""
        are_grants = all(line.startswith(schema.GRANT) for line in missing)
        yield Finding(
            "schema",
            Health.ACT,
            f"The database lacks {named}{others}.",
            "`otklik migrate` as the tables' owner gives the rights again."
            if are_grants
            else "It was changed by hand: restore a backup.",
        )
    else:
        yield Finding("schema", Health.OK, "Tables, functions, policies and rights are those that this version needs.")
    try:
        with psycopg.connect(screens_database_url(settings), connect_timeout=10) as screens:
            is_restricted = screens.execute("SELECT row_security_active('public.appeal')").fetchone() == (True,)
    except psycopg.Error as error:
        message = " ".join(str(error).split())
        yield Finding(
            "rights",
            Health.ACT,
            f"The screens can't reach the database ({message}).",
            "Correct OTKLIK_APP_URL, or let `otklik migrate` make the role otklik_app (docs/access.md).",
        )
        return
    yield Finding(
        "rights",
        Health.OK if is_restricted else Health.ACT,
        "The screens' role sees only the rows that its viewer may see."
        if is_restricted
        else "The screens' role sees every row, whoever looks.",
        "" if is_restricted else "Give OTKLIK_APP_URL a user that is neither superuser nor owner (docs/access.md).",
    )
