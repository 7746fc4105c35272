"""The schema and the rights of the screens' role: made whole by a migration, or refused in words."""

import psycopg
import pytest
from sqlalchemy import Connection, text

from otklik.database.access import people, scope
from otklik.database.engine import database_engine, restricted_url
from otklik.database.migrate import migrate
from otklik.database.schema import SCHEMA_FILE, schema_lines
from otklik.database.server.embedded import EmbeddedServer
from otklik.errors import DatabaseUnavailable
from tests.support.servers.data_folders import data_folder_with_cluster
from tests.support.servers.databases import migrated_database


def test_the_file_has_the_schema_of_the_migrations(connection: Connection) -> None:
    """After a new migration: `make schema`."""
    assert schema_lines(connection) == SCHEMA_FILE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("damage", "names"),
    [
        ("ALTER TABLE device DROP COLUMN seen_at", "column public.device.seen_at timestamp with time zone"),
        ("DROP TRIGGER audit_is_append_only ON audit", "trigger audit_is_append_only of public.audit"),
        ("ALTER TABLE appeal DISABLE ROW LEVEL SECURITY", "row security of public.appeal"),
        ("DROP INDEX audit_action", "index audit_action of public.audit"),
        (
            "CREATE OR REPLACE FUNCTION viewer_id() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1'",
            r"function public.viewer_id\(\)",
        ),
    ],
)
def test_a_database_that_lacks_something_is_refused_by_name(damage: str, names: str) -> None:
    with migrated_database() as url:
        with psycopg.connect(url) as connection:
            connection.execute(damage)
        with pytest.raises(DatabaseUnavailable, match=f"lacks what this Otklik needs: {names}. It was"):
            migrate(url)


def test_what_an_owner_added_is_left_alone() -> None:
    with migrated_database() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE mine (id integer); ALTER TABLE device ADD COLUMN room text")
        migrate(url)
        assert connection.execute("SELECT count(*) FROM mine").fetchone() == (0,)


@pytest.mark.second_server
def test_a_restored_dump_without_role_and_rights_gets_both() -> None:
    with data_folder_with_cluster() as data, EmbeddedServer(data) as server:
        migrate(server.url)
        # A dump doesn't hold the role, so that restoring it loses each grant to it; without privileges also what was
        # taken from everybody.
        with psycopg.connect(server.url) as connection:
            connection.execute("DROP OWNED BY otklik_app, otklik_citizen; DROP ROLE otklik_app, otklik_citizen")
            connection.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC")
        migrate(server.url)
        engine = database_engine(server.url)
        with engine.begin() as connection:
            assert schema_lines(connection) == SCHEMA_FILE.read_text(encoding="utf-8").splitlines()
            people.create_demo_people(connection)
            callable_by_all = (
                "SELECT has_function_privilege('otklik_app', 'audit_append(text,text,text,jsonb,jsonb)', 'EXECUTE')"
            )
            assert not connection.scalar(text(callable_by_all))
            for_applicants = "SELECT has_function_privilege('otklik_citizen', 'citizen_appeal(bytea)', 'EXECUTE')"
            assert connection.scalar(text(for_applicants))
        engine.dispose()
        with psycopg.connect(restricted_url(server.url)) as connection, scope.acting_as(None):
            assert connection.execute("SELECT count(*) FROM appeal").fetchone() == (0,)


def test_an_owner_who_may_not_make_rights_whole_is_told_how() -> None:
    with migrated_database() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("REVOKE SELECT ON territory FROM otklik_app")
        connection.execute("DROP ROLE IF EXISTS otklik_weak; CREATE ROLE otklik_weak LOGIN")
        try:
            connection.execute("GRANT otklik_app TO otklik_weak; GRANT SELECT ON alembic_version TO otklik_weak")
            weak_url = f"{url}{'&' if '?' in url else '?'}options=-c%20role%3Dotklik_weak"
            with pytest.raises(DatabaseUnavailable, match="can't be given its rights"):
                migrate(weak_url)
        finally:
            connection.execute("DROP OWNED BY otklik_weak; DROP ROLE otklik_weak")
