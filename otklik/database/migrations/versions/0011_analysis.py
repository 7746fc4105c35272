"""What the analysis asks of closed appeals and of doubtful ones, without reading all of a period.

How many of those received on a day were closed within how many days, and how many were recorded in a way that work is
seldom done in: by region and day, from what statements change as the other cubes are. An open appeal that nothing is
doubtful about leaves no trace, so that taking one in costs no more than looking at it.
"""

from pathlib import Path
from typing import NamedTuple

from alembic import op

revision = "0011"
down_revision = "0010"

LOCAL_DAY = "({} AT TIME ZONE territory.timezone)::date"


class Cube(NamedTuple):
    """The traces that it sums by region and above it: its day, its measures, which traces."""

    day: str
    measures: dict[str, str]
    condition: str = "true"


LONGEST = 60  # whole days until the close that are told apart; longer ones count as so many
CLOSING = {
    "closed": "true",
    "at_once": "r.closed_at - r.received_at < interval '1 minute'",
    "at_last": "r.closed_at <= r.deadline_at AND r.deadline_at - r.closed_at < interval '1 hour'",
    "explained": "outcome.code = 'explained'",
    "explained_reopened": "outcome.code = 'explained' AND r.reopened > 0",
}
RECEIPT = {
    # After a return the rating may be that of the first answer. What lies in the future does so for a while only.
    "disordered": "(r.deadline_at < r.received_at OR r.registered_at > r.closed_at"
    " OR (r.rated_at < r.closed_at AND r.reopened = 0))",
    "placeless": "(r.municipality_id IS NULL AND r.lon IS NULL)",
}
DOUBTS = [*list(CLOSING)[1:], *RECEIPT]
MEASURES = [*CLOSING, *RECEIPT]
KEYS = ["region_id", "day", "received_day", "lasted"]
COLUMNS = ", ".join([*KEYS, *MEASURES])
LASTED = f"""least(floor(greatest(extract(epoch from r.closed_at - r.received_at), 0) / 86400), {LONGEST})::smallint"""
LEAVES = f"(r.closed_at IS NOT NULL OR {' OR '.join(RECEIPT.values())})"
CUBES = {
    "cube_course": Cube(
        "f.received_day",
        {f"closed_{n}": f"CASE WHEN f.lasted = {n} THEN f.closed ELSE 0 END" for n in range(LONGEST + 1)},
        condition="f.lasted IS NOT NULL",
    ),
    "cube_doubt": Cube("f.day", {name: f"f.{name}" for name in DOUBTS}),
}


def cells(cube: Cube, source: str) -> str:
    """The SELECT that sums traces into cells: by their own region first, then for each territory above."""
    totals = ", ".join(f"sum({value})::integer AS {name}" for name, value in cube.measures.items())
    again = ", ".join(f"sum(f.{name})::integer AS {name}" for name in cube.measures)
    something = " OR ".join(f"sum(f.{name}) <> 0" for name in cube.measures)
    own = f"""
        SELECT f.region_id AS territory_id, {cube.day} AS day, {totals} FROM {source} AS f WHERE {cube.condition}
        GROUP BY f.region_id, {cube.day}"""
    return f"""
        SELECT above.above_id AS territory_id, f.day, {again}
        FROM ({own}) AS f JOIN territory_above AS above USING (territory_id)
        GROUP BY above.above_id, f.day HAVING {something}"""


def traces(rows: str, sign: str) -> str:
    """One row a closed appeal, and one an appeal that was doubtful as it came in."""
    received, closed = (LOCAL_DAY.format(f"r.{moment}_at") for moment in ("received", "closed"))

    def counts(counted: dict[str, str]) -> str:
        told = (f"{sign} * coalesce({counted[name]}, false)::int" if name in counted else "0" for name in MEASURES)
        return ", ".join(f"{value} AS {name}" for name, value in zip(MEASURES, told, strict=True))

    return f"""
        SELECT r.region_id, {closed} AS day, {received} AS received_day, {LASTED} AS lasted, {counts(CLOSING)}
        FROM {rows} AS r JOIN territory ON territory.id = r.region_id LEFT JOIN outcome ON outcome.id = r.outcome_id
        WHERE r.closed_at IS NOT NULL
        UNION ALL
        SELECT r.region_id, {received}, {received}, NULL::smallint, {counts(RECEIPT)}
        FROM {rows} AS r JOIN territory ON territory.id = r.region_id
        WHERE {" OR ".join(RECEIPT.values())}"""


