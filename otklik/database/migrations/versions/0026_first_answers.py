"""First answers, and which of them were returned within a week: each on the day on which its week is over.

An appeal that was never re-opened has its first answer in its close and outcome. Of one that was, the columns
`first_answered_at`, `first_outcome_id` and `first_returned_at` keep the first answer; where the history lacks it they are
empty, and the appeal counts as unknown. Cubes hold both counts by the day on which a return stops counting, so that the
share of a past period stays what it was; `returned` takes the place of `reopened` in them.
"""

import re
from typing import NamedTuple

from alembic import op

revision = "0026"
down_revision = "0025"

DUE_AT = "greatest(r.deadline_at, r.received_at)"
WEEK = "interval '168 hours'"
# Whichever holds the first answer: the close of an appeal that was never re-opened, or what was kept of it.
ANSWERED_ONCE, ANSWERED_BEFORE = "r.closed_at + " + WEEK, "r.first_answered_at + " + WEEK
RETURNED = f"coalesce(r.first_returned_at <= r.first_answered_at + {WEEK}, false)::int"
RATINGS = [f"rated_{rating}" for rating in range(1, 6)]
COUNTED = ("returned", "first_answered", "first_unknown")
MEASURES = [
    ("received", {"r.received_at": "1"}),
    ("received_resolved", {"r.received_at": "coalesce(outcome.resolved, false)::int"}),
    ("redirected", {"r.received_at": "(r.holder_id <> r.first_holder_id)::int"}),
    ("closed", {"r.closed_at": "1"}),
    ("resolved", {"r.closed_at": "coalesce(outcome.resolved, false)::int"}),
    ("on_time", {"r.closed_at": "coalesce(r.closed_at <= r.deadline_at, false)::int"}),
    ("late", {"r.closed_at": "coalesce(r.closed_at > r.deadline_at, false)::int"}),
    ("returned", {ANSWERED_BEFORE: RETURNED}),
    *((f"rated_{rating}", {"g.rated_at": f"(g.rating = {rating})::int"}) for rating in range(1, 6)),
    ("answer_seconds", {"r.closed_at": "extract(epoch from r.closed_at - r.received_at)::bigint"}),
    ("late_due", {DUE_AT: "(r.closed_at > r.deadline_at)::int"}),
    ("on_time_due", {DUE_AT: "(r.closed_at <= r.deadline_at)::int"}),
    ("closed_rated", {"r.closed_at": "(r.rating IS NOT NULL)::int"}),
    ("first_answered", {ANSWERED_ONCE: "1", ANSWERED_BEFORE: "1"}),
    ("first_unknown", {"r.received_at": "(r.reopened > 0 AND r.first_answered_at IS NULL)::int"}),
]
NAMES = [name for name, _ in MEASURES]
# In the view, which takes new columns at its end alone, these stand after the moments.
LATER_NAMES, LAST_NAMES = ("on_time_due", "closed_rated"), ("first_answered", "first_unknown")
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
    """When an appeal counts: the rows that have the moment, their hour, bucket and class of answer time.

    `found_at` is the moment by which an index finds the rows: the same, or the answer a week before.
    """

    condition: str
    hour: str = NONE
    bucket: str = NONE
    wait: str = NONE
    found_at: str | None = None


