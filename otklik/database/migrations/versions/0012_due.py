"""How many open appeals of a territory are due, and at risk, by days: all that a comparison of territories asks of them.

The cells of `open_place` know the status and the day of receipt besides: a country's regions have five times as many.
And answer times are counted in their index alone, which takes no more room for that: folding strews the cells of a
territory's days over the table.
"""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"

NAME = "open_due"
KEYS = "territory_id, deadline_day, risk_day, overdue_day"
# An appeal that was due before it was received is overdue from its receipt on.
OVERDUE_DAY = "greatest(f.deadline_day, f.received_day)"
# Open facts summed into cells: by their own place first, then for each territory above.
CELLS = f"""
        SELECT above.above_id AS territory_id, f.deadline_day, f.risk_day, f.overdue_day, sum(f.appeals)::integer AS appeals
        FROM (
        SELECT f.place_id AS territory_id, f.deadline_day AS deadline_day, f.risk_day AS risk_day, {OVERDUE_DAY} AS overdue_day, sum(f.appeals)::integer AS appeals FROM open_fact AS f WHERE true
        GROUP BY f.place_id, f.deadline_day, f.risk_day, {OVERDUE_DAY}) AS f JOIN territory_above AS above USING (territory_id)
        GROUP BY above.above_id, f.deadline_day, f.risk_day, f.overdue_day HAVING sum(f.appeals) <> 0"""
# What the other cubes hold, folded; nobody writes meanwhile.
SETTLED = """
    LOCK TABLE appeal IN SHARE MODE;
    SELECT pg_advisory_xact_lock(hashtext('otklik fold'));
    DO $$ BEGIN WHILE fold_cubes() LOOP END LOOP; END $$;"""
CUBE = f"""
    CREATE TABLE {NAME}_folded (
        territory_id integer NOT NULL, deadline_day date NOT NULL, risk_day date NOT NULL, overdue_day date NOT NULL,
        appeals integer NOT NULL, PRIMARY KEY ({KEYS})
    ) WITH (autovacuum_vacuum_scale_factor = 0.05);
    CREATE VIEW {NAME} WITH (security_invoker = true) AS SELECT {KEYS}, appeals FROM {NAME}_folded
        UNION ALL SELECT above.above_id, f.deadline_day, f.risk_day, {OVERDUE_DAY}, f.appeals FROM open_fact_fresh AS f
        JOIN territory_above AS above ON above.territory_id = f.place_id;
    CREATE VIEW {NAME}_truth WITH (security_invoker = true) AS {CELLS};
    ALTER TABLE {NAME}_folded ENABLE ROW LEVEL SECURITY;
    CREATE POLICY scope ON {NAME}_folded FOR SELECT
        USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
    GRANT SELECT ON {NAME}_folded, {NAME} TO otklik_app;
    INSERT INTO {NAME}_folded ({KEYS}, appeals) SELECT {KEYS}, appeals FROM {NAME}_truth ORDER BY {KEYS};"""
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


def upgrade() -> None:
    """Make the cube, and count the open appeals that there are."""
    run = op.get_bind().exec_driver_sql
    run(SETTLED)
    run(CUBE)
    run(Path(__file__).with_name("0012_fold.sql").read_text(encoding="utf-8"))
    run(TRUNCATE)
    run(COVERING)


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
