"""The cubes agree with the appeals at every moment, after any changes in any order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import cube_differences, fold_cubes, rebuild_cubes
from tests.support import factories
from tests.support.appeals.appeal_changes import Change, apply_change, change_lists
from tests.support.figures.cube_checks import assert_cubes_match
from tests.support.figures.reference_data import ReferenceData, build_reference_data

pytestmark = pytest.mark.slow

UPKEEP: dict[str, Callable[[str], None]] = {"fold": fold_cubes, "rebuild": rebuild_cubes}
WRITERS = 8
ABORTED = 0.2
stable = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def world(connection: Connection) -> ReferenceData:
    return build_reference_data(connection)


@stable
@given(changes=change_lists("fold", "fold", "rebuild", "truncate"))
def test_after_any_changes_nothing_differs(url: str, world: ReferenceData, changes: list[Change]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE appeal CASCADE")
        for change in changes:
            if change.kind in UPKEEP:
                UPKEEP[change.kind](url)
            else:
                apply_change(connection, world, change)
    assert_cubes_match(url)


def write(url: str, world: ReferenceData, changes: list[Change], prefix: str, random: Random) -> int:
    """Write in transactions of a few changes, some rolled back in part or whole; returns how many were committed."""
    committed = 0
    with psycopg.connect(url) as connection:
        while changes:
            batch, changes = changes[:3], changes[3:]
            try:
                for change in batch:
                    with connection.transaction(force_rollback=random.random() < ABORTED):
                        apply_change(connection, world, change, prefix)
            # Writers that change the same appeals in opposite order may deadlock; one that inserts a known number,
            # after another has moved that appeal to another region, is refused.
            except (psycopg.errors.DeadlockDetected, psycopg.errors.UniqueViolation):
                connection.rollback()
            if random.random() < ABORTED:
                connection.rollback()
            else:
                connection.commit()
                committed += 1
    return committed


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # the changes of eight writers may be many
@settings(stable, max_examples=5)
@given(change_lists_by_writer=st.lists(change_lists(), min_size=WRITERS, max_size=WRITERS), seed=st.integers(0, 999))
def test_many_concurrent_writers_folds_and_rebuilds_lose_nothing(
    url: str, world: ReferenceData, change_lists_by_writer: list[list[Change]], seed: int
) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE appeal CASCADE")
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        writers = [
            pool.submit(write, url, world, part, f"W{which}", Random(seed + which))  # noqa: S311 - which to abort
            for which, part in enumerate(change_lists_by_writer)
        ]
        keepers = [pool.submit(_run_upkeep, url, upkeep, writers) for upkeep in (fold_cubes, rebuild_cubes)]
        assert sum(writer.result() for writer in writers) > 0
        for keeper in keepers:
            keeper.result()
    assert_cubes_match(url)


def _run_upkeep(url: str, upkeep: Callable[[str], None], writers: list[Any]) -> None:
    """Fold or rebuild while anybody writes, and find no difference meanwhile."""
    while not all(writer.done() for writer in writers):
        upkeep(url)
        assert list(cube_differences(url)) == []


def test_writers_of_the_same_cells_never_wait_for_each_other(connection: Connection, url: str) -> None:
    """Two open transactions, each with rows in the other's cells, in opposite order: neither waits."""
    factories.territory(connection, "XB")
    first, second = (psycopg.connect(url, options="-c lock_timeout=5s") for _ in range(2))
    for connection_of_writer, regions in ((first, ("XA", "XB")), (second, ("XB", "XA"))):
        factories.appeal(connection)
        for region in regions:
            connection_of_writer.execute(
                """INSERT INTO appeal (region_id, source_id, number, channel_id, topic_id, regime_id, status_id,
                    first_holder_id, holder_id, received_at)
                SELECT (SELECT id FROM territory WHERE code = %s), source_id, gen_random_uuid()::text, channel_id,
                    topic_id, regime_id, status_id, first_holder_id, holder_id, received_at FROM appeal LIMIT 1""",
                (region,),
            )
    first.commit()
    second.rollback()
    first.close()
    second.close()
    assert connection.scalar(text("SELECT sum(received) FROM cube_place WHERE territory_id = 1")) == 4
    assert_cubes_match(url)