def cube_sql(name: str) -> str:
    """The folded cells; the view of folded and fresh that screens read; the view that recomputes it."""
    cube = CUBES[name]
    measures = ", ".join(f"{measure} integer NOT NULL" for measure in cube.measures)
    own = ", ".join(["territory_id", "day", *cube.measures])
    fresh = ", ".join(["above.above_id", cube.day, *cube.measures.values()])
    return f"""
        CREATE TABLE {name}_folded (
            territory_id integer NOT NULL, day date NOT NULL, {measures}, PRIMARY KEY (territory_id, day)
        ) WITH (autovacuum_vacuum_scale_factor = 0.05);
        CREATE VIEW {name} WITH (security_invoker = true) AS SELECT {own} FROM {name}_folded
            UNION ALL SELECT {fresh} FROM trace_fresh AS f
            JOIN territory_above AS above ON above.territory_id = f.region_id WHERE {cube.condition};
        CREATE VIEW {name}_truth WITH (security_invoker = true) AS {cells(cube, "trace")};
        ALTER TABLE {name}_folded ENABLE ROW LEVEL SECURITY;
        CREATE POLICY scope ON {name}_folded FOR SELECT
            USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
        GRANT SELECT ON {name}_folded, {name} TO otklik_app;
        INSERT INTO {name}_folded ({own}) SELECT {own} FROM {name}_truth ORDER BY territory_id, day;"""


def trigger(event: str, rows: dict[str, str], transition: str) -> str:
    """What runs after a statement that may have changed appeals: it writes what changed of their traces."""
    any_left = " OR ".join(f"EXISTS (SELECT FROM {table} AS r WHERE {LEAVES})" for table in rows)
    changed = " UNION ALL ".join(traces(table, sign) for table, sign in rows.items())
    sums = ", ".join(f"sum({name})" for name in MEASURES)
    something = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
    return f"""
        CREATE FUNCTION trace_{event}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            IF {any_left} THEN
                INSERT INTO trace_fresh ({COLUMNS}) SELECT {", ".join(KEYS)}, {sums} FROM ({changed}) AS f
                GROUP BY {", ".join(KEYS)} HAVING {something};
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER trace_{event} AFTER {event.upper()} ON appeal REFERENCING {transition}
            FOR EACH STATEMENT EXECUTE FUNCTION trace_{event}();"""


def fold_sql() -> str:
    """Fresh traces into folded cells, some at a time, under the lock of whoever folds."""
    writes = []
    for name, cube in CUBES.items():
        added = ", ".join(f"{measure} = c.{measure} + excluded.{measure}" for measure in cube.measures)
        columns = ", ".join(["territory_id", "day", *cube.measures])
        writes.append(f"""INSERT INTO {name}_folded AS c ({columns}) {cells(cube, "taken")}
            ON CONFLICT (territory_id, day) DO UPDATE SET {added}""")
    return f"""
        CREATE FUNCTION fold_traces(at_most integer DEFAULT 100000) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM trace_fresh) OR NOT pg_try_advisory_xact_lock(hashtext('otklik fold')) THEN
                RETURN false;
            END IF;
            WITH taken AS (
                DELETE FROM trace_fresh WHERE ctid = ANY (ARRAY(SELECT ctid FROM trace_fresh LIMIT at_most))
                RETURNING *
            ), course_done AS ({writes[0]}) {writes[1]};
            RETURN EXISTS (SELECT FROM trace_fresh);
        END $$;
        COMMENT ON FUNCTION fold_traces IS 'Sums fresh traces into folded cells; true while there are more.';
        REVOKE EXECUTE ON FUNCTION fold_traces FROM PUBLIC;"""


def upgrade() -> None:
    """Make the cubes, what fills them, and count the appeals that there are."""
    run = op.get_bind().exec_driver_sql
    run("LOCK TABLE appeal IN SHARE MODE")
    run(f"CREATE VIEW trace WITH (security_invoker = true) AS {traces('appeal', '1')}")
    run("CREATE TABLE trace_fresh AS SELECT * FROM trace LIMIT 0")
    for name in CUBES:
        run(cube_sql(name))
    run(fold_sql())
    run(trigger("insert", {"new_rows": "1"}, "NEW TABLE AS new_rows"))
    run(trigger("delete", {"old_rows": "-1"}, "OLD TABLE AS old_rows"))
    run(trigger("update", {"new_rows": "1", "old_rows": "-1"}, "NEW TABLE AS new_rows OLD TABLE AS old_rows"))
    run(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
