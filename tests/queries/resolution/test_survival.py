"""Closing curves, with open appeals counted up to their age."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pandas as pd
import pytest
from sqlalchemy import Connection, func, select, text

from otklik.database.access import scope
from otklik.database.transactions import query_dataframe
from queries.cache.statements import bypass_cubes
from queries.core.date_ranges import midnight_arrays
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.resolution import survival
from tests.queries.core.test_resolved_filters import manager
from tests.support import factories
from tests.support.servers.executed_statements import executed_statements

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
NOW = datetime.now(UTC)
LATELY = Filters((NOW - 50 * DAY).date(), (NOW + DAY).date())


def test_without_open_ones_it_is_the_share_that_was_closed(connection: Connection) -> None:
    then = NOW - 30 * DAY
    for days in (0, 1, 1, 2):
        factories.appeal(connection, received_at=then, closed_at=then + days * DAY + DAY / 2)
    rows = survival.closing_curve(LATELY).set_index("day")
    assert list(rows["share"][[0, 1, 2, 3, 60]]) == [0, 0.25, 0.75, 1, 1]
    assert (rows["low"][60], rows["high"][60]) == (1, 1)
    assert len(rows) == 61


def test_days_are_of_24_hours_and_the_period_is_that_of_the_region(connection: Connection) -> None:
    factories.territory(connection, "KAM", timezone="Asia/Kamchatka")
    march = Filters(date(2024, 3, 1), date(2024, 3, 2))
    dawn = datetime(2024, 2, 29, 12, tzinfo=UTC)  # 1 March begins there
    for received in (dawn - SECOND, dawn, dawn + DAY - SECOND, dawn + DAY):
        factories.appeal(connection, region="KAM", received_at=received, closed_at=received + DAY)
    rows = survival.closing_curve(march).set_index("day")
    assert rows["at_risk"][0] == 2
    # Exactly a day after the receipt the age is 1.
    assert list(rows["share"][[1, 2]]) == [0, 1]
    factories.appeal(connection, region="KAM", received_at=dawn, closed_at=dawn + DAY - SECOND)
    assert survival.duration_counts(march)["closed"].tolist() == [1, 2]


def test_members_are_compared_that_received_enough(connection: Connection) -> None:
    then = NOW - 20 * DAY
    for n in range(60):
        topic = "roads.holes" if n % 2 else "roads.snow"
        factories.appeal(connection, topic=topic, received_at=then, closed_at=then + n % 3 * DAY, regime="fast")
    for _ in range(29):
        factories.appeal(connection, topic="heat", received_at=then)
    rows = survival.closing_curves(LATELY, "topic")
    assert rows["name"].unique().tolist() == ["roads"]
    assert rows["received"].iloc[0] == 60
    deeper = survival.closing_curves(Filters(LATELY.start, LATELY.end, topic="roads"), "topic")
    assert set(deeper["name"]) == {"roads.holes", "roads.snow"}
    assert survival.closing_curves(LATELY, "regime")["name"].unique().tolist() == ["Fast track"]
    assert survival.closing_curves(LATELY, "organisation")["share"].iloc[60] == pytest.approx(60 / 89)


@pytest.mark.usefixtures("connection")
def test_nothing_received_is_no_curve() -> None:
    assert survival.closing_curve(LATELY).empty
    assert survival.closing_curves(LATELY, "topic").empty


def test_it_keeps_to_the_filters_and_sorts_nothing(connection: Connection) -> None:
    factories.appeal(connection, received_at=NOW - 9 * DAY, closed_at=NOW - 8 * DAY, municipality="XA-1")
    factories.appeal(connection, received_at=NOW - 9 * DAY, channel="app")
    for narrowed in (replace(LATELY, territory="XA-1"), replace(LATELY, channel="portal")):
        assert survival.closing_curve(narrowed)["at_risk"][0] == 1
    portal = replace(LATELY, channel="portal")
    rows = [
        statement
        for statement in executed_statements(lambda: survival.closing_curve(portal))
        if "floor" in statement.statement
    ]
    assert len(rows) == 1
    assert "ORDER BY" not in rows[0].statement


def test_the_cube_says_what_the_appeals_say(connection: Connection) -> None:
    dice = Random(3)  # noqa: S311 -- data for tests
    for n in range(60):
        received = NOW - dice.uniform(0, 100) * DAY
        closed = received + dice.choice([DAY / 2, DAY - SECOND, DAY, 59.5 * DAY, 60 * DAY, 80 * DAY]) if n % 3 else None
        factories.appeal(connection, region=dice.choice(["XA", "KAM"]), received_at=received, closed_at=closed)
    rows = survival.closing_curve(LATELY)
    token = bypass_cubes.set(True)
    try:
        raw = survival.closing_curve(replace(LATELY, language="ru"))
    finally:
        bypass_cubes.reset(token)
    pd.testing.assert_frame_equal(rows, raw)


def test_the_cube_follows_what_happens_to_an_appeal(connection: Connection) -> None:
    then = NOW - 9 * DAY
    key = factories.appeal(connection, received_at=then, closed_at=then + DAY / 2)
    change = f"UPDATE appeal SET closed_at = received_at + interval '5 days' WHERE id = {key.id}"
    counts = []
    for statement in (change, f"DELETE FROM appeal WHERE id = {key.id}"):
        counts.append(survival.duration_counts(LATELY)[["age", "closed"]].to_numpy().tolist())
        connection.execute(text(statement))
    assert counts == [[[0, 1]], [[5, 1]]]
    assert survival.duration_counts(LATELY).empty


def test_open_ones_of_another_region_are_not_counted_for_who_does_not_see_it(connection: Connection) -> None:
    for region in ("XA", "KAM"):
        factories.appeal(connection, region=region, received_at=NOW - 9 * DAY)
    both, since, until = midnight_arrays(resolve(LATELY), LATELY.start, LATELY.end)
    query = select(func.open_ages(both, since, until).table_valued("age", "appeals"))
    assert query_dataframe(query)["appeals"].tolist() == [2]
    with scope.acting_as(manager(connection, "XA")):
        # Even a query without a condition on territories.
        assert query_dataframe(query)["appeals"].tolist() == [1]
        assert survival.closing_curve(LATELY)["at_risk"][0] == 1
