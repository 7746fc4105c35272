"""People reassign overlapping sets of appeals while the database is killed: what is left must agree with itself.

    python -m tests.support.servers.chaos --seconds 60

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

from otklik.actions.bulk import ActionResult, AppealVersion, execute, new_operation_key, undo
from otklik.benchmark.database import use_database
from otklik.database.access import people, scope
from otklik.database.access.people import Person
from otklik.database.cubes.rollups import fold_cubes
from otklik.database.engine import database_engine
from otklik.database.migrate import migrate
from otklik.database.server.embedded import EmbeddedServer
from otklik.database.transactions import read_transaction
from otklik.errors import DatabaseUnavailable, QueryTimeout
from tests.support import factories
from tests.support.figures.consistency import disagreements
from tests.support.servers.databases import shared_temp_folder
from tests.support.waiting import wait_for

APPEAL_COUNT, CLIENT_COUNT, BATCH_SIZE = 240, 8, 40
ORGANISATIONS = ("office", "roads", "housing", "agency", "town")
T = TypeVar("T")


@dataclass
class OperationLog:
    """What one person was told: the rows of each of their operations, and how often the connection broke."""

    operations: dict[UUID, list[ActionResult]] = field(default_factory=dict)
    attempts: int = 0
    broken_attempts: int = 0


def fill_database(url: str) -> list[Person]:
    """Appeals of one region, offices that may all have them, and the people."""
    engine = database_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        people.create_demo_people(connection)
        for organisation_code in ORGANISATIONS:
            factories.organisation(
                connection, organisation_code, "federal" if organisation_code == "agency" else "regional"
            )
        for _ in range(APPEAL_COUNT):
            factories.appeal(connection, holder=random.choice(ORGANISATIONS))  # noqa: S311 -- data for tests
        connection.execute(text("INSERT INTO setting VALUES ('horizontal_transfers', '1000000')"))
        for i in range(CLIENT_COUNT):
            values: dict[str, object] = {"name": f"P{i}", "role": "official", "everywhere": True}
            people.save_person_as_owner(connection, None, {**values, "email": f"p{i}@example.org"})
    engine.dispose()
    signed_in = [
        people.person_of_sign_in("https://id.example.org", str(n), f"p{n}@example.org") for n in range(CLIENT_COUNT)
    ]
    return [person for person in signed_in if person]


def reassign_until_stopped(person: Person, stop: Event, seed: int) -> OperationLog:
    """Reassign and undo until told to stop; every press is answered in the end."""
    rng, log = random.Random(seed), OperationLog()  # noqa: S311 -- data for tests
    last_key: UUID | None = None
    with scope.acting_as(person.scope), ThreadPoolExecutor(2) as executor:
        while not stop.is_set():
            key, holder = new_operation_key(), rng.choice(ORGANISATIONS)
            appeals = _retry(_current_versions, log)
            batch = rng.sample(appeals, BATCH_SIZE)

            def reassign(
                key: UUID = key, batch: list[AppealVersion] = batch, holder: str = holder
            ) -> list[ActionResult]:
                with scope.acting_as(person.scope):
                    return execute(key, "reassign", batch, f"Chaos {holder}", holder=holder)

            def undo_last(key: UUID = key, operation_key: UUID | None = last_key) -> list[ActionResult]:
                with scope.acting_as(person.scope):
                    return undo(key, operation_key or key)

            action = undo_last if last_key and rng.random() < 0.3 else reassign
            # Both hands press at once now and then; some press again later.
            futures = [executor.submit(_retry, action, log) for _ in range(rng.choice((1, 1, 2)))]
            rows = [future.result() for future in futures]
            if rng.random() < 0.2:
                rows.append(_retry(action, log))
            assert all(result == rows[0] for result in rows), "the same press was answered in two ways"
            log.operations[key] = rows[0]
            last_key = key if action is reassign and any(row.refusal_code is None for row in rows[0]) else None
    return log


def _current_versions() -> list[AppealVersion]:
    with read_transaction() as connection:
        rows = connection.execute(text("SELECT region_id, id, updated_at FROM appeal"))
        return [AppealVersion(*row) for row in rows]


def _retry(action: Callable[[], T], log: OperationLog) -> T:
    """The answer, asked again while there is none."""

    def attempt() -> list[T]:
        log.attempts += 1
        try:
            return [action()]
        except (OperationalError, DatabaseUnavailable, QueryTimeout):
            log.broken_attempts += 1
        except DBAPIError as error:
            # The server says goodbye in several ways.
            if not error.connection_invalidated and not isinstance(error.orig, psycopg.OperationalError):
                raise
            log.broken_attempts += 1
        return []

    return wait_for(attempt, "an answer of the database", 120)[0]


def fold_continuously(url: str, stop: Event) -> None:
    """Fold the cubes all the while, as the launcher does."""
    while not stop.wait(0.3):
        try:
            fold_cubes(url)
        except psycopg.Error:
            continue


def kill_server(server: EmbeddedServer, kill_signal: signal.Signals) -> None:
    """Kill the server and start it anew."""
    old_pid = _pid(server)
    os.kill(old_pid, kill_signal)

    def is_restarted() -> bool:
        server.ensure_running()
        return _pid(server) not in (0, old_pid)

    wait_for(is_restarted, "the server to be started anew", 60)


def _pid(server: EmbeddedServer) -> int:
    """The server's process id; 0 while there is none."""
    try:
        return int((server.data_folder / "postgresql" / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0


def run_chaos(data: Path, seconds: float, report: Callable[[str], None]) -> list[str]:
    """Everything that disagrees after so many seconds of it."""
    stop = Event()
    with EmbeddedServer(data) as server:
        migrate(server.url)
        with use_database(server.url), ThreadPoolExecutor(CLIENT_COUNT + 1) as pool:
            persons = fill_database(server.url)
            fold_future = pool.submit(fold_continuously, server.url, stop)
            workers = [pool.submit(reassign_until_stopped, person, stop, seed) for seed, person in enumerate(persons)]
            try:
                for kill_signal in (signal.SIGKILL, signal.SIGQUIT):
                    _let_work(seconds / 3, workers)
                    kill_server(server, kill_signal)
                    report(f"The database was killed ({kill_signal.name}) and started anew.")
                _let_work(seconds / 3, workers)
            finally:
                stop.set()
            logs = [worker.result() for worker in workers]
            fold_future.result()
            operations = {key: rows for log in logs for key, rows in log.operations.items()}
            outcomes = Counter(row.refusal_code or "done" for rows in operations.values() for row in rows)
            report(
                f"{sum(log.attempts for log in logs)} presses and looks,"
                f" {sum(log.broken_attempts for log in logs)} broken; {len(operations)} operations:"
                f" {', '.join(f'{count} {outcome}' for outcome, count in outcomes.most_common())}."
            )
            if not operations:
                return ["nothing was done"]
            return disagreements(server.url, operations, APPEAL_COUNT)


def _let_work(seconds: float, workers: Sequence[Future[OperationLog]]) -> None:
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
    with shared_temp_folder() as folder:
        disagreement_lines = run_chaos(folder / "data", seconds, lambda line: print(line, flush=True))  # noqa: T201 -- a command
    print("\n".join(disagreement_lines) or "Appeals, history, what people were told, cubes and audit agree.")  # noqa: T201 -- the same
    return 1 if disagreement_lines else 0


if __name__ == "__main__":
    sys.exit(main())
