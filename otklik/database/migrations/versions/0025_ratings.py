"""Ratings by the day on which they were given, and those of answers that a later one has replaced.

The appeal has its latest rating. One of an earlier answer goes to `earlier_rating` when it would be overwritten: by a
rating of a later answer, or by none since the appeal was taken up again. A rating changed without a new answer is
corrected in its place. Cubes count both kinds on the day of the rating, whatever became of the appeal since.
"""

import re
from typing import NamedTuple

from alembic import op

revision = "0025"
down_revision = "0024"

DUE_AT = "greatest(r.deadline_at, r.received_at)"
RATINGS = [f"rated_{rating}" for rating in range(1, 6)]
NEW = "closed_rated"
MEASURES = [
    ("received", "r.received_at", "1"),
    ("received_resolved", "r.received_at", "coalesce(outcome.resolved, false)::int"),
    ("redirected", "r.received_at", "(r.holder_id <> r.first_holder_id)::int"),
    ("closed", "r.closed_at", "1"),
    ("resolved", "r.closed_at", "coalesce(outcome.resolved, false)::int"),
    ("on_time", "r.closed_at", "coalesce(r.closed_at <= r.deadline_at, false)::int"),
    ("late", "r.closed_at", "coalesce(r.closed_at > r.deadline_at, false)::int"),
    ("reopened", "r.closed_at", "(r.reopened > 0)::int"),
    *((f"rated_{rating}", "g.rated_at", f"(g.rating = {rating})::int") for rating in range(1, 6)),
    ("answer_seconds", "r.closed_at", "extract(epoch from r.closed_at - r.received_at)::bigint"),
    ("late_due", DUE_AT, "(r.closed_at > r.deadline_at)::int"),
    ("on_time_due", DUE_AT, "(r.closed_at <= r.deadline_at)::int"),
    (NEW, "r.closed_at", "(r.rating IS NOT NULL)::int"),
]
NAMES = [name for name, _, _ in MEASURES]
LATER_NAMES = ("on_time_due", NEW)  # at the end of the view, which takes new columns there alone
LOCAL_DAY = "({} AT TIME ZONE territory.timezone)::date"
NONE = "NULL::smallint"
HOUR = "extract(hour from r.received_at AT TIME ZONE territory.timezone)::smallint"
# The answer time of a close as a bucket, each 5 % wider than the one before.
BUCKET = """floor(ln(1 + extract(epoch from r.closed_at - r.received_at)::double precision / 60)
    / ln(1.05::double precision))::smallint"""
# The class of an answer's time, by the days that it took: up to 1, 3, 8, 15, 30, more.
WAIT = f"""({
    " + ".join(
        f"(extract(epoch from r.closed_at - r.received_at)::bigint > {days * 86_400})::int"
        for days in (1, 3, 8, 15, 30)
    )
})::smallint"""
# The class of answer time of the answer that was rated; unknown unless the appeal still has that answer.
RATED_WAIT = f"CASE WHEN r.reopened = 0 OR r.rated_at >= r.closed_at THEN {WAIT} END"


class Moment(NamedTuple):
    """When an appeal counts: the rows that have the moment, and their hour, bucket and class of answer time."""

    condition: str
    hour: str = NONE
    bucket: str = NONE
    wait: str = NONE


MOMENTS = {
    "r.received_at": Moment("true", hour=HOUR),
    "r.closed_at": Moment("r.closed_at IS NOT NULL", bucket=BUCKET, wait=WAIT),
    DUE_AT: Moment("r.closed_at IS NOT NULL AND r.deadline_at IS NOT NULL"),
    "g.rated_at": Moment("g.rating IS NOT NULL", wait=RATED_WAIT),
}
KEYS = "region_id, place_id, topic_id, holder_id, channel_id, regime_id"
PLACED = """r.region_id, coalesce(r.municipality_id, r.region_id) AS place_id, r.topic_id, r.holder_id, r.channel_id,
    r.regime_id"""
