"""Removing demo data, so that a database can take real appeals."""

from sqlalchemy import Connection, text

from otklik.database.access.people import create_demo_people
from otklik.database.cubes.rollups import rebuild_cubes
from otklik.database.engine import database_engine
from otklik.demo.catalogue import catalogue_codes
from otklik.demo.discussions import remove_demo_discussions
from otklik.demo.generator.routing import deadline_rule_codes
from otklik.demo.polls import remove_demo_polls
from otklik.demo.problems import remove_demo_problems
from otklik.progress import ProgressCallback, ignore_progress

DEMO_APPEALS = "(SELECT region_id, id FROM appeal WHERE source_id = (SELECT id FROM source WHERE code = 'demo'))"
APPEAL_TABLES = ("event", "operation_row", "transfer_allowed")
"""The tables whose rows belong to an appeal and don't go with it by themselves."""
REMOVED_SETTING = "demo_removed"
"""The name of the setting by which `otklik run` knows not to fill the database again."""
DELETE_PEOPLES_TERRITORIES = "DELETE FROM person_territory USING person WHERE person.id = person_id AND issuer = 'demo'"
REFERENCES = """
    SELECT conrelid::regclass::text AS table_name, attname AS column_name FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND conparentid = 0 AND confrelid = CAST(:table AS regclass) AND confdeltype <> 'c'"""


def remove_demo_data(url: str, progress: ProgressCallback = ignore_progress) -> int:
    """Remove demo appeals with their history, and the demo's catalogue and rules; returns the number of appeals.

    Other appeals stay, and so do the territories, topics and organisations that these, or people other than the demo's,
    refer to. One transaction.
    """
    engine = database_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text("LOCK TABLE demo_run IN SHARE ROW EXCLUSIVE MODE"))
            count = _remove_appeals(connection, progress)
            remove_demo_discussions(connection)
            remove_demo_problems(connection)
            remove_demo_polls(connection)
            connection.execute(text("DELETE FROM planted_problem"))
            connection.execute(text("DELETE FROM demo_run"))
            connection.execute(
                text("DELETE FROM deadline_rule WHERE code = ANY(:codes)"), {"codes": deadline_rule_codes()}
            )
            # The demo's people keep those territories alone that others need.
            has_people = connection.execute(text(DELETE_PEOPLES_TERRITORIES)).rowcount > 0
            for table, codes in catalogue_codes().items():
                _remove_unreferenced(connection, table, codes)
            if has_people:
                create_demo_people(connection)
            connection.execute(
                text("INSERT INTO setting (name, value) VALUES (:name, 'true') ON CONFLICT DO NOTHING"),
                {"name": REMOVED_SETTING},
            )
        rebuild_cubes(url, lambda _cube, done, total: progress("Counting", done, total))
    finally:
        engine.dispose()
    return count


def has_demo_data(connection: Connection) -> bool:
    """Whether the database holds demo appeals."""
    return bool(connection.scalar(text(f"SELECT EXISTS {DEMO_APPEALS}")))


def _remove_appeals(connection: Connection, progress: ProgressCallback) -> int:
    count = int(connection.scalar(text(f"SELECT count(*) FROM {DEMO_APPEALS} AS demo")) or 0)  # noqa: S608 - own words
    progress("Removing", 0, count)
    if connection.scalar(text(f"SELECT count(*) = {count} FROM appeal")):  # noqa: S608 - a number
        connection.execute(text("TRUNCATE appeal, event, applicant, operation_row, transfer_allowed CASCADE"))
    else:
        # Histories are append-only for everybody but the one who removes what never happened.
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER event_is_append_only"))
        for table in APPEAL_TABLES:
            connection.execute(
                text(f"DELETE FROM {table} WHERE (region_id, appeal_id) IN {DEMO_APPEALS}")  # noqa: S608 - own words
            )
        connection.execute(text("ALTER TABLE event ENABLE TRIGGER event_is_append_only"))
        connection.execute(text(f"DELETE FROM appeal WHERE (region_id, id) IN {DEMO_APPEALS}"))  # noqa: S608 - own words
        # What was found among both is true of neither.
        connection.execute(
            text("TRUNCATE detection_run, surge_alarm, surge_read, text_cluster_run, text_cluster, text_cluster_member")
        )
    progress("Removing", count, count)
    return count


def _remove_unreferenced(connection: Connection, table: str, codes: list[str]) -> None:
    """Remove the rows with these codes that no other row refers to, the lowest of a tree first."""
    references = connection.execute(text(REFERENCES), {"table": table}).all()
    unused = " AND ".join(
        f"NOT EXISTS (SELECT FROM {reference.table_name} AS r WHERE r.{reference.column_name} = t.id)"
        for reference in references
    )
    statement = text(f"DELETE FROM {table} AS t WHERE code = ANY(:codes) AND {unused}")  # noqa: S608 - names of the schema
    while connection.execute(statement, {"codes": codes}).rowcount:
        pass
