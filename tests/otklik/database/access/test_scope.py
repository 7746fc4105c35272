"""What a person sees is what the database shows them, also to a page that forgets every filter."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from otklik.database.access import people, scope
from otklik.database.access.people import Person
from otklik.database.access.scope import Scope
from otklik.database.cubes.rollups import cube_differences, fold_cubes
from otklik.database.engine import database_engine, engine
from otklik.database.transactions import query_dataframe, read_transaction
from otklik.errors import DatabaseUnavailable, ScopeChanged
from tests.support import factories

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
REFERENCE = {
    *("territory", "organisation", "topic", "source", "channel", "regime", "outcome", "stage", "status"),
    *("demo_run", "deadline_rule", "last_day_setting", "escalation_step", "wall_threshold"),
}
"""Words that everybody signed in may read: nothing in them is a citizen's."""
COUNTS = {"demo_run_id_seq"}
"""How often something happened: the same."""
MAY_CALL = {
    *("viewer_id", "viewer_scope", "viewer_may", "sees_everything", "visible_territories"),
    *(
        "fold_accents",
        "person_of",
        "bind_person",
        "person_of_device",
        "administer_person",
        "enrol_device",
        "revoke_device",
    ),
    *("handle_appeals", "allow_transfer"),
    *("audit_record", "applicant_of", "read_notices", "read_surges"),
    "after_quiet_hours",
    *("search_open", "save_view", "rename_view", "delete_view", "audit_state"),
    "open_ages",
    *("assign_playlist", "reload_device", "save_playlist", "delete_playlist", "save_threshold"),
    *(
        "open_problem",
        "open_problem_of_cluster",
        "move_problem",
        "change_problem",
        "comment_problem",
        "problem_owners",
        "possible_problem_owners",
    ),
    *("add_remedy", "change_remedy_due", "finish_remedy", "read_remedies"),
    *("discussion_phase", "moderate_comment", "answer_comment", "conclude_discussion"),
    *("pause_data_source", "run_data_source", "read_data_sources"),
    *("push_rows", "push_results"),  # for whoever has the token of a data source
    "reaction_matrix",  # reactions without who gave them
    "vote_patterns",  # votes by minute and answers, without anything of the voter
    *("assignment_of_device", "report_devices"),
    *("regions_changed_since", "regions_with_crossings"),  # ids of regions, and nothing of their appeals
}
READABLE = """
    SELECT relname FROM pg_class
    WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema'))
        AND relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND has_schema_privilege(relnamespace, 'USAGE')
        AND CASE relkind
            WHEN 'S' THEN has_sequence_privilege(oid, 'SELECT') ELSE has_any_column_privilege(oid, 'SELECT') END
    ORDER BY 1"""


@pytest.fixture
def country(connection: Connection) -> Connection:
    """Two regions with a town each; five appeals in each region, two of them the town's; half of all folded."""
    for region in ("XA", "XB"):
        factories.territory(connection, region)
        factories.territory(connection, f"{region}-1", "municipality", region)
    return connection


def fill(connection: Connection, url: str) -> None:
    for half in range(2):
        for region in ("XA", "XB"):
            place = {"region": region, "holder": f"office-{region}"}
            key = factories.appeal(
                connection, **place, municipality=f"{region}-1", received_at=NOW - DAY, deadline_at=NOW + DAY
            )
            note = "INSERT INTO event (region_id, appeal_id, kind, actor) VALUES (:region, :appeal, 'note', :actor)"
            connection.execute(text(note), {"region": key.region_id, "appeal": key.id, "actor": region})
            factories.appeal(connection, **place, received_at=NOW - 2 * DAY, closed_at=NOW)
        if not half:
            fold_cubes(url)


def person(connection: Connection, name: str, role: str = "manager", *places: str, **facts: object) -> Person:
    """Somebody new who has signed in."""
    facts = {"email": f"{name}@example.org", "name": name, "role": role, "territories": places, **facts}
    people.save_person_as_owner(connection, None, facts)
    signed_in = people.person_of_sign_in("https://id.example.org", name, f"{name}@example.org")
    assert signed_in
    return signed_in


@pytest.fixture
def filled(country: Connection, url: str) -> Iterator[Connection]:
    fill(country, url)
    yield country
    assert not list(cube_differences(url))


def everything_readable() -> list[str]:
    with read_transaction() as connection:
        return [name for (name,) in connection.execute(text(READABLE)) if name not in REFERENCE | COUNTS]


def visible_rows(relation: str) -> list[dict[str, object]]:
    """Every row of a relation that the current scope is shown; columns without a right are left out."""
    columns = """SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
        WHERE attrelid = CAST(:name AS regclass)
            AND attnum > 0 AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'SELECT')"""
    with read_transaction() as connection:
        column_list = connection.scalar(text(columns), {"name": relation})
        return [dict(row) for row in connection.execute(text(f"SELECT {column_list} FROM {relation}")).mappings()]


