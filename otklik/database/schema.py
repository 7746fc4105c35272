"""The schema that this version needs, as `make schema` wrote it into schema.txt: compared after each migration.

A line is one thing that has to be there: a column with its type, a function with a hash of its body, a trigger, a
constraint, an index, a policy, or a grant to the screens' role. What else is in a database is its owner's business.
"""

import re
from pathlib import Path

from sqlalchemy import Connection, text

from otklik.errors import DatabaseUnavailable

SCHEMA_FILE = Path(__file__).with_name("schema.txt")
MAX_NAMED = 5
"""Missing things that an error names."""
BODY_HASH = re.compile(r" [0-9a-f]{32}$")
"""At the end of a function's line."""
GRANT = "grant "
"""How the lines of grants begin: those that are missing are granted again."""
INVENTORY_SQL = Path(__file__).with_name("schema_inventory.sql").read_text(encoding="utf-8")
# Immutable functions read no table, and whoever writes appeals needs those that its indexes are made with.
PUBLIC_FUNCTIONS_SQL = """
    SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND provolatile <> 'i'
        AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"""
ROLE_SQL = """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'otklik_app') THEN
            CREATE ROLE otklik_app LOGIN;
        END IF;
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            AND NOT pg_has_role(current_user, 'otklik_app', 'MEMBER') THEN
            GRANT otklik_app TO CURRENT_USER;
        END IF;
    END $$"""
CITIZEN_ROLE = "otklik_citizen"
"""The role of the page of applicants: it calls these functions, each of which checks a secret, and reads no table."""
CITIZEN_FUNCTIONS = (
    "citizen_open(text, bytea, text, bytea)",
    "citizen_leave(bytea)",
    "citizen_appeal(bytea)",
    "citizen_rate(bytea, integer, text, text)",
    "citizen_reopen(bytea, text, timestamptz, boolean)",
)
OPEN311_ROLE = "otklik_open311"
"""The role of the public API: it calls these functions, which return what is public, and reads no table."""
OPEN311_FUNCTIONS = (
    "open311_services",
    "open311_requests",
    "open311_received",
    "open311_changed",
    "open311_is_jurisdiction",
    "open311_id_key",
)
PUBLIC_FUNCTIONS = {CITIZEN_ROLE: CITIZEN_FUNCTIONS, OPEN311_ROLE: OPEN311_FUNCTIONS}
"""All that the roles may do by which strangers reach the database."""
# The screens' role may become the role, for want of another user to connect as; it doesn't have its rights before it
# does. Before PostgreSQL 16 that is a trait of the member, which is in no other role but these.
PUBLIC_ROLE_SQL = """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
            CREATE ROLE {role} LOGIN;
        END IF;
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            AND NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
            GRANT {role} TO CURRENT_USER;
        END IF;
        IF pg_has_role('otklik_app', '{role}', 'MEMBER') THEN
            RETURN;
        ELSIF current_setting('server_version_num')::integer >= 160000 THEN
            EXECUTE 'GRANT {role} TO otklik_app WITH INHERIT FALSE';
        ELSE
            ALTER ROLE otklik_app NOINHERIT;
            GRANT {role} TO otklik_app;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- the migration of another database was faster
    END $$"""
# Of the embedded server alone: elsewhere who reads what is for the server's administrator to say.
READER_ROLE = "otklik_reader"
"""The role of `otklik sql`: it reads every row, and neither writes nor reaches the server's files."""
READER_ROLE_SQL = """
    DO $$ BEGIN
        IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'otklik_reader') THEN
            CREATE ROLE otklik_reader LOGIN BYPASSRLS IN ROLE pg_read_all_data;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- the migration of another database was faster
    END $$"""


def schema_lines(connection: Connection) -> list[str]:
    """Everything that is in this database, sorted."""
    return list(connection.exec_driver_sql(INVENTORY_SQL, execution_options={"no_parameters": True}).scalars())


def make_roles(connection: Connection) -> None:
    """Make the roles that aren't there: they belong to the server and are in no dump of the database."""
    connection.execute(text(ROLE_SQL))
    for role in PUBLIC_FUNCTIONS:
        connection.execute(text(PUBLIC_ROLE_SQL.replace("{role}", role)))
    connection.execute(text(READER_ROLE_SQL))


def check_objects(connection: Connection) -> None:
    """Raise DatabaseUnavailable, with what is missing, unless everything but the rights is there."""
    missing = [line for line in missing_lines(connection) if not line.startswith(GRANT)]
    if missing:
        names = ", ".join(BODY_HASH.sub("", line) for line in missing[:MAX_NAMED])
        others = f" and {len(missing) - MAX_NAMED} more" if len(missing) > MAX_NAMED else ""
        raise DatabaseUnavailable(
            f"The database says that it is up to date, but lacks what this Otklik needs: {names}{others}. It was"
            " changed by hand or made by an unfinished version: restore a backup, or start with a new one."
        )


def complete_rights(connection: Connection) -> None:
    """Grant the roles what a restored dump left out, and take from everybody what they get by default.

    Raises DatabaseUnavailable where this user's grants have no effect.
    """
    for function in connection.execute(text(PUBLIC_FUNCTIONS_SQL)).scalars().all():
        connection.execute(text(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC"))
    for role, functions in PUBLIC_FUNCTIONS.items():
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
        for function in functions:
            connection.execute(text(f"GRANT EXECUTE ON FUNCTION public.{function} TO {role}"))
    missing = missing_lines(connection)
    for line in missing:
        connection.execute(text(f"{line} TO otklik_app"))
    if missing and (still_missing := missing_lines(connection)):
        raise DatabaseUnavailable(
            f"The screens' role otklik_app can't be given its rights ({still_missing[0]}): run otklik migrate as the"
            " owner of the tables."
        )


def missing_lines(connection: Connection) -> list[str]:
    """What this version needs and the database lacks."""
    lines = set(schema_lines(connection))
    return [line for line in SCHEMA_FILE.read_text(encoding="utf-8").splitlines() if line not in lines]
