"""Cells that take less room and are read in fewer rows: ages beside the counts of a day, answer times side by side.

The counts of appeals by age at the close become columns of the cells that are received by day already, for each length
of a cell: a table of their own repeated the keys and the index for two or three numbers, and had only single days. The
counts by answer time have 32 buckets in a row, in place of a row for each.
"""

import re
from typing import NamedTuple

from alembic import op

revision = "0027"
down_revision = "0026"

AGES = range(61)
AGE_COLUMNS = [f"{kind}_{age}" for kind in ("resolved", "other") for age in AGES]
# Blocks of days are counted from here, a Monday.
EPOCH = "date '0001-01-01'"
SPANS = (1, 8, 64)
SECURITY = "WITH (security_invoker = true)"


class Cube(NamedTuple):
    """The place that facts are summed by (and above it, or not), its other keys, and whether cells have lengths."""

    place: str
    keys: tuple[str, ...] = ()
    spanned: bool = True
    above: bool = True

    @property
    def key_columns(self) -> list[str]:
        """What a cell is found by, in the order of the index."""
        return ["territory_id", *(["span"] if self.spanned else []), "day", *self.keys]


CUBES = {
    "place": Cube("place_id"),
    "topic": Cube("region_id", ("topic_id",)),
    "holder": Cube("region_id", ("holder_id",), above=False),
    "intake": Cube("region_id", ("channel_id", "regime_id"), spanned=False),
}


def listed(*names: str, of: str = "") -> str:
    """Columns, of a relation or not."""
    return ", ".join(f"{of}.{name}" if of else name for name in names)


def block(span: str, day: str) -> str:
    """The first day of the block of days in which a day lies."""
    return f"({day} - ({day} - {EPOCH}) % {span})"


def spans() -> str:
    """The lengths of cells as a relation `of`."""
    return f"(VALUES {', '.join(f'({span}::smallint)' for span in SPANS)}) AS of (span)"


def age_days(cube: Cube, source: str) -> str:
    """The SELECT that sums closed appeals into cells of single days: by their own place and age first."""
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


def longer_cells(cube: Cube, days: str) -> str:
    """The SELECTs that sum cells of single days into cells of each length, those of single days themselves first."""
    columns = listed("territory_id", "day", *cube.keys, *AGE_COLUMNS)
    sums = ", ".join(f"nullif(sum({column}), 0)::integer" for column in AGE_COLUMNS)
    parts = [f"SELECT {columns}, 1::smallint AS span FROM {days}"]
    for span in SPANS[1:]:
        keys = listed("territory_id", block(str(span), "day"), *cube.keys)
        parts.append(f"SELECT {keys}, {sums}, {span}::smallint FROM {days} GROUP BY {keys}")
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS all_spans ({columns}, span)"


def age_cells(cube: Cube, source: str) -> str:
    """The SELECT that sums closed appeals into all cells of a cube: `cell_columns`."""
    if not cube.spanned:
        return age_days(cube, source)
    return f"WITH days AS MATERIALIZED ({age_days(cube, source)}) {longer_cells(cube, 'days')}"


def cell_columns(cube: Cube) -> str:
    """The columns of `age_cells`, in their order."""
    return listed("territory_id", "day", *cube.keys, *AGE_COLUMNS, *(["span"] if cube.spanned else []))


def fresh_ages(cube: Cube, *, spanned: bool) -> str:
    """One row per fresh close, territory above it and, if `spanned`, length of a cell."""
    place, join = f"f.{cube.place}", ""
    if cube.above:
        place, join = "above.above_id", f"JOIN territory_above AS above ON above.territory_id = f.{cube.place}"
    keys = [place, *(["of.span"] if spanned else []), block("of.span", "f.day") if spanned else "f.day"]
    keys += [f"f.{key}" for key in cube.keys]
    ages = ", ".join(f"CASE WHEN f.age = {age} THEN f.{kind} END" for kind in ("resolved", "other") for age in AGES)
    lengths = f"CROSS JOIN {spans()}" if spanned else ""
    return f"SELECT {', '.join(keys)}, {ages} FROM close_age_fresh AS f {join} {lengths}"