@pytest.mark.usefixtures("filled")
def test_without_a_scope_every_relation_is_empty_and_with_all_territories_none_of_the_filled_is() -> None:
    names = everything_readable()
    filled = {"appeal", "event", "fact", "open_fact", "cube_place", "open_place", "cube_place_folded", "fact_fresh"}
    assert filled < set(names)
    with scope.acting_as(None):
        assert {name: rows for name in names if (rows := visible_rows(name))} == {}
    assert all(visible_rows(name) for name in filled)


def test_a_person_of_one_territory_sees_it_and_what_lies_below_in_every_relation(filled: Connection) -> None:
    ids = {code: factories.territory(filled, code) for code in ("X", "XA", "XA-1", "XB", "XB-1")}
    viewers: list[tuple[tuple[str, ...], int, set[str]]] = [
        (("XA",), 4, {"XA", "XA-1"}),
        (("XA-1",), 2, {"XA-1"}),
        (("XA", "XB-1"), 6, {"XA", "XA-1", "XB-1"}),
        (("X",), 8, set(ids)),
        ((), 0, set()),
    ]
    for places, appeals, codes in viewers:
        viewer = person(filled, "-".join(("see", *places)).lower(), "manager", *places)
        own = {ids[code] for code in codes}
        with scope.acting_as(viewer.scope):
            for name in everything_readable():
                for row in visible_rows(name):
                    where = row.get("above_id") or row.get("territory_id")
                    if where is None:
                        regions, towns = {row["region_id"]}, {row.get("municipality_id"), row.get("place_id")}
                        assert own & (regions | towns) or name == "event", (places, name, row)
                    else:
                        assert where in own, (places, name, row)
            assert len(visible_rows("appeal")) == appeals, places
            assert len(visible_rows("event")) == sum(2 for code in ("XA-1", "XB-1") if code in codes)
            # Cubes show as many as the appeals, whatever is folded.
            received = "SELECT territory_id, sum(received) FROM cube_place WHERE received > 0 GROUP BY 1"
            cells = {row.territory_id: row.sum for row in query_dataframe(text(received)).itertuples()}
            whole = {"X": 8, "XA": 4, "XB": 4, "XA-1": 2, "XB-1": 2}
            assert cells == {ids[code]: whole[code] for code in codes}


def test_every_relation_is_reference_data_or_has_row_security(url: str) -> None:
    unsafe = """
        SELECT relname FROM pg_class WHERE relname = ANY (:names) AND relkind <> 'S' AND CASE relkind
            WHEN 'v' THEN NOT coalesce(reloptions::text[] @> '{security_invoker=true}', false)
            ELSE NOT row_security_active(oid) END"""
    with read_transaction() as connection:
        names = [name for (name,) in connection.execute(text(READABLE))]
        assert set(names) >= REFERENCE
        unprotected = connection.execute(text(unsafe), {"names": names}).scalars().all()
        assert set(unprotected) == REFERENCE
        assert not set(names) & {"applicant", "audit_head", "role_right", "setting", "person_scope", "appeals"}
        calls = """SELECT proname FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace
            AND has_function_privilege(oid, 'EXECUTE') AND NOT EXISTS (
                SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')"""
        assert set(connection.execute(text(calls)).scalars()) == MAY_CALL
    assert url


@pytest.mark.usefixtures("filled")
def test_the_screens_role_writes_nothing_directly() -> None:
    rights = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'p')
        AND has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')"""
    with read_transaction() as connection:
        assert connection.execute(text(rights)).all() == []
        role = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert connection.scalar(text(role)) is False


def test_a_change_of_scope_or_disabling_counts_from_the_next_transaction(filled: Connection) -> None:
    viewer = person(filled, "anna", "manager", "XA")
    with scope.acting_as(viewer.scope):
        assert len(visible_rows("appeal")) == 4
        people.save_person_as_owner(filled, viewer.id, {"territories": ["XB-1"]})
        # The scope that the run believes in is no longer that of the database.
        with pytest.raises(ScopeChanged):
            visible_rows("appeal")
        rescoped = people.person_of_sign_in("https://id.example.org", "anna")
        assert rescoped
        scope.set_current_scope(rescoped.scope)
        assert len(visible_rows("appeal")) == 2
        people.save_person_as_owner(filled, viewer.id, {"is_active": False})
        with pytest.raises(ScopeChanged):
            visible_rows("appeal")
        gone = people.person_of_sign_in("https://id.example.org", "anna")
        assert gone
        assert (gone.is_active, gone.scope.cache_key()) == (False, scope.NOBODY.cache_key())
        scope.set_current_scope(gone.scope)
        assert visible_rows("appeal") == []


