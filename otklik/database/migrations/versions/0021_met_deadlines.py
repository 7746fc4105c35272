"""Deadlines by the day on which they fell: how many appeals were closed by theirs, beside those closed after it.

Of the appeals that were due in a period, the share closed in time needs both, each on the day of the deadline and not of
the close. What is due and still open is in the cubes of open appeals already.
"""

import re
from typing import NamedTuple

from alembic import op

revision = "0021"
down_revision = "0020"

NEW = "on_time_due"
# One that was due before it was received is late from its receipt on.
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
    ("late_due", DUE_AT, "(r.closed_at > r.deadline_at)::int"),
    (NEW, DUE_AT, "(r.closed_at <= r.deadline_at)::int"),
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
    DUE_AT: ("r.closed_at IS NOT NULL AND r.deadline_at IS NOT NULL", "NULL::smallint", "NULL::smallint"),
}
KEYS = "region_id, place_id, topic_id, holder_id, channel_id, regime_id"
PLACED = """r.region_id, coalesce(r.municipality_id, r.region_id) AS place_id, r.topic_id, r.holder_id, r.channel_id,
    r.regime_id"""
COLUMNS = {
    "fact": f"{KEYS}, day, hour, bucket, {', '.join(NAMES)}",
    "open_fact": f"{KEYS}, status_id, received_day, risk_day, deadline_day, appeals",
}
# What each kind of statement adds to the facts and takes away from them, by its transition table.
CHANGES = {
    "insert": {"new_rows": "1"},
    "delete": {"old_rows": "-1"},
    "update": {"new_rows": "1", "old_rows": "-1"},
}
# Blocks of days are counted from here, a Monday: a day's block begins (day - EPOCH) % span days before it.
EPOCH = "date '0001-01-01'"


class Cube(NamedTuple):
    """The place that facts are summed by (and above it, or not), the keys beside the day, the lengths of cells in days."""

    place: str
    keys: tuple[str, ...] = ()
    spans: tuple[int, ...] = (1, 8, 64)
    above: bool = True


CUBES = {
    "cube_place": Cube("place_id"),
    "cube_topic": Cube("region_id", ("topic_id",)),
    "cube_holder": Cube("region_id", ("holder_id",), above=False),
    "cube_intake": Cube("region_id", ("channel_id", "regime_id"), spans=()),
}


