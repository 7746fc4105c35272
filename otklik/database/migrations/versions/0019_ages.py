"""How many appeals were closed at which age: what comparing periods and members at equal age needs.

An age is the number of whole local days from the day of receipt to that of the close. Cells are by territory (and
topic, organisation, or channel and regime) and day of receipt, with two columns for each age: resolved, and closed with
another outcome. A column without appeals is NULL, which takes no room.
"""

from typing import NamedTuple

from alembic import op

revision = "0019"
down_revision = "0018"

MAX_AGE = 60
AGES = range(MAX_AGE + 1)
MEASURES = [f"{kind}_{age}" for kind in ("resolved", "other") for age in AGES]
SUBJECT = "region_id, place_id, topic_id, holder_id, channel_id, regime_id"
FRESH_KEYS = f"{SUBJECT}, day, age"


class Cube(NamedTuple):
    """The territory that closed appeals are summed by (and those above it, or not), and its other keys."""

    place: str
    keys: tuple[str, ...] = ()
    above: bool = True

    @property
    def key_columns(self) -> str:
        """What a cell is found by, in the order of the index."""
        return ", ".join(["territory_id", "day", *self.keys])


CUBES = {
    "age_place": Cube("place_id"),
    "age_topic": Cube("region_id", ("topic_id",)),
    "age_holder": Cube("region_id", ("holder_id",), above=False),
    "age_intake": Cube("region_id", ("channel_id", "regime_id")),
}


def closed_ages(rows: str, sign: str) -> str:
    """One row per appeal closed within 60 days; `sign` is 1, or -1 for what a statement took away."""
    received_day, closed_day = (
        f"(r.{moment} AT TIME ZONE territory.timezone)::date" for moment in ("received_at", "closed_at")
    )
    return f"""
        SELECT r.region_id, coalesce(r.municipality_id, r.region_id) AS place_id, r.topic_id, r.holder_id,
            r.channel_id, r.regime_id, {received_day} AS day,
            greatest({closed_day} - {received_day}, 0)::smallint AS age,
            {sign} * coalesce(outcome.resolved, false)::integer AS resolved,
            {sign} * (NOT coalesce(outcome.resolved, false))::integer AS other,
            r.received_at AS at
        FROM {rows} AS r
        JOIN territory ON territory.id = r.region_id
        LEFT JOIN outcome ON outcome.id = r.outcome_id
        WHERE r.closed_at IS NOT NULL AND {closed_day} - {received_day} <= {MAX_AGE}"""


def cells(cube: Cube, source: str) -> str:
    """The SELECT that sums closed appeals into cells: by their own place and age first."""
    keys = "".join(f", f.{key}" for key in cube.keys)
    totals = ", ".join(
        f"nullif(sum(f.{kind}) FILTER (WHERE f.age = {age}), 0)::integer AS {kind}_{age}"
        for kind in ("resolved", "other")
        for age in AGES
    )
    own = f"""
        SELECT f.{cube.place} AS territory_id, f.day{keys}, f.age, sum(f.resolved) AS resolved, sum(f.other) AS other
        FROM {source} AS f GROUP BY f.{cube.place}, f.day{keys}, f.age HAVING sum(f.resolved) <> 0 OR sum(f.other) <> 0"""
    place, join = ("f.territory_id", "")
    if cube.above:
        place, join = "above.above_id", "JOIN territory_above AS above USING (territory_id)"
    return f"""
        SELECT {place} AS territory_id, f.day{keys}, {totals} FROM ({own}) AS f {join}
        GROUP BY {place}, f.day{keys}"""


def cube_sql(name: str) -> str:
    """The folded cells; the view of folded and fresh that screens read; the view that recomputes it."""
    cube = CUBES[name]
    kinds = {"topic_id": "integer", "holder_id": "integer"}
    keys = "".join(f", {key} {kinds.get(key, 'smallint')} NOT NULL" for key in cube.keys)
    fresh_keys = "".join(f", f.{key}" for key in cube.keys)
    fresh = ", ".join(f"CASE WHEN f.age = {age} THEN f.{kind} END" for kind in ("resolved", "other") for age in AGES)
    columns = f"{cube.key_columns}, {', '.join(MEASURES)}"
    place, join = f"f.{cube.place}", ""
    if cube.above:
        place, join = "above.above_id", f"JOIN territory_above AS above ON above.territory_id = f.{cube.place}"
    return f"""
        CREATE TABLE {name}_folded (
            territory_id integer NOT NULL, day date NOT NULL{keys}, {", ".join(f"{measure} integer" for measure in MEASURES)},
            PRIMARY KEY ({cube.key_columns})
        ) WITH (autovacuum_vacuum_scale_factor = 0.05);
        CREATE VIEW {name} WITH (security_invoker = true) AS SELECT {columns} FROM {name}_folded
            UNION ALL SELECT {place}, f.day{fresh_keys}, {fresh} FROM close_age_fresh AS f {join};
        CREATE VIEW {name}_truth WITH (security_invoker = true) AS {cells(cube, "close_age")};
        ALTER TABLE {name}_folded ENABLE ROW LEVEL SECURITY;
        CREATE POLICY scope ON {name}_folded FOR SELECT
            USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
        GRANT SELECT ON {name}_folded, {name} TO otklik_app;
        INSERT INTO {name}_folded ({columns}) SELECT {columns} FROM {name}_truth ORDER BY {cube.key_columns};"""


