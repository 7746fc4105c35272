"""What panels ask beyond the first cubes.

Cells of eight and of 64 days beside those of one, so that a range of any length is a few cells added and taken away;
organisations in their regions alone, where they have nearly all they hold; ratings by the time that an answer took;
what municipalities write about, by sixteen days; how many are open at each stage of a topic and with each holder.
"""

from typing import NamedTuple

from alembic import op

revision = "0004"
down_revision = "0003"

# What 0002 counts, each in a column of the facts.
NAMES = [
    *("received", "received_resolved", "redirected", "closed", "resolved", "on_time", "late", "reopened"),
    *("rated_1", "rated_2", "rated_3", "rated_4", "rated_5", "answer_seconds", "late_due"),
]
SMALL = {"bucket", "hour", "channel_id", "regime_id", "status_id", "span", "wait"}
# Blocks of days are counted from here, a Monday: a day's block begins (day - EPOCH) % span days before it.
EPOCH = "date '0001-01-01'"
RATINGS = [f"rated_{n}" for n in range(1, 6)]
# The class of an answer's time, by the days that it took: up to 1, 3, 8, 15, 30, more.
WAIT = " + ".join(f"(abs(f.answer_seconds) > {days * 86_400})::int" for days in (1, 3, 8, 15, 30))
HOURS_KEPT = 60


class Cube(NamedTuple):
    """The facts that it sums by place (and above it, or not), its keys with what they are, its measures.

    `spans` are the lengths of its cells in days; one that has none has no days, or cells of one day alone.
    """

    source: str
    place: str
    keys: dict[str, str]
    measures: dict[str, str]
    spans: tuple[int, ...] = ()
    condition: str = "true"
    above: bool = True


def by(*names: str) -> dict[str, str]:
    """Keys that are columns of the facts."""
    return {name: f"f.{name}" for name in names}


def sums(*names: str) -> dict[str, str]:
    """Measures that are sums of the facts' own."""
    return {name: f"f.{name}" for name in names}


EACH = sums(*NAMES)
HELD = {"appeals": "f.appeals"}
LENGTHS = (1, 8, 64)
CUBES = {
    "cube_place": Cube("fact", "place_id", by("day"), EACH, LENGTHS),
    "cube_topic": Cube("fact", "region_id", by("day", "topic_id"), EACH, LENGTHS),
    "cube_holder": Cube("fact", "region_id", by("day", "holder_id"), EACH, LENGTHS, above=False),
    "cube_wait": Cube(
        *("fact", "region_id", by("day") | {"wait": f"({WAIT})::smallint"}, sums("closed", *RATINGS)),
        condition="f.bucket IS NOT NULL",
    ),
    "cube_town": Cube(
        *("fact", "place_id", by("day", "topic_id"), sums("received", "received_resolved", "closed", "reopened")),
        spans=(16,),
        condition="f.place_id <> f.region_id",
        above=False,
    ),
    # Hours are compared with those of the last weeks alone.
    "cube_hour": Cube(
        *("fact", "region_id", by("day", "hour"), {"appeals": "f.received"}),
        condition=f"f.hour IS NOT NULL AND f.day >= current_date - {HOURS_KEPT}",
    ),
    "open_stage": Cube("open_fact", "region_id", by("topic_id", "status_id"), HELD),
    "open_held": Cube("open_fact", "region_id", by("holder_id"), HELD),
}
REPLACED = ("cube_place", "cube_topic", "cube_holder", "cube_hour")


class FirstCube(NamedTuple):
    """A cube of 0002: the facts that it sums, by their place and above it, its other keys, its measures."""

    source: str
    place: str
    keys: list[str]
    measures: dict[str, str]
    condition: str = ""