COLUMNS = {
    "fact": f"{KEYS}, day, hour, bucket, wait, {', '.join(NAMES)}",
    "open_fact": f"{KEYS}, status_id, received_day, risk_day, deadline_day, appeals",
}
CHANGES = {
    "insert": {"new_rows": "1"},
    "delete": {"old_rows": "-1"},
    "update": {"new_rows": "1", "old_rows": "-1"},
}
EPOCH = "date '0001-01-01'"  # a Monday: a day's block begins (day - EPOCH) % span days before it


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


def moment_facts(rows: str, sign: str, at: str, moment: Moment, join: str = "") -> str:
    """One row an appeal with this moment; `sign` is 1, or -1 for what a statement took away."""
    counts = {
        name: f"({f'{sign} * {amount}' if measure_at == at else '0'})::{kind(name)} AS {name}"
        for name, measure_at, amount in MEASURES
    }
    first, last = (
        ", ".join(counts[name] for name in names)
        for names in ([name for name in NAMES if name not in LATER_NAMES], LATER_NAMES)
    )
    return f"""
        SELECT {PLACED}, {LOCAL_DAY.format(at)} AS day, {moment.hour} AS hour, {moment.bucket} AS bucket, {first},
            {at} AS at, {at} AS reached_at, {last}, {moment.wait} AS wait
        FROM {rows} AS r
        JOIN territory ON territory.id = r.region_id
        LEFT JOIN outcome ON outcome.id = r.outcome_id {join}
        WHERE {moment.condition}"""


def facts(rows: str, sign: str) -> str:
    """One row an appeal and moment that counts for something, without the ratings of earlier answers."""
    parts = (moment_facts(rows, sign, at, moment) for at, moment in MOMENTS.items())
    # The latest rating is on the appeal itself.
    return " UNION ALL ".join(parts).replace("g.rat", "r.rat")


def earlier_facts(rows: str, sign: str, ratings: str = "earlier_rating") -> str:
    """One row a rating of an earlier answer of these appeals. An appeal's id is its own, whatever its region becomes."""
    return moment_facts(
        rows, sign, "g.rated_at", Moment("g.rating IS NOT NULL"), f"JOIN {ratings} AS g ON g.appeal_id = r.id"
    )


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


def written(name: str, *selects: str) -> str:
    """The statement that adds fresh facts."""
    return (
        f"INSERT INTO {name}_fresh ({COLUMNS[name]}) SELECT {COLUMNS[name]} FROM ({' UNION ALL '.join(selects)}) AS f;"
    )