def test_the_database_looks_the_person_up_itself(filled: Connection) -> None:
    viewer = person(filled, "anna", "manager", "XA")
    claimed = Scope(viewer.id, everywhere=True)
    with scope.acting_as(claimed), pytest.raises(ScopeChanged):
        visible_rows("appeal")
    with scope.acting_as(Scope(10**6, everywhere=True)), pytest.raises(ScopeChanged):
        visible_rows("appeal")


def count(connection: Connection) -> object:
    return connection.scalar(text("SELECT count(*) FROM appeal"))


@pytest.mark.usefixtures("filled")
def test_a_connection_forgets_its_scope_however_it_comes_back() -> None:
    pool = engine()
    pool.dispose()  # from here on one connection serves every caller
    with read_transaction() as connection:
        assert count(connection) == 8
        served_by = connection.scalar(text("SELECT pg_backend_pid()"))

    def fresh() -> object:
        with pool.connect() as connection_again:
            assert connection_again.scalar(text("SELECT pg_backend_pid()")) == served_by
            return count(connection_again)

    assert fresh() == 0
    with pytest.raises(ProgrammingError), read_transaction() as connection:
        connection.execute(text("SELECT 1 FROM nowhere"))
    assert fresh() == 0
    with pytest.raises(ZeroDivisionError), read_transaction() as connection:
        raise ZeroDivisionError
    assert fresh() == 0
    # Even a scope that somebody set for the whole session by mistake.
    viewer = scope.current_scope()
    assert viewer
    with pool.connect() as connection:
        connection.execute(text(f"SET otklik.person = '{viewer.person_id}'"))
        connection.execute(text("SET search_path = pg_catalog"))
        connection.commit()
        assert connection.scalar(text("SELECT count(*) FROM public.appeal")) == 8
    assert fresh() == 0
    # Nor does it reach a transaction of somebody else's on the same connection.
    with read_transaction() as connection, scope.acting_as(None), read_transaction() as other:
        assert (count(connection), count(other)) == (8, 0)


@pytest.mark.usefixtures("filled")
def test_a_scope_ends_with_its_transaction() -> None:
    with engine().connect() as connection:
        scope.begin_transaction(connection, 5)
        assert count(connection) == 8
        connection.rollback()
        assert count(connection) == 0
        connection.rollback()
        scope.begin_transaction(connection, 5)
        connection.commit()
        assert count(connection) == 0


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("way", ["RESET ROLE", "RESET ALL", "SET ROLE otklik_app", "SET SESSION ROLE otklik_app"])
def test_ways_out_of_the_role_lead_nowhere(way: str) -> None:
    with engine().connect() as connection:
        connection.execute(text(way))
        assert count(connection) == 0
        # Switching row security off raises an error.
        connection.execute(text("SET row_security = off"))
        with pytest.raises(ProgrammingError, match="would be affected by row-level security"):
            count(connection)
    with engine().connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == "otklik_app"
        assert count(connection) == 0


def test_as_a_user_of_its_own_the_role_becomes_no_other(filled: Connection, url: str) -> None:
    owner = filled.scalar(text("SELECT current_user"))
    own = psycopg.conninfo.make_conninfo(url, user="otklik_app")
    with psycopg.connect(own, autocommit=True) as connection:
        for way in (f"SET ROLE {owner}", f"SET SESSION AUTHORIZATION {owner}", "SET ROLE pg_read_all_data"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(way.encode())
        connection.execute("SET ROLE NONE")
        assert connection.execute("SELECT count(*) FROM appeal").fetchone() == (0,)


def test_an_engine_that_sees_everything_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTKLIK_ADDRESS", url)
    unrestricted = engine.__wrapped__()
    with pytest.raises(DatabaseUnavailable, match="may see every row"), unrestricted.connect():
        pass
    unrestricted.dispose()


def test_a_writer_of_appeals_needs_no_right_on_cubes(filled: Connection, url: str) -> None:
    filled.execute(text("DROP ROLE IF EXISTS otklik_test_writer"))
    filled.execute(text("CREATE ROLE otklik_test_writer"))
    try:
        filled.execute(text("GRANT UPDATE (holder_id), SELECT ON appeal TO otklik_test_writer"))
        filled.execute(text("CREATE POLICY writes ON appeal TO otklik_test_writer USING (true)"))
        office = factories.organisation(filled, "other", region="XB")
        pool = database_engine(url)
        with pool.begin() as writer:
            writer.execute(text("SET LOCAL ROLE otklik_test_writer"))
            moved = writer.execute(text("UPDATE appeal SET holder_id = :office"), {"office": office})
            assert moved.rowcount == 8
        pool.dispose()
        cells = "SELECT sum(received) FROM cube_holder WHERE holder_id = :office AND territory_id = :place"
        where = {"office": office, "place": factories.territory(filled, "XA")}
        assert filled.scalar(text(cells), where) == 4
    finally:
        filled.execute(text("DROP POLICY IF EXISTS writes ON appeal"))
        filled.execute(text("DROP OWNED BY otklik_test_writer"))
        filled.execute(text("DROP ROLE otklik_test_writer"))