SUMS = {name: f"sum(f.{name})" for name in NAMES}
OPEN_DAYS = ["received_day", "risk_day", "deadline_day"]
OPEN_SUMS = {"appeals": "sum(f.appeals)"}
STAY = {
    "cube_intake": FirstCube("fact", "region_id", ["day", "channel_id", "regime_id"], SUMS),
    "cube_answer": FirstCube(
        "fact", "region_id", ["day", "bucket"], {"appeals": "sum(f.closed)"}, "WHERE f.bucket IS NOT NULL"
    ),
    "open_place": FirstCube("open_fact", "place_id", ["status_id", *OPEN_DAYS], OPEN_SUMS),
    "open_topic": FirstCube("open_fact", "region_id", ["topic_id", *OPEN_DAYS], OPEN_SUMS),
    "open_holder": FirstCube("open_fact", "region_id", ["holder_id", *OPEN_DAYS], OPEN_SUMS),
    "open_intake": FirstCube("open_fact", "region_id", ["channel_id", "regime_id", *OPEN_DAYS], OPEN_SUMS),
}
# In this order fresh facts are folded: the cubes of 0002, those in their places that are made anew here, and the others.
FOLDED = list(
    dict.fromkeys(["cube_place", "cube_topic", "cube_holder", "cube_intake", "cube_answer", "cube_hour", *STAY, *CUBES])
)


def kind(column: str) -> str:
    """The type of a cube's column."""
    if column in SMALL:
        return "smallint"
    if column == "answer_seconds":
        return "bigint"
    return "date" if column.endswith("day") else "integer"


def keys_of(cube: Cube) -> list[str]:
    """What a cell is found by, in the index's order."""
    return ["territory_id", *(["span"] if cube.spans else []), *cube.keys]


def listed(*names: str, of: str = "") -> str:
    """Columns, of a relation or not."""
    return ", ".join(f"{of}.{name}" if of else name for name in names)


def own_cells(cube: Cube, source: str) -> str:
    """The SELECT that sums facts into cells: by their own place first, then for each territory above."""
    keys = ", ".join(f"{value} AS {name}" for name, value in cube.keys.items())
    totals = ", ".join(f"sum({value})::{kind(name)} AS {name}" for name, value in cube.measures.items())
    again = ", ".join(f"sum(f.{name})::{kind(name)} AS {name}" for name in cube.measures)
    something = " OR ".join(f"sum(f.{name}) <> 0" for name in cube.measures)
    own = f"""
        SELECT f.{cube.place} AS territory_id, {keys}, {totals} FROM {source} AS f WHERE {cube.condition}
        GROUP BY f.{cube.place}, {", ".join(cube.keys.values())}"""
    if not cube.above:
        return f"SELECT * FROM ({own}) AS f WHERE {' OR '.join(f'f.{name} <> 0' for name in cube.measures)}"
    return f"""
        SELECT above.above_id AS territory_id, {listed(*cube.keys, of="f")}, {again}
        FROM ({own}) AS f JOIN territory_above AS above USING (territory_id)
        GROUP BY above.above_id, {listed(*cube.keys, of="f")} HAVING {something}"""


def cells(cube: Cube, source: str) -> str:
    """The same, for each length of a cell that the cube has."""
    if not cube.spans:
        return own_cells(cube, source)
    totals = ", ".join(f"sum({name})::{kind(name)}" for name in cube.measures)
    something = " OR ".join(f"sum({name}) <> 0" for name in cube.measures)
    others = [key for key in cube.keys if key != "day"]
    columns = listed("territory_id", *cube.keys, *cube.measures)
    parts = []
    for span in cube.spans:
        first_day = block(str(span), "day")
        parts.append(
            f"SELECT {columns}, 1::smallint AS span FROM days"
            if span == 1
            else f"""SELECT {listed("territory_id", f"{first_day} AS day", *others)}, {totals}, {span}::smallint AS span
                FROM days GROUP BY {listed("territory_id", first_day, *others)} HAVING {something}"""
        )
    # The columns are named by a table of them: the first part may be of one day or of many.
    return f"""WITH days AS MATERIALIZED ({own_cells(cube, source)})
        SELECT * FROM ({" UNION ALL ".join(parts)}) AS all_spans ({columns}, span)"""


def block(span: str, day: str) -> str:
    """The first day of the block of days in which a day lies."""
    return f"({day} - ({day} - {EPOCH}) % {span})"