MOMENTS = {
    "r.received_at": Moment("true", hour=HOUR),
    "r.closed_at": Moment("r.closed_at IS NOT NULL", bucket=BUCKET, wait=WAIT),
    DUE_AT: Moment("r.closed_at IS NOT NULL AND r.deadline_at IS NOT NULL"),
    "g.rated_at": Moment("g.rating IS NOT NULL", wait=RATED_WAIT),
    ANSWERED_ONCE: Moment("r.closed_at IS NOT NULL AND r.reopened = 0", found_at="r.closed_at"),
    ANSWERED_BEFORE: Moment("r.first_answered_at IS NOT NULL", found_at="r.first_answered_at"),
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
        name: f"({f'{sign} * {amounts[at]}' if at in amounts else '0'})::{kind(name)} AS {name}"
        for name, amounts in MEASURES
    }
    found_at = moment.found_at or at
    first, later, last = (
        ", ".join(counts[name] for name in names)
        for names in ([name for name in NAMES if name not in LATER_NAMES + LAST_NAMES], LATER_NAMES, LAST_NAMES)
    )
    return f"""
        SELECT {PLACED}, {LOCAL_DAY.format(f"({at})")} AS day, {moment.hour} AS hour, {moment.bucket} AS bucket, {first},
            {found_at} AS at, {found_at} AS reached_at, {later}, {moment.wait} AS wait, {last}
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


COLUMN = """
    ALTER TABLE appeal ADD COLUMN first_answered_at timestamptz, ADD COLUMN first_outcome_id smallint REFERENCES outcome,
        ADD COLUMN first_returned_at timestamptz,
        ADD CONSTRAINT first_answer_of_reopened CHECK (first_answered_at IS NULL OR reopened > 0),
        ADD CONSTRAINT first_answer_was_returned CHECK ((first_answered_at IS NULL) = (first_returned_at IS NULL)),
        ADD CONSTRAINT first_answer_in_order CHECK (
            received_at <= first_answered_at AND first_answered_at <= first_returned_at);
    CREATE INDEX appeal_first_answered ON appeal (region_id, first_answered_at) WHERE first_answered_at IS NOT NULL;"""
# What the history says of appeals that were re-opened: an answer and a return, or an import that brought the latter.
KNOWN = """
    UPDATE appeal AS a SET first_answered_at = known.answered_at, first_returned_at = known.returned_at,
        first_outcome_id = (SELECT id FROM outcome WHERE code = known.outcome)
    FROM (
        SELECT DISTINCT ON (region_id, appeal_id) * FROM (
            SELECT r.region_id, r.appeal_id, r.at AS returned_at, answer.at AS answered_at, answer.after->>'outcome' AS outcome
            FROM event AS r JOIN LATERAL (
                SELECT * FROM event AS e
                WHERE e.region_id = r.region_id AND e.appeal_id = r.appeal_id AND e.kind = 'answered' AND e.at <= r.at
                ORDER BY e.at LIMIT 1
            ) AS answer ON true
            WHERE r.kind = 'reopened'
            UNION ALL
            SELECT region_id, appeal_id,
                greatest(least(at, coalesce((after->>'closed')::timestamptz, at)), (before->>'closed')::timestamptz),
                (before->>'closed')::timestamptz, before->>'outcome'
            FROM event
            WHERE kind = 'imported' AND (before->>'reopened')::int = 0 AND before->>'closed' IS NOT NULL
        ) AS returns ORDER BY region_id, appeal_id, returned_at
    ) AS known
    WHERE a.region_id = known.region_id AND a.id = known.appeal_id AND a.reopened > 0
        AND known.answered_at >= a.received_at"""
# An import can say that an appeal was re-opened, but not when: it was by the next close, or by now.
KEEP = """
            IF NEW.reopened = 0 OR NEW.first_answered_at < NEW.received_at THEN
                NEW.first_answered_at = NULL; NEW.first_outcome_id = NULL; NEW.first_returned_at = NULL;
            ELSIF OLD.reopened = 0 AND NEW.first_answered_at IS NULL AND OLD.closed_at >= NEW.received_at THEN
                NEW.first_answered_at = OLD.closed_at;
                NEW.first_outcome_id = OLD.outcome_id;
                NEW.first_returned_at = greatest(least(now(), NEW.closed_at), OLD.closed_at);
            END IF;
            RETURN NEW;"""
TRIGGER = """
    CREATE TRIGGER keep_first_answer BEFORE UPDATE ON appeal FOR EACH ROW
        WHEN (OLD.reopened <> NEW.reopened OR NEW.first_answered_at < NEW.received_at) EXECUTE FUNCTION keep_first_answer();"""


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


# What changes of a cube: returns leave the day of the close for that on which the week of the first answer is over.
MOVED = f"""(
    SELECT {KEYS}, day, {", ".join(name if name in COUNTED else f"0 AS {name}" for name in NAMES)}
    FROM fact WHERE {" OR ".join(f"{name} <> 0" for name in COUNTED)}
    UNION ALL
    SELECT {PLACED}, {LOCAL_DAY.format("r.closed_at")}, {", ".join("-1" if name == "returned" else "0" for name in NAMES)}
    FROM appeal AS r JOIN territory ON territory.id = r.region_id WHERE r.closed_at IS NOT NULL AND r.reopened > 0
)"""


def recounted(name: str, cube: Cube) -> str:
    """The columns of a cube, and in them the appeals that there are; nothing else of the cube changes."""
    columns = listed("territory_id", "day", *cube.keys, *NAMES, *(["span"] if cube.spans else []))
    keys = listed("territory_id", *(["span"] if cube.spans else []), "day", *cube.keys)
    return f"""
        ALTER TABLE {name}_folded RENAME COLUMN reopened TO returned;
        ALTER TABLE {name}_folded {", ".join(f"ADD COLUMN {new} integer NOT NULL DEFAULT 0" for new in LAST_NAMES)};
        INSERT INTO {name}_folded AS c ({columns}) {cells(cube, MOVED)}
        ON CONFLICT ({keys}) DO UPDATE SET {", ".join(f"{new} = c.{new} + excluded.{new}" for new in COUNTED)};
        ALTER TABLE {name}_folded {", ".join(f"ALTER COLUMN {new} DROP DEFAULT" for new in LAST_NAMES)};"""


# Cells of municipalities and topics, of 16 days each, without the two measures that the re-opened rate was made of.
TOWN_MEASURES = ("received", "received_resolved")
TOWN_COLUMNS = f"territory_id, day, topic_id, {', '.join(TOWN_MEASURES)}, span"


def town_cells(source: str) -> str:
    """The SELECT that sums facts into cells of municipalities and topics."""
    totals = ", ".join(f"sum(f.{name})::integer" for name in TOWN_MEASURES)
    keys = f"f.place_id, {block('16', 'f.day')}, f.topic_id"
    something = " OR ".join(f"sum(f.{name}) <> 0" for name in TOWN_MEASURES)
    return f"""
        SELECT {keys}, {totals}, 16::smallint FROM {source} AS f WHERE f.place_id <> f.region_id
        GROUP BY {keys} HAVING {something}"""


TOWN_CUBE = f"""
    DROP VIEW cube_town_spans, cube_town_truth;
    ALTER TABLE cube_town_folded DROP COLUMN closed, DROP COLUMN reopened;
    CREATE VIEW cube_town_spans WITH (security_invoker = true) AS SELECT {TOWN_COLUMNS} FROM cube_town_folded
        UNION ALL SELECT f.place_id, {block("16", "f.day")}, f.topic_id, {listed(*TOWN_MEASURES, of="f")}, 16::smallint
        FROM fact_fresh AS f WHERE f.place_id <> f.region_id;
    CREATE VIEW cube_town_truth ({TOWN_COLUMNS}) WITH (security_invoker = true) AS {town_cells("fact")};
    DELETE FROM cube_town_folded WHERE {" AND ".join(f"{name} = 0" for name in TOWN_MEASURES)};"""
TOWN_FOLD = f"""INSERT INTO cube_town_folded AS c ({TOWN_COLUMNS}) {town_cells("taken")}
        ON CONFLICT (territory_id, span, day, topic_id) DO UPDATE SET {
    ", ".join(f"{name} = c.{name} + excluded.{name}" for name in TOWN_MEASURES)
};"""
# In what folds the facts, closed_rated is the last measure of each cube: what is done to it is done to the new ones too.
LAST = re.compile(
    r"closed_rated = c\.closed_rated \+ excluded\.closed_rated"
    r"|sum\((?:f\.)?closed_rated\)(?:::integer)?(?: AS closed_rated| <> 0)?"
    r"|(?:f\.)?closed_rated(?: <> 0)?"
)


def widened(function: str) -> str:
    """The definition of the function that folds with the new measures; of answer times and towns without them."""
    before, town_part = function.split("INSERT INTO cube_town_folded", 1)
    _, after = town_part.split(";", 1)
    flows, rest = before.split("cube_answer_done AS", 1)
    wider = LAST.sub(
        lambda part: (" OR " if part[0].endswith("<> 0") else ", ").join(
            part[0].replace("closed_rated", name) for name in ("closed_rated", *LAST_NAMES)
        ),
        re.sub(r"\breopened\b", "returned", flows),
    )
    return f"{wider}cube_answer_done AS{rest}{TOWN_FOLD}{after}"


CLOSING = {
    "closed": "true",
    "at_once": "r.closed_at - r.received_at < interval '1 minute'",
    "at_last": "r.closed_at <= r.deadline_at AND r.deadline_at - r.closed_at < interval '1 hour'",
}
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
TRACE_MEASURES = [*CLOSING, *FIRST_ANSWER, *RECEIPT]
TRACE_KEYS = ["region_id", "day", "received_day", "lasted"]
LASTED = "least(floor(greatest(extract(epoch from r.closed_at - r.received_at), 0) / 86400), 60)::smallint"
LEAVES = f"(r.closed_at IS NOT NULL OR r.first_answered_at IS NOT NULL OR {' OR '.join(RECEIPT.values())})"


def traces(rows: str, sign: str) -> str:
    """One row a closed appeal, one a first answer by its outcome, and one an appeal that was doubtful as it came in."""
    received, closed = (LOCAL_DAY.format(f"r.{moment}_at") for moment in ("received", "closed"))

    def counts(counted: dict[str, str]) -> str:
        values = (
            f"{sign} * coalesce({counted[name]}, false)::int" if name in counted else "0" for name in TRACE_MEASURES
        )
        return ", ".join(f"{value} AS {name}" for name, value in zip(TRACE_MEASURES, values, strict=True))

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
        {source} WHERE {" OR ".join(RECEIPT.values())}"""


