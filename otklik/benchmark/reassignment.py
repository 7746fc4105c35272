"""Measuring the reassignment of a thousand overdue appeals among all open ones, as the overdue page does it."""

from collections.abc import Callable, Sequence
from uuid import UUID

import psycopg
from sqlalchemy import text

from otklik.actions.bulk import AppealVersion, execute, new_operation_key, preview, undo
from otklik.actions.candidates import holder_options
from otklik.benchmark.timing import TimedStep, time_repeatedly
from otklik.database.access import people, scope
from otklik.database.access.people import Person
from otklik.database.transactions import read_transaction

ROUNDS = 5
BATCH_SIZE = 1000
COMBINED_STEP = "all of these together"
MAX_COMBINED_MS = 2000
SELECT_OVERDUE = """
    SELECT region_id, id, updated_at FROM appeal
    WHERE closed_at IS NULL AND deadline_at < now() AND region_id = (
        SELECT region_id FROM appeal WHERE closed_at IS NULL AND deadline_at < now()
        GROUP BY region_id ORDER BY count(*) DESC LIMIT 1)
    ORDER BY deadline_at, id LIMIT :many"""


def measure_reassignment(url: str, rounds: int = ROUNDS) -> list[TimedStep]:
    """Time selecting, finding candidates, previewing, reassigning, undoing, and all of it, for a country's official.

    This process's engine must use the database at `url` (see otklik.benchmark.database.use_database), which changes.
    """
    with psycopg.connect(url) as connection:
        row = connection.execute(
            """INSERT INTO person (issuer, subject, name, role, everywhere)
            VALUES ('bench', 'bench', 'Bench', 'official', true)
            ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name RETURNING id"""
        ).fetchone()
        connection.execute(
            "INSERT INTO setting VALUES ('horizontal_transfers', '1000000')"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
    official = people.person_of_sign_in("bench", "bench")
    assert row and official, "the official was inserted above"  # noqa: S101, PT018 -- or there is nothing to measure
    with scope.acting_as(official.scope):
        return _measure_steps(official, rounds)


def _measure_steps(official: Person, rounds: int) -> list[TimedStep]:
    sample = _overdue_appeals()
    # Two organisations between which the appeals go back and forth.
    target_holders = [
        holder.candidate.code for holder in holder_options(sample).ranked() if holder.takes_count >= len(sample) // 2
    ][:2]

    def reassign(appeals: Sequence[AppealVersion], holder: str) -> UUID:
        key = new_operation_key()
        execute(key, "reassign", appeals, f"Measured by {official.name}", holder=holder)
        return key

    def next_holder() -> str:
        target_holders.reverse()
        return target_holders[0]

    def reassign_with_preview() -> None:
        appeals = _overdue_appeals()
        holder_options(appeals).ranked()
        holder = next_holder()
        preview("reassign", appeals, holder=holder)
        reassign(appeals, holder)

    steps: dict[str, Callable[[], object]] = {
        f"{BATCH_SIZE:,} overdue appeals of one region": _overdue_appeals,
        "who could take them": lambda: holder_options(sample).ranked(),
        "what would come of it": lambda: preview("reassign", sample, holder=target_holders[0]),
        "handing them on": lambda: reassign(_overdue_appeals(), next_holder()),
        COMBINED_STEP: reassign_with_preview,
        "handing them on, and undoing it": lambda: undo(
            new_operation_key(), reassign(_overdue_appeals(), target_holders[1])
        ),
    }
    return [
        TimedStep(
            f"Overdue: {name}", time_repeatedly(step, rounds).median, MAX_COMBINED_MS if name == COMBINED_STEP else None
        )
        for name, step in steps.items()
    ]


def _overdue_appeals() -> list[AppealVersion]:
    with read_transaction(60) as connection:
        return [AppealVersion(*row) for row in connection.execute(text(SELECT_OVERDUE), {"many": BATCH_SIZE})]
