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
    who = people.signed_in("bench", "bench")
    assert row and who, "the official was just made"  # noqa: S101, PT018 -- nothing to measure otherwise
    with scope.acting(who.scope):
        return _steps(who, rounds)


def _steps(who: Person, rounds: int) -> list[Step]:
    first = _late()
    # Back and forth between two who may take them all.
    takers = [one.code for one in candidates(first) if one.takes >= len(first) // 2][:2]

    def hand_on(cases: Sequence[Case], holder: str) -> UUID:
        key = new_key()
        do(key, "reassign", cases, f"Measured by {who.name}", holder=holder)
        return key

    def turn() -> str:
        takers.reverse()
        return takers[0]

    def together() -> None:
        cases = _late()
        candidates(cases)
        holder = turn()
        look("reassign", cases, holder=holder)
        hand_on(cases, holder)

    steps: dict[str, Callable[[], object]] = {
        f"{MANY:,} overdue appeals of one region": _late,
        "who could take them": lambda: candidates(first),
        "what would come of it": lambda: look("reassign", first, holder=takers[0]),
        "handing them on": lambda: hand_on(_late(), turn()),
        ALL: together,
        "handing them on, and undoing it": lambda: undo(new_key(), hand_on(_late(), takers[1])),
    }
    return [
        Step(f"Overdue: {name}", timed(step, rounds).median, MOST if name == ALL else None)
        for name, step in steps.items()
    ]


def _late() -> list[Case]:
    with reading(60) as connection:
        return [Case(*row) for row in connection.execute(text(LATE), {"many": MANY})]
