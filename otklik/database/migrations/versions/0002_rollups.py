"""Rollups: narrow cubes that never disagree with the appeals.

A statement that changes appeals writes what it adds and takes away as *fresh* facts, in its own transaction and
without any lock that another writer could want: no deadlock, no lost delta. `fold_cubes` sums fresh facts into the
folded cells now and then. Screens read the view of both, which is exact at every moment. Every territory above an
appeal has its own cells, so a screen of the country reads as few as a screen of one town.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

# What an appeal counts for: the measure, the moment on whose local day it counts, how much. One that was due before
# it was received is late from its receipt on.
DUE_AT = "greatest(r.deadline_at, r.received_at)"
MEASURES = [
    ("received", "r.received_at", "1"),
    ("received_resolved", "r.received_at", "coalesce(outcome.resolved, false)::int"),
    ("redirected", "r.received_at", "(r.holder_id <> r.first_holder_id)::int"),
    ("closed", "r.closed_at", "1"),
    ("resolved", "r.closed_at", "coalesce(outcome.resolved, false)::int"),
    ("on_time", "r.closed_at", "coalesce(r.closed_at <= r.deadline_at, false)::int"),
    ("late", "r.closed_at", "coalesce(r.closed_at > r.deadline_at, false)::int"),
    ("reopened", "r.closed_at", "(r.reopened > 0)::int"),
    ("rated_1", "r.closed_at", "coalesce(r.rating = 1, false)::int"),
    ("rated_2", "r.closed_at", "coalesce(r.rating = 2, false)::int"),
    ("rated_3", "r.closed_at", "coalesce(r.rating = 3, false)::int"),
    ("rated_4", "r.closed_at", "coalesce(r.rating = 4, false)::int"),
    ("rated_5", "r.closed_at", "coalesce(r.rating = 5, false)::int"),
    ("answer_seconds", "r.closed_at", "extract(epoch from r.closed_at - r.received_at)::bigint"),
    ("late_due", DUE_AT, "1"),
]
NAMES = [name for name, _, _ in MEASURES]
LOCAL_DAY = "({} AT TIME ZONE territory.timezone)::date"
# The hour of a receipt; the answer time of a close as a bucket, each 5 % wider than the one before.
HOUR = "extract(hour from r.received_at AT TIME ZONE territory.timezone)::smallint"
BUCKET = """floor(ln(1 + extract(epoch from r.closed_at - r.received_at)::double precision / 60)
    / ln(1.05::double precision))::smallint"""
MOMENTS = {
    "r.received_at": ("true", HOUR, "NULL::smallint"),
    "r.closed_at": ("r.closed_at IS NOT NULL", "NULL::smallint", BUCKET),
    DUE_AT: ("r.closed_at > r.deadline_at", "NULL::smallint", "NULL::smallint"),
}
PLACED = """r.region_id, coalesce(r.municipality_id, r.region_id) AS place_id, r.topic_id, r.holder_id, r.channel_id,
    r.regime_id"""


def facts(rows: str, sign: str) -> str:
    """One row an appeal and moment that counts for something; `sign` is 1, or -1 for what a statement took away.

    `reached_at` is not before `at`, and an index has it: what was late is so when it is closed.
    """
    parts = []
    for moment, (condition, hour, bucket) in MOMENTS.items():
        counts = ", ".join(
            f"({f'{sign} * {amount}' if at == moment else '0'})::{'bigint' if name == 'answer_seconds' else 'int'} AS {name}"
            for name, at, amount in MEASURES
        )
        parts.append(f"""
            SELECT {PLACED}, {LOCAL_DAY.format(moment)} AS day, {hour} AS hour, {bucket} AS bucket, {counts},
                {moment} AS at, {"r.closed_at" if moment == DUE_AT else moment} AS reached_at
            FROM {rows} AS r
            JOIN territory ON territory.id = r.region_id
            LEFT JOIN outcome ON outcome.id = r.outcome_id
            WHERE {condition}""")
    return " UNION ALL ".join(parts)


def open_facts(rows: str, sign: str) -> str:
    """One row an open appeal: its days of receipt, risk and deadline (infinity where it has no deadline)."""
    return f"""
        SELECT {PLACED}, r.status_id, {LOCAL_DAY.format("r.received_at")} AS received_day,
            coalesce({LOCAL_DAY.format("r.risk_at")}, 'infinity') AS risk_day,
            coalesce({LOCAL_DAY.format("r.deadline_at")}, 'infinity') AS deadline_day,
            {sign} AS appeals
        FROM {rows} AS r
        JOIN territory ON territory.id = r.region_id
        WHERE r.closed_at IS NULL"""


SUMS = {name: f"sum(f.{name})" for name in NAMES}
OPEN_DAYS = ["received_day", "risk_day", "deadline_day"]
OPEN_SUMS = {"appeals": "sum(f.appeals)"}
# Cube: the facts it sums, the place above which it counts, its other keys in the index's order, its measures.
CUBES = {
    "cube_place": ("fact", "place_id", ["day"], SUMS),
    "cube_topic": ("fact", "region_id", ["day", "topic_id"], SUMS),
    "cube_holder": ("fact", "region_id", ["day", "holder_id"], SUMS),
    "cube_intake": ("fact", "region_id", ["day", "channel_id", "regime_id"], SUMS),
    "cube_answer": ("fact", "region_id", ["day", "bucket"], {"appeals": "sum(f.closed)"}),
    "cube_hour": ("fact", "region_id", ["day", "hour"], {"appeals": "sum(f.received)"}),
    "open_place": ("open_fact", "place_id", ["status_id", *OPEN_DAYS], OPEN_SUMS),
    "open_topic": ("open_fact", "region_id", ["topic_id", *OPEN_DAYS], OPEN_SUMS),
    "open_holder": ("open_fact", "region_id", ["holder_id", *OPEN_DAYS], OPEN_SUMS),
    "open_intake": ("open_fact", "region_id", ["channel_id", "regime_id", *OPEN_DAYS], OPEN_SUMS),
}
CONDITIONS = {"cube_answer": "WHERE f.bucket IS NOT NULL", "cube_hour": "WHERE f.hour IS NOT NULL"}
SMALL = {"bucket", "hour", "channel_id", "regime_id", "status_id"}


def kind(column: str) -> str:
    """The type of a cube's column."""
    if column in SMALL:
        return "smallint"
    if column == "answer_seconds":
        return "bigint"
    return "date" if column.endswith("day") else "integer"