def trace_trigger(event: str, rows: dict[str, str]) -> str:
    """What runs after a statement that may have changed appeals: as 0011 made it, with first answers."""
    any_left = " OR ".join(f"EXISTS (SELECT FROM {table} AS r WHERE {LEAVES})" for table in rows)
    changed = " UNION ALL ".join(traces(table, sign) for table, sign in rows.items())
    sums = ", ".join(f"sum({name})" for name in TRACE_MEASURES)
    something = " OR ".join(f"sum({name}) <> 0" for name in TRACE_MEASURES)
    keys = ", ".join(TRACE_KEYS)
    return trigger_function(
        f"trace_{event}",
        f"""
            IF {any_left} THEN
                INSERT INTO trace_fresh ({keys}, {", ".join(TRACE_MEASURES)})
                SELECT {keys}, {sums} FROM ({changed}) AS f GROUP BY {keys} HAVING {something};
            END IF;
            RETURN NULL;""",
    )


DOUBT_COLUMNS = f"territory_id, day, {', '.join(TRACE_MEASURES[1:])}"
DOUBT_CUBE = f"""
    DELETE FROM cube_doubt_folded;
    INSERT INTO cube_doubt_folded ({DOUBT_COLUMNS}) SELECT {DOUBT_COLUMNS} FROM cube_doubt_truth ORDER BY territory_id, day;"""
