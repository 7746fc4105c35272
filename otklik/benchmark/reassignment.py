"""Choosing a thousand overdue appeals and handing them on, as the overdue page does, among all that is open."""

from collections.abc import Callable, Sequence
from uuid import UUID

import psycopg
from sqlalchemy import text

from otklik.actions.bulk import Case, do, look, new_key, undo
from otklik.actions.candidates import candidates
from otklik.benchmark.timing import Step, timed
from otklik.database import people, scope
from otklik.database.people import Person
from otklik.database.transactions import reading

ROUNDS = 5
MANY = 1000
ALL = "all of these together"
MOST = 2000
LATE = """
    SELECT region_id, id, updated_at FROM appeal
    WHERE closed_at IS NULL AND deadline_at < now() AND region_id = (
        SELECT region_id FROM appeal WHERE closed_at IS NULL AND deadline_at < now()
        GROUP BY region_id ORDER BY count(*) DESC LIMIT 1)
    ORDER BY deadline_at, id LIMIT :many"""


def handling(address: str, rounds: int = ROUNDS) -> list[Step]:
    """The steps, for an official who sees the country: choose, find who could take them, look, hand on, undo; all.

    The engine of this process must be at the address (`otklik.benchmark.dataset.engine_at`), whose database is
    for this alone.
    """
    with psycopg.connect(address) as connection:
        row = connection.execute(
            """INSERT INTO person (issuer, subject, name, role, everywhere)
            VALUES ('bench', 'bench', 'Bench', 'official', true)
            ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name RETURNING id"""
        ).fetchone()
        connection.execute(
            "INSERT INTO setting VALUES ('horizontal_transfers', '1000000')"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
    official = people.signed_in("bench", "bench")
    assert row and official, "the official was just made"  # noqa: S101, PT018 -- nothing to measure otherwise
    with scope.acting(official.scope):
        return _steps(official, rounds)


def _steps(official: Person, rounds: int) -> list[Step]:
    sample = _late()
    # Back and forth between two who may take them all.
    target_holders = [candidate.code for candidate in candidates(sample) if candidate.takes >= len(sample) // 2][:2]

    def reassign(appeals: Sequence[Case], holder: str) -> UUID:
        key = new_key()
        do(key, "reassign", appeals, f"Measured by {official.name}", holder=holder)
        return key

    def next_holder() -> str:
        target_holders.reverse()
        return target_holders[0]

    def reassign_with_preview() -> None:
        appeals = _late()
        candidates(appeals)
        holder = next_holder()
        look("reassign", appeals, holder=holder)
        reassign(appeals, holder)

    steps: dict[str, Callable[[], object]] = {
        f"{MANY:,} overdue appeals of one region": _late,
        "who could take them": lambda: candidates(sample),
        "what would come of it": lambda: look("reassign", sample, holder=target_holders[0]),
        "handing them on": lambda: reassign(_late(), next_holder()),
        ALL: reassign_with_preview,
        "handing them on, and undoing it": lambda: undo(new_key(), reassign(_late(), target_holders[1])),
    }
    return [
        Step(f"Overdue: {name}", timed(step, rounds).median, MOST if name == ALL else None)
        for name, step in steps.items()
    ]


def _late() -> list[Case]:
    with reading(60) as connection:
        return [Case(*row) for row in connection.execute(text(LATE), {"many": MANY})]