def cells(cube: str, source: str) -> str:
    """The SELECT that sums facts into a cube's cells: by their own place first, then for each territory above."""
    _, place, keys, measures = CUBES[cube]
    listed = ", ".join(f"f.{key}" for key in keys)
    sums = ", ".join(f"{total} AS {name}" for name, total in measures.items())
    again = ", ".join(f"sum(f.{name})::{kind(name)} AS {name}" for name in measures)
    something = " OR ".join(f"sum(f.{name}) <> 0" for name in measures)
    return f"""
        SELECT above.above_id AS territory_id, {listed}, {again}
        FROM (
            SELECT f.{place} AS place_id, {listed}, {sums} FROM {source} AS f {CONDITIONS.get(cube, "")}
            GROUP BY f.{place}, {listed}
        ) AS f JOIN territory_above AS above ON above.territory_id = f.place_id
        GROUP BY above.above_id, {listed} HAVING {something}"""


def cube_sql(cube: str) -> str:
    """The folded cells of a cube; the view of folded and fresh that screens read; the view that recomputes it."""
    source, place, keys, measures = CUBES[cube]
    columns = ", ".join(f"{name} {kind(name)} NOT NULL" for name in [*keys, *measures])
    names = ", ".join([*keys, *measures])
    fresh = ", ".join([*(f"f.{key}" for key in keys), *(total[len("sum(") : -1] for total in measures.values())])
    return f"""
        CREATE TABLE {cube}_folded (
            territory_id integer NOT NULL, {columns}, PRIMARY KEY (territory_id, {", ".join(keys)})
        ) WITH (autovacuum_vacuum_scale_factor = 0.05);
        CREATE VIEW {cube} AS
            SELECT territory_id, {names} FROM {cube}_folded
            UNION ALL
            SELECT above.above_id, {fresh}
            FROM {source}_fresh AS f JOIN territory_above AS above ON above.territory_id = f.{place}
            {CONDITIONS.get(cube, "")};
        CREATE VIEW {cube}_truth AS {cells(cube, source)};"""


def upsert(cube: str, source: str) -> str:
    """The statement that adds facts to a cube's folded cells."""
    _, _, keys, measures = CUBES[cube]
    added = ", ".join(f"{name} = c.{name} + excluded.{name}" for name in measures)
    return f"""INSERT INTO {cube}_folded AS c (territory_id, {", ".join([*keys, *measures])}) {cells(cube, source)}
        ON CONFLICT (territory_id, {", ".join(keys)}) DO UPDATE SET {added}"""


def fold_sql() -> str:
    """Fresh facts into folded cells, some at a time; one folder at a time, so its upserts meet nobody."""
    steps = []
    for source in ("fact", "open_fact"):
        writes = [(cube, upsert(cube, "taken")) for cube, (of, *_) in CUBES.items() if of == source]
        *others, (_, last) = writes
        steps.append(f"""
            WITH taken AS (
                DELETE FROM {source}_fresh
                WHERE ctid = ANY (ARRAY(SELECT ctid FROM {source}_fresh LIMIT at_most))
                RETURNING *
            ), {", ".join(f"{cube}_done AS ({write})" for cube, write in others)} {last};""")
    emptied = "\n".join(f"DELETE FROM {cube}_folded WHERE appeals = 0;" for cube in CUBES if cube.startswith("open_"))
    return f"""
        CREATE FUNCTION fold_cubes(at_most integer DEFAULT 100000) RETURNS boolean LANGUAGE plpgsql AS $$
        DECLARE more boolean;
        BEGIN
            IF NOT (EXISTS (SELECT FROM fact_fresh) OR EXISTS (SELECT FROM open_fact_fresh))
                OR NOT pg_try_advisory_xact_lock(hashtext('otklik fold')) THEN
                RETURN false;
            END IF;
            {" ".join(steps)}
            {emptied}
            SELECT EXISTS (SELECT FROM fact_fresh) OR EXISTS (SELECT FROM open_fact_fresh) INTO more;
            RETURN more;
        END $$;
        COMMENT ON FUNCTION fold_cubes IS 'Sums fresh facts into folded cells; true while there are more.';"""


