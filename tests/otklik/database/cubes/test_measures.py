"""Each measure is what the migrated database's views and cubes hold, and what plain Python counts."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import ColumnElement, Connection, Date, Select, case, cast, func, select, text, true

from otklik.database.cubes.measures import (
    FLOW_CUBES,
    MEASURE_BY_NAME,
    MEASURES,
    MOMENTS,
    QUALITY_MEASURES,
    RATING_MEASURES,
    Measure,
)
from otklik.database.cubes.rollups import CUBE_NAMES, fold_cubes
from otklik.database.tables import appeal, given_rating, territory
from tests.support.appeals.appeal_changes import Change, apply_change
from tests.support.figures.oracle import Oracle
from tests.support.figures.reference_data import ReferenceData, appeal_rows, build_reference_data, draft_appeal

APPEALS = 300
# Dates, points and ratings that the drafts leave out, on both sides of what the measures of data quality look for.
VARY_DATES = """UPDATE appeal SET
    registered_at = received_at + (id % 3) * interval '1 minute',
    rated_at = CASE WHEN rating IS NOT NULL THEN
        greatest(received_at, coalesce(closed_at, received_at) + (id % 5 - 2) * interval '1 second') END,
    lon = CASE WHEN id % 3 = 0 THEN 37.6 END, lat = CASE WHEN id % 3 = 0 THEN 55.7 END"""

# Some answered appeals are re-opened, answered and rated once more: the first rating stays.
RATE_AGAIN = """UPDATE appeal SET reopened = reopened + 1, closed_at = rated_at + interval '3 days',
    rated_at = rated_at + interval '4 days', rating = 6 - rating
    WHERE closed_at IS NOT NULL AND rating IS NOT NULL AND id % 4 = 0"""


@pytest.fixture
def world(connection: Connection, url: str) -> ReferenceData:
    """Appeals at the edges of days and deadlines, half of them in folded cells and half fresh."""
    reference = build_reference_data(connection)
    with psycopg.connect(url, autocommit=True) as writer:
        for seed in (0, APPEALS // 2):
            drafts = tuple(draft_appeal(seed + offset) for offset in range(APPEALS // 2))
            fold_cubes(url)
            apply_change(writer, reference, Change("insert", 0, drafts, ()))
    connection.execute(text(VARY_DATES + " WHERE id % 2 = 0"))
    fold_cubes(url)
    connection.execute(text(VARY_DATES + " WHERE id % 2 = 1"))
    connection.execute(text(RATE_AGAIN))
    assert connection.scalar(text("SELECT count(*) FROM earlier_rating"))
    return reference


def nonzero_cells(rows: Iterable[Any]) -> dict[tuple[int, date], int]:
    """The sum of each region and day that has any."""
    return {(row[0], row[1]): int(row[2]) for row in rows if row[2]}


def declared_query(measure: Measure, *, answer_time_known: bool = False) -> Select[Any]:
    """The measure by region and local day, by its declaration; of ratings, those of earlier answers too.

    With `answer_time_known`, ratings count only where the appeal still has the answer that they rate.
    """
    day = cast(func.timezone(territory.c.timezone, MOMENTS[measure.moment]), Date)
    if measure.name in RATING_MEASURES:
        day = cast(func.timezone(territory.c.timezone, given_rating.c.rated_at), Date)
        is_rating = case((given_rating.c.rating == int(measure.name[-1]), 1), else_=0)
        return (
            select(given_rating.c.region_id, day, func.sum(is_rating))
            .join_from(given_rating, territory, territory.c.id == given_rating.c.region_id)
            .join(appeal, (appeal.c.region_id == given_rating.c.region_id) & (appeal.c.id == given_rating.c.appeal_id))
            .where(_rates_current_answer() if answer_time_known else true())
            .group_by(given_rating.c.region_id, day)
        )
    return (
        select(appeal.c.region_id, day, func.sum(measure.value))
        .join_from(appeal, territory, territory.c.id == appeal.c.region_id)
        .where(day.is_not(None))
        .group_by(appeal.c.region_id, day)
    )


def _rates_current_answer() -> ColumnElement[bool]:
    is_of_this_answer = (appeal.c.reopened == 0) | (appeal.c.rated_at >= appeal.c.closed_at)
    return given_rating.c.is_latest & appeal.c.closed_at.is_not(None) & is_of_this_answer


@pytest.mark.usefixtures("world")
def test_every_measure_is_what_the_views_of_facts_compute(connection: Connection) -> None:
    for measure in MEASURE_BY_NAME.values():
        expected = nonzero_cells(connection.execute(declared_query(measure)))
        view = "fact" if measure.name in MEASURES else "trace"
        actual = connection.execute(text(f"SELECT region_id, day, sum({measure.name}) FROM {view} GROUP BY 1, 2"))
        assert expected, f"no appeal counts for {measure.name}"
        assert nonzero_cells(actual) == expected, measure.name


@pytest.mark.usefixtures("world")
def test_every_measure_is_what_its_cubes_hold(connection: Connection) -> None:
    for measure in MEASURE_BY_NAME.values():
        for cube in set(measure.cubes) - {"cube_town"}:
            query = declared_query(measure, answer_time_known=cube == "cube_wait")
            expected = nonzero_cells(connection.execute(query))
            actual = connection.execute(
                text(f"""SELECT territory_id, day, sum({measure.name}) FROM {cube}
                    JOIN territory ON territory.id = territory_id AND level = 'region' GROUP BY 1, 2""")
            )
            assert nonzero_cells(actual) == expected, (measure.name, cube)


@pytest.mark.usefixtures("world")
def test_the_cube_of_municipalities_holds_their_appeals_alone(connection: Connection) -> None:
    measures = [measure for measure in MEASURE_BY_NAME.values() if "cube_town" in measure.cubes]
    for measure in measures:
        in_municipality = appeal.c.municipality_id.is_not(None) & MOMENTS[measure.moment].is_not(None)
        expected = connection.scalar(select(func.sum(measure.value)).where(in_municipality))
        assert connection.scalar(text(f"SELECT sum({measure.name}) FROM cube_town_spans")) == expected != 0


@pytest.mark.usefixtures("world")
def test_the_sql_for_a_migration_computes_the_measure(connection: Connection) -> None:
    for measure in MEASURE_BY_NAME.values():
        declared = connection.scalars(select(measure.value).order_by(appeal.c.region_id, appeal.c.id)).all()
        printed = connection.exec_driver_sql(f"SELECT {measure.sql()} FROM appeal ORDER BY region_id, id").scalars()
        assert printed.all() == declared, measure.name


def test_every_measure_is_what_python_counts(connection: Connection, world: ReferenceData) -> None:
    oracle = Oracle(world, appeal_rows(connection), datetime.now(UTC))
    expected = oracle.measures(date.min, date.max)
    assert list(expected) == list(MEASURE_BY_NAME)
    for measure in MEASURE_BY_NAME.values():
        total = sum(nonzero_cells(connection.execute(declared_query(measure))).values())
        assert total == expected[measure.name], measure.name


def test_each_cube_has_the_columns_of_its_measures(connection: Connection) -> None:
    for cube in CUBE_NAMES:
        columns = connection.scalars(
            text(
                "SELECT column_name FROM information_schema.columns WHERE table_name = :table ORDER BY ordinal_position"
            ),
            {"table": f"{cube}_folded"},
        ).all()
        declared = [name for name, measure in MEASURE_BY_NAME.items() if cube in measure.cubes]
        assert [column for column in columns if column in MEASURE_BY_NAME] == declared, cube


def test_the_cubes_of_what_happened_hold_the_same_measures() -> None:
    assert all(set(FLOW_CUBES) <= set(MEASURE_BY_NAME[name].cubes) for name in MEASURES)
    assert {*MEASURES, *QUALITY_MEASURES} == set(MEASURE_BY_NAME)