def moved_ages(name: str, cube: Cube) -> str:
    """The columns of ages in the cells that there are, filled from the cells of single days that go."""
    days, keys, ages = f"age_{name}_folded", listed(*cube.key_columns), listed(*AGE_COLUMNS)
    if cube.spanned:
        days = f"({longer_cells(cube, days)})"
    return f"""
        DROP VIEW age_{name}, age_{name}_truth;
        CREATE TEMP TABLE saved ON COMMIT DROP AS SELECT * FROM cube_{name}_folded;
        TRUNCATE cube_{name}_folded;
        ALTER TABLE cube_{name}_folded {", ".join(f"ADD COLUMN {column} integer" for column in AGE_COLUMNS)};
        INSERT INTO cube_{name}_folded SELECT saved.*, {listed(*AGE_COLUMNS, of="ages")}
            FROM saved LEFT JOIN {days} AS ages USING ({keys}) ORDER BY {listed(*cube.key_columns, of="saved")};
        DROP TABLE saved, age_{name}_folded;
        DO $$
        DECLARE measure record;
        BEGIN
            -- A cell begins with whichever is folded first, its counts or its ages.
            FOR measure IN SELECT attname FROM pg_attribute WHERE attrelid = 'cube_{name}_folded'::regclass
                AND attnum > 0 AND NOT attisdropped AND attnotnull
                AND attname <> ALL ('{{{",".join(cube.key_columns)}}}'::name[])
            LOOP
                EXECUTE format('ALTER TABLE cube_{name}_folded ALTER COLUMN %I SET DEFAULT 0', measure.attname);
            END LOOP;
        END $$;
        CREATE VIEW age_{name} {SECURITY} AS
            SELECT {listed("territory_id", "day", *cube.keys)}, {ages} FROM cube_{name}_folded
            {"WHERE span = 1" if cube.spanned else ""}
            UNION ALL {fresh_ages(cube, spanned=False)};
        GRANT SELECT ON age_{name} TO otklik_app;
        CREATE VIEW age_{name}_truth {SECURITY} AS {age_cells(cube, "close_age")};"""


def spanned_view(name: str, cube: Cube) -> str:
    """Folded and fresh cells of all lengths, which verify compares with the truth."""
    columns = listed(*cube.key_columns, *AGE_COLUMNS)
    return f"""
        CREATE VIEW age_{name}_spans {SECURITY} AS SELECT {columns} FROM cube_{name}_folded
            UNION ALL {fresh_ages(cube, spanned=True)};"""


def fold_ages_sql() -> str:
    """Fresh closes into the cells, some at a time, under the lock of whoever folds."""
    writes = []
    for name, cube in CUBES.items():
        added = ", ".join(
            f"{column} = nullif(coalesce(c.{column}, 0) + coalesce(excluded.{column}, 0), 0)" for column in AGE_COLUMNS
        )
        writes.append(f"""INSERT INTO cube_{name}_folded AS c ({cell_columns(cube)})
            {age_cells(cube, "taken")} ON CONFLICT ({listed(*cube.key_columns)}) DO UPDATE SET {added}""")
    *first_writes, last_write = writes
    steps = ", ".join(f"done_{number} AS ({write})" for number, write in enumerate(first_writes))
    return f"""
        CREATE OR REPLACE FUNCTION fold_ages(at_most integer DEFAULT 100000) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM close_age_fresh) OR NOT pg_try_advisory_xact_lock(hashtext('otklik fold')) THEN
                RETURN false;
            END IF;
            WITH taken AS (
                DELETE FROM close_age_fresh WHERE ctid = ANY (ARRAY(SELECT ctid FROM close_age_fresh LIMIT at_most))
                RETURNING *
            ), {steps} {last_write};
            RETURN EXISTS (SELECT FROM close_age_fresh);
        END $$;"""


# Buckets of answer times in a row of cube_answer: the bucket is 32 x the row's number plus the column's.
BUCKETS = range(32)
BUCKET_COLUMNS = [f"appeals_{number}" for number in BUCKETS]


def bucket_columns(appeals: str) -> str:
    """The number of appeals in each bucket of a row, NULL for none."""
    return ", ".join(
        f"nullif(sum({appeals}) FILTER (WHERE f.bucket & 31::smallint = {number}), 0)::integer AS appeals_{number}"
        for number in BUCKETS
    )