# What the cubes hold, folded; nobody writes meanwhile.
SETTLED = """
    LOCK TABLE appeal IN SHARE MODE;
    SELECT pg_advisory_xact_lock(hashtext('otklik fold'));
    DO $$ BEGIN WHILE fold_cubes() LOOP END LOOP; WHILE fold_traces() LOOP END LOOP; END $$;"""


def upgrade() -> None:
    """Keep first answers, fill them from the history, and count them in the cubes."""
    run = op.get_bind().exec_driver_sql
    run("LOCK TABLE appeal IN SHARE ROW EXCLUSIVE MODE")
    run(COLUMN)
    run(KNOWN)
    run(SETTLED)
    run("ALTER TABLE fact_fresh RENAME COLUMN reopened TO returned")
    run(f"ALTER TABLE fact_fresh {', '.join(f'ADD COLUMN {name} integer' for name in LAST_NAMES)}")
    earlier = earlier_facts("appeal", "1").replace(
        "g.appeal_id = r.id", "(g.region_id, g.appeal_id) = (r.region_id, r.id)"
    )
    run("ALTER VIEW fact RENAME COLUMN reopened TO returned")
    run(TOWN_CUBE)
    run(f"CREATE OR REPLACE VIEW fact WITH (security_invoker = true) AS {facts('appeal', '1')} UNION ALL {earlier}")
    for name, cube in CUBES.items():
        run(recounted(name, cube))
        run(views(name, cube))
    run(widened(run("SELECT pg_get_functiondef('fold_cubes'::regproc)").scalar_one()))
    run(f"CREATE OR REPLACE VIEW trace WITH (security_invoker = true) AS {traces('appeal', '1')}")
    run(DOUBT_CUBE)
    for event, rows in CHANGES.items():
        run(roll_up(event, rows))
        run(trace_trigger(event, rows))
    for event, sign in (("insert", "1"), ("delete", "-1")):
        change = written("fact", earlier_facts("appeal", sign, "changed_ratings"))
        run(trigger_function(f"earlier_rating_{event}", f"{change} RETURN NULL;"))
    run(trigger_function("keep_first_answer", KEEP))
    run(TRIGGER)


def downgrade() -> None:
    """Refuse: going back would leave screens without figures."""
    raise NotImplementedError
