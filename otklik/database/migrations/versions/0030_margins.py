"""How many local days before their deadline appeals are closed, for the excess of closes on the last working day.

Counted before was the last hour, which holds few closes of an office that goes home at six, and of one whose deadlines
end at midnight none. By the day of the deadline `cube_doubt` now has a column `margin_N` per number of days: closed by
the deadline, at most N days before. Which of these days were worked isn't in the cube: a calendar that is corrected
changes no cell.
"""

from alembic import op

revision = "0030"
down_revision = "0029"

LOCAL_DAY = "({} AT TIME ZONE territory.timezone)::date"
WEEK = "interval '168 hours'"
MAX_MARGIN_DAYS = 10
LONGEST = 60  # whole days until the close that are told apart; longer ones count as so many
CLOSING = {"closed": "true", "at_once": "r.closed_at - r.received_at < interval '1 minute'"}
FIRST_ANSWER = {
    "explained": "outcome.code = 'explained'",
    "explained_reopened": f"outcome.code = 'explained' AND r.first_returned_at <= r.first_answered_at + {WEEK}",
}
RECEIPT = {
    # After a return the rating may be that of the first answer. What lies in the future does so for a while only.
    "disordered": "(r.deadline_at < r.received_at OR r.registered_at > r.closed_at"
    " OR (r.rated_at < r.closed_at AND r.reopened = 0))",
    "placeless": "(r.municipality_id IS NULL AND r.lon IS NULL)",
}
MARGIN = {
    f"margin_{days}": f"{LOCAL_DAY.format('r.deadline_at')} - {LOCAL_DAY.format('r.closed_at')} <= {days}"
    for days in range(MAX_MARGIN_DAYS + 1)
}
MEASURES = [*CLOSING, *FIRST_ANSWER, *RECEIPT, *MARGIN]
KEYS = ["region_id", "day", "received_day", "lasted"]
LASTED = f"least(floor(greatest(extract(epoch from r.closed_at - r.received_at), 0) / 86400), {LONGEST})::smallint"
LEAVES = f"(r.closed_at IS NOT NULL OR r.first_answered_at IS NOT NULL OR {' OR '.join(RECEIPT.values())})"
CHANGES = {
    "insert": {"new_rows": "1"},
    "delete": {"old_rows": "-1"},
    "update": {"new_rows": "1", "old_rows": "-1"},
}
# By cube: the day, the measures, which traces.
CUBES = {
    "cube_course": (
        "f.received_day",
        {f"closed_{n}": f"CASE WHEN f.lasted = {n} THEN f.closed ELSE 0 END" for n in range(LONGEST + 1)},
        "f.lasted IS NOT NULL",
    ),
    "cube_doubt": ("f.day", {name: f"f.{name}" for name in MEASURES[1:]}, "true"),
}


def traces(rows: str, sign: str) -> str:
    """One row a closed appeal, one a first answer “explained”, one an appeal doubtful from its receipt, one a margin."""
    received, closed, due = (LOCAL_DAY.format(f"r.{moment}_at") for moment in ("received", "closed", "deadline"))

    def counts(counted: dict[str, str]) -> str:
        values = (f"{sign} * coalesce({counted[name]}, false)::int" if name in counted else "0" for name in MEASURES)
        return ", ".join(f"{value} AS {name}" for name, value in zip(MEASURES, values, strict=True))

    source = f"FROM {rows} AS r JOIN territory ON territory.id = r.region_id"
    first_answer = f"coalesce(r.first_answered_at, CASE WHEN r.reopened = 0 THEN r.closed_at END) + {WEEK}"
    return f"""
        SELECT r.region_id, {closed} AS day, {received} AS received_day, {LASTED} AS lasted, {counts(CLOSING)}
        {source} WHERE r.closed_at IS NOT NULL
        UNION ALL
        SELECT r.region_id, {LOCAL_DAY.format(f"({first_answer})")}, {received}, NULL::smallint, {counts(FIRST_ANSWER)}
        {source} JOIN outcome ON outcome.id = CASE WHEN r.reopened = 0 THEN r.outcome_id ELSE r.first_outcome_id END
        WHERE {FIRST_ANSWER["explained"]} AND {first_answer} IS NOT NULL
        UNION ALL
        SELECT r.region_id, {received}, {received}, NULL::smallint, {counts(RECEIPT)}
        {source} WHERE {" OR ".join(RECEIPT.values())}
        UNION ALL
        SELECT r.region_id, {due}, {received}, NULL::smallint, {counts(MARGIN)}
        {source} WHERE r.closed_at <= r.deadline_at AND {due} - {received} >= {MAX_MARGIN_DAYS}
            AND {due} - {closed} <= {MAX_MARGIN_DAYS}"""