def answer_cells(source: str) -> str:
    """The SELECT that sums answer times into rows of buckets: by region first."""
    return f"""
        SELECT above.above_id AS territory_id, f.day, (f.bucket >> 5)::smallint AS buckets, {bucket_columns("f.appeals")}
        FROM (
            SELECT f.region_id AS place_id, f.day, f.bucket, sum(f.closed) AS appeals FROM {source} AS f
            WHERE f.bucket IS NOT NULL GROUP BY f.region_id, f.day, f.bucket HAVING sum(f.closed) <> 0
        ) AS f JOIN territory_above AS above ON above.territory_id = f.place_id
        GROUP BY above.above_id, f.day, f.bucket >> 5"""


ANSWER_KEYS = "territory_id, day, buckets"
FRESH_BUCKETS = ", ".join(f"CASE WHEN f.bucket & 31::smallint = {number} THEN f.closed END" for number in BUCKETS)
ANSWERS = f"""
    DROP VIEW cube_answer, cube_answer_truth;
    CREATE TEMP TABLE saved ON COMMIT DROP AS SELECT * FROM cube_answer_folded;
    TRUNCATE cube_answer_folded;
    ALTER TABLE cube_answer_folded DROP CONSTRAINT cube_answer_folded_pkey;
    ALTER TABLE cube_answer_folded DROP COLUMN bucket, DROP COLUMN appeals, ADD COLUMN buckets smallint NOT NULL,
        {", ".join(f"ADD COLUMN {column} integer" for column in BUCKET_COLUMNS)};
    INSERT INTO cube_answer_folded ({ANSWER_KEYS}, {listed(*BUCKET_COLUMNS)})
        SELECT f.territory_id, f.day, f.bucket >> 5, {bucket_columns("f.appeals")} FROM saved AS f
        GROUP BY f.territory_id, f.day, f.bucket >> 5 ORDER BY 1, 2, 3;
    DROP TABLE saved;
    ALTER TABLE cube_answer_folded ADD CONSTRAINT cube_answer_folded_pkey PRIMARY KEY ({ANSWER_KEYS});
    CREATE VIEW cube_answer {SECURITY} AS SELECT {ANSWER_KEYS}, {listed(*BUCKET_COLUMNS)} FROM cube_answer_folded
        UNION ALL SELECT above.above_id, f.day, (f.bucket >> 5)::smallint, {FRESH_BUCKETS} FROM fact_fresh AS f
            JOIN territory_above AS above ON above.territory_id = f.region_id WHERE f.bucket IS NOT NULL;
    GRANT SELECT ON cube_answer TO otklik_app;
    CREATE VIEW cube_answer_truth {SECURITY} AS {answer_cells("fact")};"""
FOLDED_ANSWERS = f"""cube_answer_done AS (
    INSERT INTO cube_answer_folded AS c ({ANSWER_KEYS}, {listed(*BUCKET_COLUMNS)}) {answer_cells("taken")}
    ON CONFLICT ({ANSWER_KEYS}) DO UPDATE SET {
    ", ".join(
        f"{column} = nullif(coalesce(c.{column}, 0) + coalesce(excluded.{column}, 0), 0)" for column in BUCKET_COLUMNS
    )
})"""
FOLDED_ANSWERS_BEFORE = re.compile(
    r"cube_answer_done AS \(.*?DO UPDATE SET appeals = c\.appeals \+ excluded\.appeals\)", re.DOTALL
)
# What the cubes hold, folded; nobody writes meanwhile.
SETTLED = """
    LOCK TABLE appeal IN SHARE MODE;
    SELECT pg_advisory_xact_lock(hashtext('otklik fold'));
    DO $$ BEGIN WHILE fold_cubes() LOOP END LOOP; WHILE fold_ages() LOOP END LOOP; END $$;
    CREATE OR REPLACE FUNCTION close_age_truncate() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        TRUNCATE close_age_fresh;
        RETURN NULL;
    END $$;"""


def upgrade() -> None:
    """Move the ages and the answer times of the appeals that there are, and what folds new ones."""
    run = op.get_bind().exec_driver_sql
    run(SETTLED)
    for name, cube in CUBES.items():
        run(moved_ages(name, cube))
        if cube.spanned:
            run(spanned_view(name, cube))
    run(fold_ages_sql())
    run(ANSWERS)
    definition: str = run("SELECT pg_get_functiondef('fold_cubes'::regproc)").scalar_one()
    folding, changes = FOLDED_ANSWERS_BEFORE.subn(lambda _part: FOLDED_ANSWERS, definition)
    if changes != 1:
        raise RuntimeError("fold_cubes has no statement for cube_answer, or several.")
    run(folding)


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