def trigger_function(name: str, body: str) -> str:
    """A trigger's function that may write what its caller can't."""
    return f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            {body}
        END $$;"""


def roll_up(event: str, rows: dict[str, str]) -> str:
    """What runs after a statement that may have changed appeals: as 0021 made it, with ratings on their day."""
    earlier = ""
    if event == "update":
        # Those that this very statement replaced were counted as of the appeal before it: taken away here, and counted
        # as of the appeal now.
        moved = written("fact", *(earlier_facts(table, sign) for table, sign in rows.items()))
        earlier = f"IF EXISTS (SELECT FROM new_rows JOIN earlier_rating ON appeal_id = id) THEN {moved} END IF;"
    return trigger_function(
        f"roll_up_{event}",
        f"""
            IF EXISTS (SELECT FROM {next(iter(rows))}) THEN
                {written("fact", *(facts(table, sign) for table, sign in rows.items()))}
                {written("open_fact", *(open_facts(table, sign) for table, sign in rows.items()))}
                {earlier}
                IF pg_try_advisory_xact_lock(hashtext('otklik news')) THEN
                    PERFORM pg_notify('otklik_appeals', '');
                ELSE
                    PERFORM pg_advisory_xact_lock_shared(hashtext('otklik'), hashtext('unsaid'));
                    PERFORM nextval('unsaid');
                END IF;
            END IF;
            RETURN NULL;""",
    )


STORE = """
    CREATE TABLE earlier_rating (
        region_id integer NOT NULL,
        appeal_id bigint NOT NULL,
        -- Counted from 1 in the order in which the rated answers were given.
        number smallint NOT NULL CHECK (number > 0),
        rated_at timestamptz NOT NULL,
        rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
        PRIMARY KEY (appeal_id, number, region_id),
        FOREIGN KEY (region_id, appeal_id) REFERENCES appeal ON UPDATE CASCADE
    );
    COMMENT ON TABLE earlier_rating IS
        'One row a rating of an answer that a later one replaced, or that was taken back; the latest is on the appeal.';
    CREATE INDEX earlier_rating_day ON earlier_rating (region_id, rated_at);
    CREATE INDEX earlier_rating_low_anywhere ON earlier_rating (rated_at) WHERE rating <= 2;
    ALTER TABLE earlier_rating ENABLE ROW LEVEL SECURITY;
    CREATE POLICY scope ON earlier_rating FOR SELECT
        USING ((SELECT sees_everything()) OR region_id = ANY ((SELECT visible_territories())::integer[])
            OR EXISTS (SELECT FROM appeal AS a WHERE a.region_id = earlier_rating.region_id AND a.id = appeal_id));
    CREATE VIEW given_rating WITH (security_invoker = true) AS
        SELECT region_id, id AS appeal_id, rated_at, rating, true AS is_latest FROM appeal WHERE rating IS NOT NULL
        UNION ALL SELECT region_id, appeal_id, rated_at, rating, false FROM earlier_rating;
    COMMENT ON VIEW given_rating IS 'One row a rating: the latest of each appeal, and those of its earlier answers.';
    GRANT SELECT ON earlier_rating, given_rating TO otklik_app;
    DROP INDEX appeal_low_rating, appeal_low_rating_anywhere;
    CREATE INDEX appeal_rated ON appeal (region_id, rated_at) WHERE rating IS NOT NULL;
    CREATE INDEX appeal_low_rating ON appeal (region_id, rated_at) WHERE rating <= 2;
    CREATE INDEX appeal_low_rating_anywhere ON appeal (rated_at) WHERE rating <= 2;"""
# The history knows them where the appeal was rated here, or an import changed the rating together with the answer.
CARRIED_OVER = """
    INSERT INTO earlier_rating (region_id, appeal_id, number, rated_at, rating)
    SELECT region_id, appeal_id, row_number() OVER (PARTITION BY appeal_id ORDER BY rated_at), rated_at, rating FROM (
        SELECT DISTINCT ON (e.appeal_id, given.rated_at) e.region_id, e.appeal_id, given.rated_at, given.rating
        FROM event AS e JOIN appeal AS a ON a.region_id = e.region_id AND a.id = e.appeal_id
        CROSS JOIN LATERAL (
            SELECT e.at AS rated_at, (e.after->>'rating')::smallint AS rating
            WHERE e.kind = 'rated' AND EXISTS (
                SELECT FROM event AS r
                WHERE r.region_id = e.region_id AND r.appeal_id = e.appeal_id AND r.kind = 'reopened' AND r.at >= e.at)
            UNION ALL
            SELECT (e.before->>'rated')::timestamptz, (e.before->>'rating')::smallint
            WHERE e.kind = 'imported' AND e.after ? 'closed'
                AND coalesce((e.after->>'closed')::timestamptz, 'infinity') > (e.before->>'rated')::timestamptz
        ) AS given
        WHERE e.kind IN ('rated', 'imported') AND given.rating BETWEEN 1 AND 5
            AND given.rated_at < coalesce(a.rated_at, 'infinity') AND given.rated_at >= a.received_at
        ORDER BY e.appeal_id, given.rated_at, e.id
    ) AS earlier;"""
# Answered again: closed after the old rating by another close than before, or one that followed a re-opening.
KEEP = """
            IF NEW.rating IS NULL AND (NEW.closed_at IS NULL OR NEW.closed_at > OLD.rated_at)
                OR NEW.closed_at > OLD.rated_at AND NEW.rated_at >= NEW.closed_at
                    AND (NEW.reopened > 0 OR OLD.closed_at IS DISTINCT FROM NEW.closed_at)
            THEN
                INSERT INTO earlier_rating (region_id, appeal_id, number, rated_at, rating)
                SELECT OLD.region_id, OLD.id, coalesce(max(number), 0) + 1, OLD.rated_at, OLD.rating
                FROM earlier_rating WHERE appeal_id = OLD.id;
            END IF;
            RETURN NEW;"""
FORGET = """
            DELETE FROM earlier_rating WHERE appeal_id = OLD.id AND region_id = OLD.region_id;
            RETURN OLD;"""
TRIGGERS = """
    CREATE TRIGGER keep_rating BEFORE UPDATE ON appeal FOR EACH ROW
        WHEN (OLD.rating IS NOT NULL AND (OLD.rating, OLD.rated_at) IS DISTINCT FROM (NEW.rating, NEW.rated_at))
        EXECUTE FUNCTION keep_rating();
    CREATE TRIGGER forget_ratings BEFORE DELETE ON appeal FOR EACH ROW EXECUTE FUNCTION forget_ratings();
    -- A corrected region only takes the ratings along: the appeal's own trigger counts them where they are now.
    CREATE TRIGGER earlier_rating_insert AFTER INSERT ON earlier_rating REFERENCING NEW TABLE AS changed_ratings
        FOR EACH STATEMENT EXECUTE FUNCTION earlier_rating_insert();
    CREATE TRIGGER earlier_rating_delete AFTER DELETE ON earlier_rating REFERENCING OLD TABLE AS changed_ratings
        FOR EACH STATEMENT EXECUTE FUNCTION earlier_rating_delete();"""


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


# What changes of a cube: ratings leave the day of the close for their own, and are counted on the former once.
MOVED = f"""(
    SELECT {KEYS}, day, {", ".join(name if name in (*RATINGS, NEW) else f"0 AS {name}" for name in NAMES)}
    FROM fact WHERE wait IS NOT NULL OR {" OR ".join(f"{name} <> 0" for name in RATINGS)}
    UNION ALL
    SELECT {PLACED}, {LOCAL_DAY.format("r.closed_at")},
        {", ".join(f"-(r.rating = {name[-1]})::int" if name in RATINGS else "0" for name in NAMES)}
    FROM appeal AS r JOIN territory ON territory.id = r.region_id WHERE r.closed_at IS NOT NULL AND r.rating IS NOT NULL
)"""


def recounted(name: str, cube: Cube) -> str:
    """The new column of a cube, and its ratings on their days; nothing else of the cube changes."""
    columns = listed("territory_id", "day", *cube.keys, *NAMES, *(["span"] if cube.spans else []))
    keys = listed("territory_id", *(["span"] if cube.spans else []), "day", *cube.keys)
    return f"""
        ALTER TABLE {name}_folded ADD COLUMN {NEW} integer NOT NULL DEFAULT 0;
        INSERT INTO {name}_folded AS c ({columns}) {cells(cube, MOVED)}
        ON CONFLICT ({keys}) DO UPDATE SET {", ".join(f"{name} = c.{name} + excluded.{name}" for name in (*RATINGS, NEW))};
        ALTER TABLE {name}_folded ALTER COLUMN {NEW} DROP DEFAULT;"""


WAIT_MEASURES = ("closed", *RATINGS, NEW)
WAIT_COLUMNS = f"territory_id, day, wait, {', '.join(WAIT_MEASURES)}"


def wait_cells(source: str) -> str:
    """The SELECT that sums facts into cells by class of answer time: by their own region first."""
    totals = ", ".join(f"sum(f.{name})::integer AS {name}" for name in WAIT_MEASURES)
    something = " OR ".join(f"sum(f.{name}) <> 0" for name in WAIT_MEASURES)
    own = f"""SELECT f.region_id AS territory_id, f.day, f.wait, {totals} FROM {source} AS f
        WHERE f.wait IS NOT NULL GROUP BY f.region_id, f.day, f.wait"""
    return f"""
        SELECT above.above_id AS territory_id, f.day, f.wait, {totals}
        FROM ({own}) AS f JOIN territory_above AS above USING (territory_id)
        GROUP BY above.above_id, f.day, f.wait HAVING {something}"""


WAIT_CUBE = f"""
    DROP VIEW cube_wait, cube_wait_truth;
    ALTER TABLE cube_wait_folded ADD COLUMN {NEW} integer NOT NULL DEFAULT 0;
    ALTER TABLE cube_wait_folded ALTER COLUMN {NEW} DROP DEFAULT;
    CREATE VIEW cube_wait WITH (security_invoker = true) AS SELECT {WAIT_COLUMNS} FROM cube_wait_folded
        UNION ALL SELECT above.above_id, f.day, f.wait, {listed(*WAIT_MEASURES, of="f")} FROM fact_fresh AS f
        JOIN territory_above AS above ON above.territory_id = f.region_id WHERE f.wait IS NOT NULL;
    GRANT SELECT ON cube_wait TO otklik_app;
    CREATE VIEW cube_wait_truth WITH (security_invoker = true) AS {wait_cells("fact")};
    DELETE FROM cube_wait_folded;
    INSERT INTO cube_wait_folded ({WAIT_COLUMNS}) SELECT {WAIT_COLUMNS} FROM cube_wait_truth
        ORDER BY territory_id, day, wait;"""
WAIT_FOLD = f"""cube_wait_done AS (INSERT INTO cube_wait_folded AS c ({WAIT_COLUMNS}) {wait_cells("taken")}
        ON CONFLICT (territory_id, day, wait) DO UPDATE SET {
    ", ".join(f"{name} = c.{name} + excluded.{name}" for name in WAIT_MEASURES)
}) INSERT INTO cube_town_folded"""
# In what folds the facts, on_time_due is the last measure of each cube: what is done to it is done to the new one too.
LAST = re.compile(
    r"on_time_due = c\.on_time_due \+ excluded\.on_time_due"
    r"|sum\((?:f\.)?on_time_due\)(?:::integer)?(?: AS on_time_due| <> 0)?"
    r"|(?:f\.)?on_time_due(?: <> 0)?"
)


def widened(function: str) -> str:
    """The definition of the function that folds with the new measure, and classes of answer time by the facts' own."""
    wider = LAST.sub(
        lambda part: part[0] + (" OR " if part[0].endswith("<> 0") else ", ") + part[0].replace("on_time_due", NEW),
        function,
    )
    before, wait_part = wider.split("cube_wait_done AS", 1)
    _, after = wait_part.split("INSERT INTO cube_town_folded", 1)
    return before + WAIT_FOLD + after