def cube_sql(name: str) -> str:
    """The folded cells; the view of folded and fresh that screens read; the views that verify compares."""
    cube = CUBES[name]
    columns = [*cube.keys, *cube.measures, *(["span"] if cube.spans else [])]
    typed = ", ".join(f"{column} {kind(column)} NOT NULL" for column in columns)
    place, only = "above.above_id", "" if cube.above else "AND above.above_id = above.territory_id"
    above = f"JOIN territory_above AS above ON above.territory_id = f.{cube.place} {only}"
    fresh = f"FROM {cube.source}_fresh AS f {above}"
    values, measures = ", ".join(cube.keys.values()), ", ".join(cube.measures.values())
    own = listed("territory_id", *cube.keys, *cube.measures)
    lengths = ", ".join(f"({span})" for span in cube.spans)
    views = ""
    if cube.spans:
        views += f"""CREATE VIEW {name}_spans WITH (security_invoker = true) AS
            SELECT {own}, span FROM {name}_folded UNION ALL
            SELECT {place}, {values.replace("f.day", block("of.span", "f.day"))}, {measures}, of.span::smallint
            {fresh} CROSS JOIN (VALUES {lengths}) AS of (span) WHERE {cube.condition};"""
    if not cube.spans or 1 in cube.spans:
        only = "WHERE span = 1" if cube.spans else ""
        only = f"WHERE day >= current_date - {HOURS_KEPT}" if name == "cube_hour" else only
        views += f"""CREATE VIEW {name} WITH (security_invoker = true) AS SELECT {own} FROM {name}_folded {only}
            UNION ALL SELECT {place}, {values}, {measures} {fresh} WHERE {cube.condition};
            GRANT SELECT ON {name} TO otklik_app;"""
    return f"""
        CREATE TABLE {name}_folded (
            territory_id integer NOT NULL, {typed}, PRIMARY KEY ({listed(*keys_of(cube))})
        ) WITH (autovacuum_vacuum_scale_factor = 0.05);
        {views}
        CREATE VIEW {name}_truth WITH (security_invoker = true) AS {cells(cube, cube.source)};
        ALTER TABLE {name}_folded ENABLE ROW LEVEL SECURITY;
        CREATE POLICY scope ON {name}_folded FOR SELECT
            USING ((SELECT sees_everything()) OR territory_id = ANY ((SELECT visible_territories())::integer[]));
        GRANT SELECT ON {name}_folded TO otklik_app;"""


def first_cells(cube: FirstCube) -> str:
    """The SELECT that sums the facts that were taken into the cells of a cube of 0002."""
    listed = ", ".join(f"f.{key}" for key in cube.keys)
    sums = ", ".join(f"{total} AS {name}" for name, total in cube.measures.items())
    again = ", ".join(f"sum(f.{name})::{kind(name)} AS {name}" for name in cube.measures)
    something = " OR ".join(f"sum(f.{name}) <> 0" for name in cube.measures)
    return f"""
        SELECT above.above_id AS territory_id, {listed}, {again}
        FROM (
            SELECT f.{cube.place} AS place_id, {listed}, {sums} FROM taken AS f {cube.condition}
            GROUP BY f.{cube.place}, {listed}
        ) AS f JOIN territory_above AS above ON above.territory_id = f.place_id
        GROUP BY above.above_id, {listed} HAVING {something}"""


def first_upsert(name: str) -> str:
    """The statement that adds the facts that were taken to the folded cells of a cube of 0002."""
    cube = STAY[name]
    added = ", ".join(f"{measure} = c.{measure} + excluded.{measure}" for measure in cube.measures)
    return f"""INSERT INTO {name}_folded AS c (territory_id, {", ".join([*cube.keys, *cube.measures])}) {first_cells(cube)}
        ON CONFLICT (territory_id, {", ".join(cube.keys)}) DO UPDATE SET {added}"""


