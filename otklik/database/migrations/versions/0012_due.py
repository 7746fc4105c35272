"""How many open appeals of a territory are due, and at risk, by days: all that a comparison of territories asks of them.

The cells of `open_place` know the status and the day of receipt besides: a country's regions have five times as many.
And answer times are counted in their index alone, which takes no more room for that: folding strews the cells of a
territory's days over the table.
"""

from importlib import import_module

from alembic import op

revision = "0012"
down_revision = "0011"

panels = import_module("otklik.database.migrations.versions.0004_panels")

NAME = "open_due"
# An appeal that was due before it was received is overdue from its receipt on.
DUE = panels.Cube(
    "open_fact",
    "place_id",
    {**panels.by("deadline_day", "risk_day"), "overdue_day": "greatest(f.deadline_day, f.received_day)"},
    panels.HELD,
)
KEYS = panels.listed("territory_id", *DUE.keys)
CUBE = f"""
    CREATE TABLE {NAME}_folded (
        territory_id integer NOT NULL, deadline_day date NOT NULL, risk_day date NOT NULL, overdue_day date NOT NULL,
        appeals integer NOT NULL, PRIMARY KEY ({KEYS})
    ) WITH (autovacuum_vacuum_scale_factor = 0.05);
    CREATE VIEW {NAME} WITH (security_invoker = true) AS SELECT {KEYS}, appeals FROM {NAME}_folded
        UNION ALL SELECT above.above_id, {panels.listed(*DUE.keys.values())}, f.appeals FROM open_fact_fresh AS f
        JOIN territory_above AS above ON above.territory_id = f.place_id;
    CREATE VIEW {NAME}_truth WITH (security_invoker = true) AS {panels.cells(DUE, "open_fact")};
    ALTER TABLE {NAME}_folded ENABLE ROW LEVEL SECURITY;
    CREATE POLICY scope ON {NAME}_folded FOR SELECT
        USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
    GRANT SELECT ON {NAME}_folded, {NAME} TO otklik_app;
    INSERT INTO {NAME}_folded ({KEYS}, appeals) SELECT {KEYS}, appeals FROM {NAME}_truth ORDER BY {KEYS};"""
UPSERT = f"""INSERT INTO {NAME}_folded AS c ({KEYS}, appeals) {panels.cells(DUE, "taken")}
    ON CONFLICT ({KEYS}) DO UPDATE SET appeals = c.appeals + excluded.appeals"""
TRUNCATE = f"""
    CREATE FUNCTION due_truncate() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        TRUNCATE {NAME}_folded;
        RETURN NULL;
    END $$;
    CREATE TRIGGER due_truncate AFTER TRUNCATE ON appeal FOR EACH STATEMENT EXECUTE FUNCTION due_truncate();"""

COVERING = """
    ALTER TABLE cube_answer_folded DROP CONSTRAINT cube_answer_folded_pkey,
        ADD CONSTRAINT cube_answer_folded_pkey PRIMARY KEY (territory_id, day, bucket) INCLUDE (appeals);"""


def fold_sql() -> str:
    """The same fold as before, with one more cube of what is open."""
    folded = str(panels.fold_sql())
    last, emptied = ") INSERT INTO open_held_folded", "DELETE FROM open_held_folded WHERE appeals = 0;"
    folded = folded.replace(last, f"), {NAME}_done AS ({UPSERT}{last}")
    return folded.replace(emptied, f"{emptied} {emptied.replace('open_held', NAME)}")


def upgrade() -> None:
    """Make the cube, and count the open appeals that there are."""
    run = op.get_bind().exec_driver_sql
    run(panels.SETTLED)
    run(CUBE)
    run(fold_sql())
    run(TRUNCATE)
    run(COVERING)


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
