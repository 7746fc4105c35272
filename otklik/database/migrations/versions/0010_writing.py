"""Writers who don't wait for each other with the news that something changed.

NOTIFY makes every commit that sends it wait for the one before, down to the disk: eight connections write as slowly as
one. So one writer at a time sends word; whoever changes appeals meanwhile counts up `unsaid`, and who listens looks
there as well (`database.listen`).
"""

from importlib import import_module
from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"

first = import_module("otklik.database.migrations.versions.0002_rollups")

# What each kind of statement adds to the facts and takes away from them, by its transition table.
CHANGES = {
    "insert": {"new_rows": "1"},
    "delete": {"old_rows": "-1"},
    "update": {"new_rows": "1", "old_rows": "-1"},
}
KEYS = "region_id, place_id, topic_id, holder_id, channel_id, regime_id"
FRESH = {"fact": first.facts, "open_fact": first.open_facts}
COLUMNS = {
    "fact": f"{KEYS}, day, hour, bucket, {', '.join(first.NAMES)}",
    "open_fact": f"{KEYS}, status_id, {', '.join(first.OPEN_DAYS)}, appeals",
}


def roll_up(event: str, rows: dict[str, str]) -> str:
    """What runs after a statement that may have changed appeals."""
    writes = " ".join(
        f"INSERT INTO {name}_fresh ({COLUMNS[name]}) SELECT {COLUMNS[name]} FROM ("
        + " UNION ALL ".join(facts(table, sign) for table, sign in rows.items())
        + ") AS f;"
        for name, facts in FRESH.items()
    )
    return f"""
        CREATE OR REPLACE FUNCTION roll_up_{event}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            IF EXISTS (SELECT FROM {next(iter(rows))}) THEN
                {writes}
                IF pg_try_advisory_xact_lock(hashtext('otklik news')) THEN
                    PERFORM pg_notify('otklik_appeals', '');
                ELSE
                    PERFORM pg_advisory_xact_lock_shared(hashtext('otklik'), hashtext('unsaid'));
                    PERFORM nextval('unsaid');
                END IF;
            END IF;
            RETURN NULL;
        END $$;"""


def upgrade() -> None:
    """Replace what runs after each statement."""
    run = op.get_bind().exec_driver_sql
    run(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    for event, rows in CHANGES.items():
        run(roll_up(event, rows))


def downgrade() -> None:
    """Refuse: who listens would look for what nobody counts."""
    raise NotImplementedError