def trace_trigger(event: str, rows: dict[str, str]) -> str:
    """What runs after a statement that may have changed appeals: it writes what changed of their traces."""
    any_left = " OR ".join(f"EXISTS (SELECT FROM {table} AS r WHERE {LEAVES})" for table in rows)
    changed = " UNION ALL ".join(traces(table, sign) for table, sign in rows.items())
    sums = ", ".join(f"sum({name})" for name in MEASURES)
    something = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
    keys = ", ".join(KEYS)
    return f"""
        CREATE OR REPLACE FUNCTION trace_{event}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            IF {any_left} THEN
                INSERT INTO trace_fresh ({keys}, {", ".join(MEASURES)})
                SELECT {keys}, {sums} FROM ({changed}) AS f GROUP BY {keys} HAVING {something};
            END IF;
            RETURN NULL;
        END $$;"""


def cells(name: str, source: str) -> str:
    """The SELECT that sums traces into cells: by their own region first, then for each territory above."""
    day, measures, condition = CUBES[name]
    totals = ", ".join(f"sum({value})::integer AS {measure}" for measure, value in measures.items())
    again = ", ".join(f"sum(f.{measure})::integer AS {measure}" for measure in measures)
    something = " OR ".join(f"sum(f.{measure}) <> 0" for measure in measures)
    return f"""
        SELECT above.above_id AS territory_id, f.day, {again}
        FROM (
            SELECT f.region_id AS territory_id, {day} AS day, {totals} FROM {source} AS f WHERE {condition}
            GROUP BY f.region_id, {day}
        ) AS f JOIN territory_above AS above USING (territory_id)
        GROUP BY above.above_id, f.day HAVING {something}"""


def truth_view(name: str) -> str:
    """The view that recomputes a cube from the appeals."""
    return f"CREATE VIEW {name}_truth WITH (security_invoker = true) AS {cells(name, 'trace')};"


def columns_of(name: str) -> str:
    """The columns of a cube, in the order of its views."""
    return ", ".join(["territory_id", "day", *CUBES[name][1]])


def fold_sql() -> str:
    """Fresh traces into folded cells, some at a time, under the lock of whoever folds."""
    writes = []
    for name, (_, measures, _) in CUBES.items():
        added = ", ".join(f"{measure} = c.{measure} + excluded.{measure}" for measure in measures)
        writes.append(f"""INSERT INTO {name}_folded AS c ({columns_of(name)}) {cells(name, "taken")}
            ON CONFLICT (territory_id, day) DO UPDATE SET {added}""")
    return f"""
        CREATE OR REPLACE FUNCTION fold_traces(at_most integer DEFAULT 100000) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM trace_fresh) OR NOT pg_try_advisory_xact_lock(hashtext('otklik fold')) THEN
                RETURN false;
            END IF;
            WITH taken AS (
                DELETE FROM trace_fresh WHERE ctid = ANY (ARRAY(SELECT ctid FROM trace_fresh LIMIT at_most))
                RETURNING *
            ), course_done AS ({writes[0]}) {writes[1]};
            RETURN EXISTS (SELECT FROM trace_fresh);
        END $$;"""


# What the cubes hold, folded; nobody writes meanwhile.
SETTLED = """
    LOCK TABLE appeal IN SHARE MODE;
    SELECT pg_advisory_xact_lock(hashtext('otklik fold'));
    DO $$ BEGIN WHILE fold_traces() LOOP END LOOP; END $$;
    DROP VIEW cube_doubt, cube_doubt_truth, cube_course_truth, trace;"""
TRACE_COLUMNS = f"""
    ALTER TABLE trace_fresh DROP COLUMN at_last, {", ".join(f"ADD COLUMN {name} integer" for name in MARGIN)};"""
DOUBT_CUBE = f"""
    ALTER TABLE cube_doubt_folded DROP COLUMN at_last,
        {", ".join(f"ADD COLUMN {name} integer NOT NULL DEFAULT 0" for name in MARGIN)};
    CREATE VIEW cube_doubt WITH (security_invoker = true) AS SELECT {columns_of("cube_doubt")} FROM cube_doubt_folded
        UNION ALL SELECT above.above_id, f.day, {", ".join(CUBES["cube_doubt"][1].values())} FROM trace_fresh AS f
        JOIN territory_above AS above ON above.territory_id = f.region_id;
    GRANT SELECT ON cube_doubt TO otklik_app;
    {truth_view("cube_doubt")}
    DELETE FROM cube_doubt_folded;
    ALTER TABLE cube_doubt_folded {", ".join(f"ALTER COLUMN {name} DROP DEFAULT" for name in MARGIN)};
    INSERT INTO cube_doubt_folded ({columns_of("cube_doubt")}) SELECT {columns_of("cube_doubt")}
        FROM cube_doubt_truth ORDER BY territory_id, day;"""


def upgrade() -> None:
    """Count the margins of the appeals that there are, and of what changes from now on."""
    run = op.get_bind().exec_driver_sql
    run(SETTLED)
    run(TRACE_COLUMNS)
    run(f"CREATE VIEW trace WITH (security_invoker = true) AS {traces('appeal', '1')}")
    run(truth_view("cube_course"))
    run(DOUBT_CUBE)
    run(fold_sql())
    for event, rows in CHANGES.items():
        run(trace_trigger(event, rows))


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
