"""The share resolved at equal age: against an independent implementation, and between periods of different age."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random

import numpy as np
import pytest
import streamlit
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import fold_cubes
from queries.cache.live import change_listener
from queries.cache.statements import bypass_cubes
from queries.filters import Filters
from queries.regions import territories
from queries.resolution import performance, side_by_side
from queries.summaries.dimensions import Dimension
from queries.summaries.metric_values import metric_values
from queries.summaries.resolved_share import member_estimates, resolved_share
from tests.support import factories
from tests.support.servers.executed_statements import executed_statements, recorded_statements

DAY = timedelta(days=1)
TODAY = datetime.now(UTC).date()
FOUR_WEEKS = Filters(TODAY - 28 * DAY, TODAY)
OPEN, RESOLVED, OTHER = range(3)


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def stationary(connection: Connection, weeks: int = 8) -> None:
    """Every day alike: four appeals resolved after 2, 10, 20 and 40 days, one explained after 5, one never closed."""
    now = datetime.now(UTC)
    for ago in range(7 * weeks):
        received = at(TODAY - ago * DAY, 1)
        for days, outcome in ((2, "resolved"), (10, "resolved"), (20, "resolved"), (40, "resolved"), (5, "explained")):
            closed = received + days * DAY
            is_closed = closed < now
            factories.appeal(
                connection,
                received_at=received,
                closed_at=closed if is_closed else None,
                outcome=outcome if is_closed else None,
                municipality="XA-1",
            )
        factories.appeal(connection, received_at=received, municipality="XA-1")


def test_where_every_day_is_alike_no_change_is_shown(connection: Connection) -> None:
    stationary(connection)
    share, by_now = metric_values(FOUR_WEEKS, ("resolved_share", "resolution_rate"))
    assert share.value == pytest.approx(1 / 2)
    assert share.previous == pytest.approx(share.value)
    assert share.days == 27
    low, high = share.change_interval or (1, 1)
    assert low < 0 < high
    # By now the earlier period stands higher, since it is older: that is no change.
    earlier, _ = metric_values(
        replace(FOUR_WEEKS, start=TODAY - 56 * DAY, end=TODAY - 28 * DAY), ("resolution_rate", "open")
    )
    assert (earlier.value or 0) - (by_now.value or 0) > 0.1
    assert by_now.previous is None
    assert share.by_now == by_now.value


def test_on_the_map_and_in_tables_it_is_the_same_share(connection: Connection) -> None:
    stationary(connection)
    share = pytest.approx(1 / 2)
    row = territories.map_values(FOUR_WEEKS, "territory", "resolved_share").iloc[0]
    assert (row["value"], row["change"]) == (share, pytest.approx(0))
    assert np.isnan(territories.map_values(FOUR_WEEKS, "territory", "resolution_rate").iloc[0]["change"])
    for rows in (
        territories.territory_metrics(FOUR_WEEKS, "territory"),
        performance.by_organisation(FOUR_WEEKS),
        performance.by_topic(FOUR_WEEKS),
        performance.by_channel(FOUR_WEEKS),
    ):
        assert rows["resolved_share"].tolist() == [share]
    compared = side_by_side.compared_metrics(FOUR_WEEKS, "territory", ("XA", "XA-1"))
    compared = compared.loc[compared["figure"] == "resolved_share"]
    columns = ["a_value", "b_value", "difference", "low", "high"]
    value, other_value, difference, low, high = compared[columns].iloc[0].tolist()
    assert (value, other_value, difference) == (share, share, 0)
    assert low < 0 < high


def test_the_days_are_a_setting_of_the_regime(connection: Connection) -> None:
    stationary(connection)
    connection.execute(text("UPDATE regime SET resolution_days = 9"))
    assert resolved_share(FOUR_WEEKS).days == 9
    connection.execute(text("UPDATE regime SET resolution_days = 15 WHERE code = 'ordinary'"))
    streamlit.cache_data.clear()
    ordinary, all_regimes = (resolved_share(replace(FOUR_WEEKS, regime=code)) for code in ("ordinary", None))
    assert (ordinary.days, all_regimes.days) == (15, 15)
    assert resolved_share(replace(FOUR_WEEKS, regime="fast")).days == 9
    assert ordinary.resolved_estimate / ordinary.followed == pytest.approx(1 / 3)


def test_a_day_that_is_not_over_is_left_out(connection: Connection) -> None:
    factories.appeal(connection, received_at=datetime.now(UTC))
    factories.appeal(connection, received_at=at(TODAY - DAY), closed_at=datetime.now(UTC))
    assert resolved_share(Filters(TODAY, TODAY + DAY)) == (0, 0, None)
    # Closed today: at the end of yesterday it was open.
    assert resolved_share(Filters(TODAY - DAY, TODAY + DAY)) == (0, 1, 0)


def varied(connection: Connection) -> None:
    """Appeals of 150 days, of two topics, organisations and channels, closed at ages around the horizon or not."""
    dice, now = Random(5), datetime.now(UTC)  # noqa: S311 -- data for tests
    for _ in range(120):
        received = at(TODAY - dice.randrange(150) * DAY, dice.randrange(24))
        closed = received + dice.choice([0, 0.2, 1, 3, 29.5, 30, 30.5, 31, 60]) * DAY if dice.random() < 0.8 else now
        factories.appeal(
            connection,
            region="XA",
            municipality=dice.choice(["XA-1", None]),
            topic=dice.choice(["roads.holes", "heat"]),
            holder=dice.choice(["city", "office"]),
            channel=dice.choice(["portal", "app"]),
            received_at=min(received, now),
            closed_at=closed if received < closed < now else None,
            outcome=dice.choice(["resolved", "explained"]) if received < closed < now else None,
        )


def resolved_estimates_by_member(filters: Filters, dimensions: tuple[Dimension, ...]) -> list[list[float]]:
    """Of the filters and each member of the dimensions: resolved within the days, and of how many."""
    by_member = [member_estimates(filters, dimension, None).sort_index() for dimension in dimensions]
    return [list(resolved_share(filters)[:2]), *(rows.to_numpy().ravel().tolist() for rows in by_member)]


# Windows that a cell of 64 days fits into or not, as they stood yesterday or when they were as old as that.
WINDOWS = [(28, 0, 0), (60, 0, 0), (139, 0, 0), (150, 3, 0), (119, 28, 28), (140, 91, 91), (3, 0, 0)]


@pytest.mark.parametrize("is_folded", [False, True])
def test_cells_of_all_lengths_say_what_the_appeals_say(connection: Connection, url: str, *, is_folded: bool) -> None:
    varied(connection)
    if is_folded:
        fold_cubes(url)
    compared = 0
    for narrowed in ({}, {"topic": "roads"}, {"organisation": "city"}, {"territory": "XA-1"}, {"channel": "portal"}):
        for first, last, days_ago in WINDOWS:
            window = Filters(TODAY - first * DAY, TODAY - last * DAY, days_ago=days_ago)
            filters = replace(window, **narrowed)  # type: ignore[arg-type]
            dimensions: tuple[Dimension, ...] = () if narrowed else ("topic", "organisation", "territory", "channel")
            from_cubes = resolved_estimates_by_member(filters, dimensions)
            token = bypass_cubes.set(True)
            try:
                from_appeals = resolved_estimates_by_member(replace(filters, language="ru"), dimensions)
            finally:
                bypass_cubes.reset(token)
            for cubes, appeals in zip(from_cubes, from_appeals, strict=True):
                assert cubes == pytest.approx(appeals), filters
            compared += from_cubes[0][1] > 0
    assert compared > 3 * len(WINDOWS)


@pytest.mark.parametrize(
    ("panel", "reads_ages"),
    [
        (lambda: territories.map_values(FOUR_WEEKS, "territory", "on_time_rate"), False),
        (lambda: territories.territories(FOUR_WEEKS, "region"), False),
        (lambda: territories.map_values(FOUR_WEEKS, "territory", "resolved_share"), True),
        (lambda: performance.by_topic(FOUR_WEEKS), True),
    ],
)
def test_only_a_panel_that_shows_the_share_reads_ages(
    connection: Connection, panel: Callable[[], object], *, reads_ages: bool
) -> None:
    factories.appeal(connection, received_at=at(TODAY - 2 * DAY))
    statements = executed_statements(panel)
    assert any("resolved_1" in item.statement for item in statements) is reads_ages


def test_shares_of_members_are_computed_again_only_after_ten_minutes(connection: Connection) -> None:
    factories.appeal(connection, received_at=at(TODAY - 2 * DAY))
    panel = partial(performance.by_topic, FOUR_WEEKS)
    executed_statements(panel)
    change_listener().data_version += 1
    with recorded_statements() as recorded:
        panel()
    assert recorded
    assert not any("resolved_1" in item.statement for item in recorded)
