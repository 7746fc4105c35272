"""Writers who don't wait for each other with the news that something changed.

NOTIFY makes every commit that sends it wait for the one before, down to the disk: eight connections write as slowly as
one. So one writer at a time sends word; whoever changes appeals meanwhile counts up `unsaid`, and who listens looks
there as well (`database.listen`).
"""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"

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
OPEN_DAYS = ["received_day", "risk_day", "deadline_day"]
# What each kind of statement adds to the facts and takes away from them, by its transition table.
CHANGES = {
    "insert": {"new_rows": "1"},
    "delete": {"old_rows": "-1"},
    "update": {"new_rows": "1", "old_rows": "-1"},
}
KEYS = "region_id, place_id, topic_id, holder_id, channel_id, regime_id"
COLUMNS = {
    "fact": f"{KEYS}, day, hour, bucket, {', '.join(NAMES)}",
    "open_fact": f"{KEYS}, status_id, {', '.join(OPEN_DAYS)}, appeals",
}


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


def roll_up(event: str, rows: dict[str, str]) -> str:
    """What runs after a statement that may have changed appeals."""
    fresh = {"fact": facts, "open_fact": open_facts}
    writes = " ".join(
        f"INSERT INTO {name}_fresh ({COLUMNS[name]}) SELECT {COLUMNS[name]} FROM ("
        + " UNION ALL ".join(make(table, sign) for table, sign in rows.items())
        + ") AS f;"
        for name, make in fresh.items()
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


def upgrade() -> None:
    """Replace what runs after each statement."""
    run = op.get_bind().exec_driver_sql
    run(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    for event, rows in CHANGES.items():
        run(roll_up(event, rows))


def downgrade() -> None:
    """Refuse: who listens would look for what nobody counts."""
    raise NotImplementedError