def trigger(event: str, rows: dict[str, str], transition: str) -> str:
    """The trigger of one kind of statement: what it adds and takes away, and word that something changed."""
    fresh = {"fact": facts, "open_fact": open_facts}
    columns = {
        "fact": "region_id, place_id, topic_id, holder_id, channel_id, regime_id, day, hour, bucket, "
        + ", ".join(NAMES),
        "open_fact": "region_id, place_id, topic_id, holder_id, channel_id, regime_id, status_id, received_day, "
        "risk_day, deadline_day, appeals",
    }
    writes = "".join(
        f"INSERT INTO {name}_fresh ({columns[name]}) SELECT {columns[name]} FROM ("
        + " UNION ALL ".join(make(table, sign) for table, sign in rows.items())
        + ") AS f;"
        for name, make in fresh.items()
    )
    return f"""
        CREATE FUNCTION roll_up_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM {next(iter(rows))}) THEN
                {writes}
                PERFORM pg_notify('otklik_appeals', '');
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER roll_up_{event} AFTER {event.upper()} ON appeal REFERENCING {transition}
            FOR EACH STATEMENT EXECUTE FUNCTION roll_up_{event}();"""


TERRITORIES = """
    -- Each territory with every territory above it, itself included.
    CREATE TABLE territory_above (
        territory_id integer NOT NULL REFERENCES territory ON DELETE CASCADE,
        above_id integer NOT NULL REFERENCES territory ON DELETE CASCADE,
        PRIMARY KEY (territory_id, above_id)
    );
    CREATE INDEX territory_above_below ON territory_above (above_id, territory_id);
    CREATE FUNCTION place_territory() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO territory_above
        SELECT NEW.id, NEW.id UNION ALL SELECT NEW.id, above_id FROM territory_above WHERE territory_id = NEW.parent_id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER place_territory AFTER INSERT ON territory FOR EACH ROW EXECUTE FUNCTION place_territory();

    -- A cube would silently disagree with the appeals if what it was counted by changed under it.
    CREATE FUNCTION stays_as_counted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'appeals are counted by the % of "%"; add another instead of changing it', TG_ARGV[0], OLD.code;
    END $$;
    CREATE TRIGGER parent_stays BEFORE UPDATE OF parent_id ON territory FOR EACH ROW
        WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION stays_as_counted('parent');
    CREATE TRIGGER timezone_stays BEFORE UPDATE OF timezone ON territory FOR EACH ROW
        WHEN (OLD.timezone <> NEW.timezone) EXECUTE FUNCTION stays_as_counted('time zone');
    CREATE TRIGGER resolved_stays BEFORE UPDATE OF resolved ON outcome FOR EACH ROW
        WHEN (OLD.resolved <> NEW.resolved) EXECUTE FUNCTION stays_as_counted('meaning');
"""


def upgrade() -> None:
    """Make the cubes, what fills them, and the views that recompute them from the appeals."""
    run = op.get_bind().exec_driver_sql
    run(TERRITORIES)
    run(f"CREATE VIEW fact AS {facts('appeal', '1')}; CREATE VIEW open_fact AS {open_facts('appeal', '1')}")
    run(
        "CREATE TABLE fact_fresh AS SELECT * FROM fact LIMIT 0; ALTER TABLE fact_fresh DROP COLUMN at, DROP COLUMN reached_at"
    )
    run("CREATE TABLE open_fact_fresh AS SELECT * FROM open_fact LIMIT 0")
    for cube in CUBES:
        run(cube_sql(cube))
    run(fold_sql())
    run(trigger("insert", {"new_rows": "1"}, "NEW TABLE AS new_rows"))
    run(trigger("delete", {"old_rows": "-1"}, "OLD TABLE AS old_rows"))
    run(trigger("update", {"new_rows": "1", "old_rows": "-1"}, "NEW TABLE AS new_rows OLD TABLE AS old_rows"))
    emptied = ", ".join(["fact_fresh", "open_fact_fresh", *(f"{cube}_folded" for cube in CUBES)])
    run(f"""
        CREATE FUNCTION roll_up_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            TRUNCATE {emptied};
            PERFORM pg_notify('otklik_appeals', '');
            RETURN NULL;
        END $$;
        CREATE TRIGGER roll_up_truncate AFTER TRUNCATE ON appeal
            FOR EACH STATEMENT EXECUTE FUNCTION roll_up_truncate();""")


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