def upsert(name: str) -> str:
    """The statement that adds the facts that were taken to a cube's folded cells."""
    if name in STAY:
        return first_upsert(name)
    cube = CUBES[name]
    columns = listed("territory_id", *cube.keys, *cube.measures, *(["span"] if cube.spans else []))
    added = ", ".join(f"{measure} = c.{measure} + excluded.{measure}" for measure in cube.measures)
    return f"""INSERT INTO {name}_folded AS c ({columns}) {cells(cube, "taken")}
        ON CONFLICT ({listed(*keys_of(cube))}) DO UPDATE SET {added}"""


def fold_sql() -> str:
    """Fresh facts into folded cells, some at a time; one folder at a time, so its upserts meet nobody."""
    steps = []
    everything = {name: (CUBES[name] if name in CUBES else STAY[name]).source for name in FOLDED}
    for source in ("fact", "open_fact"):
        *others, last = [name for name, of in everything.items() if of == source]
        steps.append(f"""
            WITH taken AS (
                DELETE FROM {source}_fresh
                WHERE ctid = ANY (ARRAY(SELECT ctid FROM {source}_fresh LIMIT at_most))
                RETURNING *
            ), {", ".join(f"{name}_done AS ({upsert(name)})" for name in others)} {upsert(last)};""")
    emptied = " ".join(
        f"DELETE FROM {name}_folded WHERE appeals = 0;" for name in everything if name.startswith("open")
    )
    return f"""
        CREATE OR REPLACE FUNCTION fold_cubes(at_most integer DEFAULT 100000) RETURNS boolean LANGUAGE plpgsql AS $$
        DECLARE more boolean;
        BEGIN
            IF NOT (EXISTS (SELECT FROM fact_fresh) OR EXISTS (SELECT FROM open_fact_fresh))
                OR NOT pg_try_advisory_xact_lock(hashtext('otklik fold')) THEN
                RETURN false;
            END IF;
            {" ".join(steps)}
            {emptied}
            DELETE FROM cube_hour_folded WHERE day < current_date - {HOURS_KEPT};
            SELECT EXISTS (SELECT FROM fact_fresh) OR EXISTS (SELECT FROM open_fact_fresh) INTO more;
            RETURN more;
        END $$;"""


def truncate_sql() -> str:
    """What goes with all appeals."""
    emptied = listed("fact_fresh", "open_fact_fresh", *(f"{name}_folded" for name in [*STAY, *CUBES]))
    return f"""
        CREATE OR REPLACE FUNCTION roll_up_truncate() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            TRUNCATE {emptied};
            PERFORM pg_notify('otklik_appeals', '');
            RETURN NULL;
        END $$;"""


# What the cubes hold that stay, folded; nobody writes meanwhile.
SETTLED = """
    LOCK TABLE appeal IN SHARE MODE;
    SELECT pg_advisory_xact_lock(hashtext('otklik fold'));
    DO $$ BEGIN WHILE fold_cubes() LOOP END LOOP; END $$;"""
# An organisation's days, wherever it holds something; the low ratings of each region; and a municipality's appeals, which lie in its region.
BESIDES = """
    CREATE INDEX cube_holder_days ON cube_holder_folded (holder_id, span, day);
    CREATE INDEX appeal_low_rating ON appeal (region_id, closed_at) WHERE rating <= 2;
    ALTER TABLE territory ADD CONSTRAINT territory_in_its_parent UNIQUE (id, parent_id);
    ALTER TABLE appeal DROP CONSTRAINT appeal_municipality_id_fkey, ADD CONSTRAINT municipality_in_its_region
        FOREIGN KEY (municipality_id, region_id) REFERENCES territory (id, parent_id);"""


def upgrade() -> None:
    """Make the cubes anew that change, and those that are new, and count the appeals that there are."""
    run = op.get_bind().exec_driver_sql
    run(SETTLED)
    for name in REPLACED:
        run(f"DROP VIEW {name}, {name}_truth; DROP TABLE {name}_folded")
    for name, cube in CUBES.items():
        run(cube_sql(name))
        columns = listed("territory_id", *cube.keys, *cube.measures, *(["span"] if cube.spans else []))
        run(f"INSERT INTO {name}_folded SELECT {columns} FROM {name}_truth ORDER BY {listed(*keys_of(cube))}")
    run(BESIDES)
    run(fold_sql())
    run(truncate_sql())


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
