"""People reassign overlapping sets of appeals while the database is killed: what is left must agree with itself.

    python -m tests.support.chaos --seconds 60

Eight officials hand appeals on and take that back, press twice, and press again with the same key when the connection
breaks. The database is killed twice meanwhile (SIGKILL, then an immediate shutdown) and started anew. Afterwards the
appeals, their history, what each person was told, the cubes and the audit are compared. Exit code 1 where they differ.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from otklik.actions.bulk import Case, Row, do, new_key, undo
from otklik.benchmark.dataset import engine_at
from otklik.database import NoDatabase, people, scope
from otklik.database.engine import connect
from otklik.database.migrate import migrate
from otklik.database.people import Person
from otklik.database.rollups import fold
from otklik.database.server.embedded import Server
from otklik.database.transactions import TooSlow, reading
from tests.support import factories
from tests.support.agreed import disagreements
from tests.support.servers import open_folder
from tests.support.waiting import wait_for

APPEALS, CLIENTS, AT_ONCE = 240, 8, 40
OFFICES = ("office", "roads", "housing", "agency", "town")
T = TypeVar("T")


@dataclass
class Told:
    """What one person was told: the rows of each of their operations, and how often the connection broke."""

    operations: dict[UUID, list[Row]] = field(default_factory=dict)
    presses: int = 0
    broken: int = 0


def fill(url: str) -> list[Person]:
    """Appeals of one region, offices that may all have them, and the people."""
    engine = connect(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        people.make_demo(connection)
        for code in OFFICES:
            factories.organisation(connection, code, "federal" if code == "agency" else "regional")
        for _ in range(APPEALS):
            factories.appeal(connection, holder=random.choice(OFFICES))  # noqa: S311 -- data for tests
        connection.execute(text("INSERT INTO setting VALUES ('horizontal_transfers', '1000000')"))
        for i in range(CLIENTS):
            values: dict[str, object] = {"name": f"P{i}", "role": "official", "everywhere": True}
            people.save(connection, None, {**values, "email": f"p{i}@example.org"})
    engine.dispose()
    signed_in = [people.signed_in("https://id.example.org", str(n), f"p{n}@example.org") for n in range(CLIENTS)]
    return [person for person in signed_in if person]


def work(person: Person, stop: Event, seed: int) -> Told:
    """Reassign and undo until told to stop; every press is answered in the end."""
    rng, log = random.Random(seed), Told()  # noqa: S311 -- data for tests
    last_key: UUID | None = None
    with scope.acting(person.scope), ThreadPoolExecutor(2) as executor:
        while not stop.is_set():
            key, holder = new_key(), rng.choice(OFFICES)
            appeals = _answered(_seen, log)
            batch = rng.sample(appeals, AT_ONCE)

            def reassign(key: UUID = key, batch: list[Case] = batch, holder: str = holder) -> list[Row]:
                with scope.acting(person.scope):
                    return do(key, "reassign", batch, f"Chaos {holder}", holder=holder)

            def undo_last(key: UUID = key, operation_key: UUID | None = last_key) -> list[Row]:
                with scope.acting(person.scope):
                    return undo(key, operation_key or key)

            action = undo_last if last_key and rng.random() < 0.3 else reassign
            # Both hands press at once now and then; some press again later.
            futures = [executor.submit(_answered, action, log) for _ in range(rng.choice((1, 1, 2)))]
            rows = [future.result() for future in futures]
            if rng.random() < 0.2:
                rows.append(_answered(action, log))
            assert all(result == rows[0] for result in rows), "the same press was answered in two ways"
            log.operations[key] = rows[0]
            last_key = key if action is reassign and any(row.refused is None for row in rows[0]) else None
    return log


def _seen() -> list[Case]:
    with reading() as connection:
        rows = connection.execute(text("SELECT region_id, id, updated_at FROM appeal"))
        return [Case(*row) for row in rows]


def _answered(action: Callable[[], T], log: Told) -> T:
    """The answer, asked again while there is none."""

    def attempt() -> list[T]:
        log.presses += 1
        try:
            return [action()]
        except (OperationalError, NoDatabase, TooSlow):
            log.broken += 1
        except DBAPIError as error:
            # The server says goodbye in several ways.
            if not error.connection_invalidated and not isinstance(error.orig, psycopg.OperationalError):
                raise
            log.broken += 1
        return []

    return wait_for(attempt, "an answer of the database", 120)[0]


def folding(url: str, stop: Event) -> None:
    """Fold the cubes all the while, as the launcher does."""
    while not stop.wait(0.3):
        try:
            fold(url)
        except psycopg.Error:
            continue


def kill(server: Server, kill_signal: signal.Signals) -> None:
    """Kill the server and start it anew."""
    old_pid = _pid(server)
    os.kill(old_pid, kill_signal)

    def is_restarted() -> bool:
        server.ensure()
        return _pid(server) not in (0, old_pid)

    wait_for(is_restarted, "the server to be started anew", 60)


def _pid(server: Server) -> int:
    """The server's process id; 0 while there is none."""
    try:
        return int((server.data / "postgresql" / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0


def storm(data: Path, seconds: float, report: Callable[[str], None]) -> list[str]:
    """Everything that disagrees after so many seconds of it."""
    stop = Event()
    with Server(data) as server:
        migrate(server.url)
        with engine_at(server.url), ThreadPoolExecutor(CLIENTS + 1) as pool:
            persons = fill(server.url)
            fold_future = pool.submit(folding, server.url, stop)
            workers = [pool.submit(work, person, stop, seed) for seed, person in enumerate(persons)]
            try:
                for kill_signal in (signal.SIGKILL, signal.SIGQUIT):
                    _wait(seconds / 3, workers)
                    kill(server, kill_signal)
                    report(f"The database was killed ({kill_signal.name}) and started anew.")
                _wait(seconds / 3, workers)
            finally:
                stop.set()
            logs = [worker.result() for worker in workers]
            fold_future.result()
            operations = {key: rows for log in logs for key, rows in log.operations.items()}
            outcomes = Counter(row.refused or "done" for rows in operations.values() for row in rows)
            report(
                f"{sum(log.presses for log in logs)} presses and looks, {sum(log.broken for log in logs)} broken;"
                f" {len(operations)} operations: {', '.join(f'{count} {outcome}' for outcome, count in outcomes.most_common())}."
            )
            if not operations:
                return ["nothing was done"]
            return disagreements(server.url, operations, APPEALS)


def _wait(seconds: float, workers: Sequence[Future[Told]]) -> None:
    """Let them work; end early when one fails."""
    end = time.monotonic() + seconds
    never = Event()
    while time.monotonic() < end and not any(worker.done() for worker in workers):
        never.wait(0.05)


def main() -> int:
    """Print what happened and what disagrees."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=60)
    seconds: float = parser.parse_args().seconds
    with open_folder() as folder:
        disagreement_lines = storm(folder / "data", seconds, lambda line: print(line, flush=True))  # noqa: T201 -- a command
    print("\n".join(disagreement_lines) or "Appeals, history, what people were told, cubes and audit agree.")  # noqa: T201 -- the same
    return 1 if disagreement_lines else 0


if __name__ == "__main__":
    sys.exit(main())