# What the cubes hold, folded; nobody writes meanwhile.
SETTLED = """
    LOCK TABLE appeal IN SHARE MODE;
    SELECT pg_advisory_xact_lock(hashtext('otklik fold'));
    DO $$ BEGIN WHILE fold_cubes() LOOP END LOOP; END $$;"""


def upgrade() -> None:
    """Make the store, fill it from the history, and move the ratings of all cubes to their days."""
    run = op.get_bind().exec_driver_sql
    run(SETTLED)
    run(STORE)
    run(CARRIED_OVER)
    run(f"ALTER TABLE fact_fresh ADD COLUMN {NEW} integer, ADD COLUMN wait smallint")
    earlier = earlier_facts("appeal", "1").replace(
        "g.appeal_id = r.id", "(g.region_id, g.appeal_id) = (r.region_id, r.id)"
    )
    run(f"CREATE OR REPLACE VIEW fact WITH (security_invoker = true) AS {facts('appeal', '1')} UNION ALL {earlier}")
    for name, cube in CUBES.items():
        run(recounted(name, cube))
        run(views(name, cube))
    run(WAIT_CUBE)
    run(widened(run("SELECT pg_get_functiondef('fold_cubes'::regproc)").scalar_one()))
    for event, rows in CHANGES.items():
        run(roll_up(event, rows))
    run(trigger_function("keep_rating", KEEP))
    run(trigger_function("forget_ratings", FORGET))
    for event, sign in (("insert", "1"), ("delete", "-1")):
        change = written("fact", earlier_facts("appeal", sign, "changed_ratings"))
        run(trigger_function(f"earlier_rating_{event}", f"{change} RETURN NULL;"))
    run(TRIGGERS)


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