def facts(rows: str, sign: str) -> str:
    """One row an appeal and moment that counts for something; `sign` is 1, or -1 for what a statement took away.

    `reached_at` is a moment not after `at` by which an index finds the row. The new measure comes last: a view takes new
    columns at its end alone.
    """
    parts = []
    for moment, (condition, hour, bucket) in MOMENTS.items():
        counts = {
            name: f"({f'{sign} * {amount}' if at == moment else '0'})::{kind(name)} AS {name}"
            for name, at, amount in MEASURES
        }
        first, last = (", ".join(counts[name] for name in names) for names in (NAMES[:-1], NAMES[-1:]))
        parts.append(f"""
            SELECT {PLACED}, {LOCAL_DAY.format(moment)} AS day, {hour} AS hour, {bucket} AS bucket, {first},
                {moment} AS at, {moment} AS reached_at, {last}
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


def kind(column: str) -> str:
    """The type of a measure."""
    return "bigint" if column == "answer_seconds" else "integer"


def roll_up(event: str, rows: dict[str, str]) -> str:
    """What runs after a statement that may have changed appeals: as 0010 made it, with the new measure."""
    changed = {
        "fact": " UNION ALL ".join(facts(table, sign) for table, sign in rows.items()),
        "open_fact": " UNION ALL ".join(open_facts(table, sign) for table, sign in rows.items()),
    }
    writes = " ".join(
        f"INSERT INTO {name}_fresh ({COLUMNS[name]}) SELECT {COLUMNS[name]} FROM ({select}) AS f;"
        for name, select in changed.items()
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


def listed(*names: str, of: str = "") -> str:
    """Columns, of a relation or not."""
    return ", ".join(f"{of}.{name}" if of else name for name in names)


def block(span: str, day: str) -> str:
    """The first day of the block of days in which a day lies."""
    return f"({day} - ({day} - {EPOCH}) % {span})"


def own_cells(cube: Cube, source: str) -> str:
    """The SELECT that sums facts into cells: by their own place first, then for each territory above."""
    keys = listed("day", *cube.keys, of="f")
    totals = ", ".join(f"sum(f.{name})::{kind(name)} AS {name}" for name in NAMES)
    something = " OR ".join(f"sum(f.{name}) <> 0" for name in NAMES)
    own = f"SELECT f.{cube.place} AS territory_id, {keys}, {totals} FROM {source} AS f GROUP BY f.{cube.place}, {keys}"
    if not cube.above:
        return f"{own} HAVING {something}"
    return f"""
        SELECT above.above_id AS territory_id, {keys}, {totals}
        FROM ({own}) AS f JOIN territory_above AS above USING (territory_id)
        GROUP BY above.above_id, {keys} HAVING {something}"""


def cells(cube: Cube, source: str) -> str:
    """The same, for each length of a cell that the cube has."""
    if not cube.spans:
        return own_cells(cube, source)
    totals = ", ".join(f"sum({name})::{kind(name)}" for name in NAMES)
    something = " OR ".join(f"sum({name}) <> 0" for name in NAMES)
    columns = listed("territory_id", "day", *cube.keys, *NAMES)
    parts = [f"SELECT {columns}, 1::smallint AS span FROM days"]
    for span in cube.spans[1:]:
        keys = listed("territory_id", block(str(span), "day"), *cube.keys)
        parts.append(f"SELECT {keys}, {totals}, {span}::smallint FROM days GROUP BY {keys} HAVING {something}")
    return f"""WITH days AS MATERIALIZED ({own_cells(cube, source)})
        SELECT * FROM ({" UNION ALL ".join(parts)}) AS all_spans ({columns}, span)"""


def views(name: str, cube: Cube) -> str:
    """The view of folded and fresh cells that screens read, and those that verify compares."""
    own = listed("territory_id", "day", *cube.keys, *NAMES)
    only_own = "" if cube.above else "AND above.above_id = above.territory_id"
    above = f"JOIN territory_above AS above ON above.territory_id = f.{cube.place} {only_own}"
    rest = listed(*cube.keys, *NAMES, of="f")
    fresh = f"FROM fact_fresh AS f {above}"
    security = "WITH (security_invoker = true)"
    spanned = f"DROP VIEW {name}_spans;" if cube.spans else ""
    lengths = ", ".join(f"({span})" for span in cube.spans)
    if cube.spans:
        spanned += f"""
            CREATE VIEW {name}_spans {security} AS SELECT {own}, span FROM {name}_folded UNION ALL
            SELECT above.above_id, {block("of.span", "f.day")}, {rest}, of.span::smallint
            {fresh} CROSS JOIN (VALUES {lengths}) AS of (span);"""
    return f"""
        {spanned}
        DROP VIEW {name}, {name}_truth;
        CREATE VIEW {name} {security} AS SELECT {own} FROM {name}_folded {"WHERE span = 1" if cube.spans else ""}
            UNION ALL SELECT above.above_id, f.day, {rest} {fresh};
        GRANT SELECT ON {name} TO otklik_app;
        CREATE VIEW {name}_truth {security} AS {cells(cube, "fact")};"""


def filled(name: str, cube: Cube) -> str:
    """The column of a cube, and in it the appeals that there are; nothing else of the cube changes."""
    columns = listed("territory_id", "day", *cube.keys, *NAMES, *(["span"] if cube.spans else []))
    keys = listed("territory_id", *(["span"] if cube.spans else []), "day", *cube.keys)
    return f"""
        ALTER TABLE {name}_folded ADD COLUMN {NEW} integer NOT NULL DEFAULT 0;
        INSERT INTO {name}_folded AS c ({columns}) {cells(cube, f"(SELECT * FROM fact WHERE {NEW} <> 0)")}
        ON CONFLICT ({keys}) DO UPDATE SET {NEW} = excluded.{NEW};
        ALTER TABLE {name}_folded ALTER COLUMN {NEW} DROP DEFAULT;"""


# In what folds the facts, late_due is the last measure everywhere: whatever is said of it is said of the new one too.
LATE_DUE = re.compile(
    r"late_due = c\.late_due \+ excluded\.late_due"
    r"|sum\((?:f\.)?late_due\)(?:::integer)?(?: AS late_due| <> 0)?"
    r"|(?:f\.)?late_due(?: <> 0)?"
)


def widened(function: str) -> str:
    """The definition of a function with the new measure after each mention of late_due."""
    return LATE_DUE.sub(
        lambda part: part[0] + (" OR " if part[0].endswith("<> 0") else ", ") + part[0].replace("late_due", NEW),
        function,
    )


# What the cubes hold, folded; nobody writes meanwhile.
SETTLED = """
    LOCK TABLE appeal IN SHARE MODE;
    SELECT pg_advisory_xact_lock(hashtext('otklik fold'));
    DO $$ BEGIN WHILE fold_cubes() LOOP END LOOP; END $$;"""
# The appeals that were due on some days; nearly all deadlines are last seconds of days, so the index is small.
INDEX = f"CREATE INDEX appeal_due ON appeal (region_id, ({DUE_AT.replace('r.', '')})) WHERE deadline_at IS NOT NULL"


def upgrade() -> None:
    """Add the measure to the facts and the cubes, and count the appeals that there are."""
    run = op.get_bind().exec_driver_sql
    run(SETTLED)
    run(INDEX)
    run(f"ALTER TABLE fact_fresh ADD COLUMN {NEW} integer")
    run(f"CREATE OR REPLACE VIEW fact WITH (security_invoker = true) AS {facts('appeal', '1')}")
    for name, cube in CUBES.items():
        run(filled(name, cube))
        run(views(name, cube))
    definition = run("SELECT pg_get_functiondef('fold_cubes'::regproc)").scalar_one()
    run(widened(definition))
    for event, rows in CHANGES.items():
        run(roll_up(event, rows))


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
