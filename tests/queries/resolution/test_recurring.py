"""Recurring problems: more than a place's own history and the season of the topic lead to expect."""

from datetime import date, timedelta

import pandas as pd
import pytest
import streamlit
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import fold_cubes
from queries.cache.statements import bypass_cubes
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.resolution import recurring
from queries.resolution.recurring_history import history_matrix
from queries.summaries.place_topic_sums import Level, cell_sums, with_level
from tests.support import factories
from tests.support.figures.reference_data import BASE_MOMENT

DAY = timedelta(days=1)


@pytest.mark.parametrize("length", [10, 40, 70])
@pytest.mark.parametrize("end", [2, -3, -9])
def test_the_cells_of_cubes_say_what_the_appeals_say(connection: Connection, url: str, length: int, end: int) -> None:
    for town in ("XA-1", "XA-2"):
        factories.territory(connection, town, "municipality", "XA")
    for ago in range(0, 150, 3):
        received = BASE_MOMENT - ago * DAY
        place = {"region": "XA", "municipality": f"XA-{1 + ago % 2}", "topic": f"roads.{ago % 5}"}
        factories.appeal(connection, **place, received_at=received)
        factories.appeal(connection, **place, received_at=received, closed_at=received + DAY, reopened=ago % 2)
        if ago == 45:
            fold_cubes(url)
    last = BASE_MOMENT.date() + end * DAY
    start = last - length * DAY

    def told() -> list[pd.DataFrame]:
        streamlit.cache_data.clear()
        levels: tuple[Level, ...] = recurring.LEVELS
        cells = [(with_level(resolve(Filters(start, last)), level), level) for level in levels]
        return [
            table.sort_index()
            for resolved, level in cells
            for table in (
                cell_sums(resolved, start, last, level, recurring.CELL_MEASURES),
                history_matrix(resolved, start, level),
            )
        ]

    cubes = told()
    token = bypass_cubes.set(True)
    try:
        appeals = told()
    finally:
        bypass_cubes.reset(token)
        streamlit.cache_data.clear()
    assert all(table.to_numpy().sum() > 0 for table in cubes)
    for from_cubes, from_appeals in zip(cubes, appeals, strict=True):
        pd.testing.assert_frame_equal(from_cubes, from_appeals)


COPIED_COLUMNS = (
    "region_id, municipality_id, topic_id, holder_id, first_holder_id, source_id, channel_id, regime_id, status_id"
)
START, END = date(2024, 3, 1), date(2024, 4, 2)
MARCH = Filters(START, END)


def received(connection: Connection, region: str, town: str, topic: str, before: int, now: int) -> None:
    """Appeals of a topic in a town: so many in each 16 days of the year before March, and so many in March."""
    noon = BASE_MOMENT.replace(year=2024, month=3, day=1, hour=12)
    moments = [noon - (16 * span - n % 16) * DAY for span in range(1, 24) for n in range(before)]
    moments += [noon + n % 32 * DAY for n in range(now)]
    key = factories.appeal(
        connection, region=region, municipality=f"{region}-{town}", topic=topic, received_at=moments.pop()
    )
    connection.execute(
        text(
            f"""INSERT INTO appeal (number, received_at, {COPIED_COLUMNS})
            SELECT number || '-' || row_number() OVER (), moment, {COPIED_COLUMNS}
            FROM appeal, unnest(CAST(:moments AS timestamptz[])) AS moment WHERE region_id = :region_id AND id = :id"""
        ),
        {"moments": moments, "region_id": key.region_id, "id": key.id},
    )


def test_what_is_usual_is_no_problem_however_much_it_is(connection: Connection) -> None:
    for region in ("XA", "XB"):
        for town in ("1", "2"):
            received(connection, region, town, "waste", before=6, now=12)
    # Snow falls everywhere; a pipe bursts in one town, and in the other region buses fail in both.
    for region in ("XA", "XB"):
        received(connection, region, "1", "snow", before=2, now=12)
        received(connection, region, "2", "snow", before=2, now=12)
        received(connection, region, "1", "water", before=1, now=30 if region == "XA" else 2)
        received(connection, region, "2", "water", before=1, now=2)
        for town in ("1", "2"):
            received(connection, region, town, "buses", before=1, now=24 if region == "XB" else 2)
    rows = recurring.recurring_problems(MARCH)
    assert rows[["territory", "topic", "received"]].to_numpy().tolist() == [["XB", "buses", 48], ["XA-1", "water", 30]]
    assert rows["expected"].between(1, 8).all()
    assert rows["resolution_rate"].tolist() == [0, 0]
    # A problem is one whichever part is looked at.
    assert recurring.recurring_problems(Filters(START, END, territory="XA"))["topic"].tolist() == ["water"]
    assert recurring.recurring_problems(Filters(START, END, topic="buses"))["territory"].tolist() == ["XB"]
    assert len(recurring.recurring_problems(MARCH, 1)) == 1


def test_a_place_that_came_lately_has_nothing_to_compare_with(connection: Connection) -> None:
    received(connection, "XA", "1", "waste", before=2, now=4)
    received(connection, "XB", "1", "waste", before=0, now=40)
    assert recurring.recurring_problems(MARCH).empty