def trigger(event: str, rows: dict[str, str], transition: str) -> str:
    """What runs after a statement that may have changed appeals: it writes what changed of those closed."""
    is_any_closed = " OR ".join(f"EXISTS (SELECT FROM {table} WHERE closed_at IS NOT NULL)" for table in rows)
    changes = " UNION ALL ".join(closed_ages(table, sign) for table, sign in rows.items())
    return f"""
        CREATE FUNCTION close_age_{event}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            IF {is_any_closed} THEN
                INSERT INTO close_age_fresh ({FRESH_KEYS}, resolved, other)
                SELECT {FRESH_KEYS}, sum(resolved), sum(other) FROM ({changes}) AS f
                GROUP BY {FRESH_KEYS} HAVING sum(resolved) <> 0 OR sum(other) <> 0;
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER close_age_{event} AFTER {event.upper()} ON appeal REFERENCING {transition}
            FOR EACH STATEMENT EXECUTE FUNCTION close_age_{event}();"""


def fold_sql() -> str:
    """Fresh rows into folded cells, some at a time, under the lock of whoever folds."""
    writes = []
    for name, cube in CUBES.items():
        added = ", ".join(
            f"{measure} = nullif(coalesce(c.{measure}, 0) + coalesce(excluded.{measure}, 0), 0)" for measure in MEASURES
        )
        columns = f"{cube.key_columns}, {', '.join(MEASURES)}"
        writes.append(f"""INSERT INTO {name}_folded AS c ({columns}) {cells(cube, "taken")}
            ON CONFLICT ({cube.key_columns}) DO UPDATE SET {added}""")
    *first_writes, last_write = writes
    steps = ", ".join(f"done_{number} AS ({write})" for number, write in enumerate(first_writes))
    return f"""
        CREATE FUNCTION fold_ages(at_most integer DEFAULT 100000) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM close_age_fresh) OR NOT pg_try_advisory_xact_lock(hashtext('otklik fold')) THEN
                RETURN false;
            END IF;
            WITH taken AS (
                DELETE FROM close_age_fresh WHERE ctid = ANY (ARRAY(SELECT ctid FROM close_age_fresh LIMIT at_most))
                RETURNING *
            ), {steps} {last_write};
            RETURN EXISTS (SELECT FROM close_age_fresh);
        END $$;
        COMMENT ON FUNCTION fold_ages IS 'Sums fresh closes into folded cells; true while there are more.';
        REVOKE EXECUTE ON FUNCTION fold_ages FROM PUBLIC;"""


FRESH = """
    CREATE VIEW close_age WITH (security_invoker = true) AS {truth};
    GRANT SELECT ON close_age TO otklik_app;
    CREATE TABLE close_age_fresh AS SELECT * FROM close_age LIMIT 0;
    ALTER TABLE close_age_fresh DROP COLUMN at, ENABLE ROW LEVEL SECURITY;
    CREATE POLICY scope ON close_age_fresh FOR SELECT
        USING ((SELECT sees_everything()) OR region_id = ANY ((SELECT visible_territories())::integer[])
            OR place_id = ANY ((SELECT visible_territories())::integer[]));
    GRANT SELECT ON close_age_fresh TO otklik_app;"""
TRUNCATE = f"""
    CREATE FUNCTION close_age_truncate() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        TRUNCATE close_age_fresh, {", ".join(f"{name}_folded" for name in CUBES)};
        RETURN NULL;
    END $$;
    CREATE TRIGGER close_age_truncate AFTER TRUNCATE ON appeal
        FOR EACH STATEMENT EXECUTE FUNCTION close_age_truncate();
    CREATE INDEX age_holder_days ON age_holder_folded (holder_id, day);"""
# The days within which an appeal of a regime should be resolved: of the figure alone, no deadline follows from it.
SETTING = f"""
    ALTER TABLE regime ADD COLUMN resolution_days smallint NOT NULL DEFAULT 30
        CHECK (resolution_days BETWEEN 1 AND {MAX_AGE});"""


def upgrade() -> None:
    """Make the cubes and what fills them, and count the appeals that there are."""
    run = op.get_bind().exec_driver_sql
    run("LOCK TABLE appeal IN SHARE MODE")
    run(SETTING)
    run(FRESH.format(truth=closed_ages("appeal", "1")))
    for name in CUBES:
        run(cube_sql(name))
    run(fold_sql())
    run(trigger("insert", {"new_rows": "1"}, "NEW TABLE AS new_rows"))
    run(trigger("delete", {"old_rows": "-1"}, "OLD TABLE AS old_rows"))
    run(trigger("update", {"new_rows": "1", "old_rows": "-1"}, "NEW TABLE AS new_rows OLD TABLE AS old_rows"))
    run(TRUNCATE)


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
