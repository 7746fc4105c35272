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
        for office in OFFICES:
            factories.organisation(connection, office, "federal" if office == "agency" else "regional")
        for _ in range(APPEALS):
            factories.appeal(connection, holder=random.choice(OFFICES))  # noqa: S311 -- data for tests
        connection.execute(text("INSERT INTO setting VALUES ('horizontal_transfers', '1000000')"))
        for number in range(CLIENTS):
            facts: dict[str, object] = {"name": f"P{number}", "role": "official", "everywhere": True}
            people.save(connection, None, {**facts, "email": f"p{number}@example.org"})
    engine.dispose()
    found = [people.signed_in("https://id.example.org", str(n), f"p{n}@example.org") for n in range(CLIENTS)]
    return [one for one in found if one]


def work(who: Person, stop: Event, seed: int) -> Told:
    """Reassign and undo until told to stop; every press is answered in the end."""
    dice, told = random.Random(seed), Told()  # noqa: S311 -- data for tests
    last: UUID | None = None
    with scope.acting(who.scope), ThreadPoolExecutor(2) as hands:
        while not stop.is_set():
            key, holder = new_key(), dice.choice(OFFICES)
            cases = _answered(_seen, told)
            some = dice.sample(cases, AT_ONCE)

            def press(key: UUID = key, some: list[Case] = some, holder: str = holder) -> list[Row]:
                with scope.acting(who.scope):
                    return do(key, "reassign", some, f"Chaos {holder}", holder=holder)

            def take_back(key: UUID = key, of: UUID | None = last) -> list[Row]:
                with scope.acting(who.scope):
                    return undo(key, of or key)

            does = take_back if last and dice.random() < 0.3 else press
            # Both hands press at once now and then; some press again later.
            answers = [hands.submit(_answered, does, told) for _ in range(dice.choice((1, 1, 2)))]
            rows = [answer.result() for answer in answers]
            if dice.random() < 0.2:
                rows.append(_answered(does, told))
            assert all(one == rows[0] for one in rows), "the same press was answered in two ways"
            told.operations[key] = rows[0]
            last = key if does is press and any(row.refused is None for row in rows[0]) else None
    return told


def _seen() -> list[Case]:
    with reading() as connection:
        found = connection.execute(text("SELECT region_id, id, updated_at FROM appeal"))
        return [Case(*row) for row in found]


def _answered(asks: Callable[[], T], told: Told) -> T:
    """The answer, asked again while there is none."""

    def once() -> list[T]:
        told.presses += 1
        try:
            return [asks()]
        except (OperationalError, NoDatabase, TooSlow):
            told.broken += 1
        except DBAPIError as error:
            # The server says goodbye in several ways.
            if not error.connection_invalidated and not isinstance(error.orig, psycopg.OperationalError):
                raise
            told.broken += 1
        return []

    return wait_for(once, "an answer of the database", 120)[0]


def folding(url: str, stop: Event) -> None:
    """Fold the cubes all the while, as the launcher does."""
    while not stop.wait(0.3):
        try:
            fold(url)
        except psycopg.Error:
            continue


def kill(server: Server, how: signal.Signals) -> None:
    """Kill the server and start it anew."""
    before = _pid(server)
    os.kill(before, how)

    def again() -> bool:
        server.ensure()
        return _pid(server) not in (0, before)

    wait_for(again, "the server to be started anew", 60)


def _pid(server: Server) -> int:
    """The server's process id; 0 while there is none."""
    try:
        return int((server.data / "postgresql" / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0


def storm(data: Path, seconds: float, tell: Callable[[str], None]) -> list[str]:
    """Everything that disagrees after so many seconds of it."""
    stop = Event()
    with Server(data) as server:
        migrate(server.url)
        with engine_at(server.url), ThreadPoolExecutor(CLIENTS + 1) as pool:
            crowd = fill(server.url)
            folder = pool.submit(folding, server.url, stop)
            workers = [pool.submit(work, who, stop, seed) for seed, who in enumerate(crowd)]
            try:
                for how in (signal.SIGKILL, signal.SIGQUIT):
                    _wait(seconds / 3, workers)
                    kill(server, how)
                    tell(f"The database was killed ({how.name}) and started anew.")
                _wait(seconds / 3, workers)
            finally:
                stop.set()
            told = [worker.result() for worker in workers]
            folder.result()
            operations = {key: rows for one in told for key, rows in one.operations.items()}
            outcomes = Counter(row.refused or "done" for rows in operations.values() for row in rows)
            tell(
                f"{sum(one.presses for one in told)} presses and looks, {sum(one.broken for one in told)} broken;"
                f" {len(operations)} operations: {', '.join(f'{n} {what}' for what, n in outcomes.most_common())}."
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
        found = storm(folder / "data", seconds, lambda line: print(line, flush=True))  # noqa: T201 -- a command
    print("\n".join(found) or "Appeals, history, what people were told, cubes and audit agree.")  # noqa: T201 -- the same
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
