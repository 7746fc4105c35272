"""Counts of open appeals: rows on both sides of every boundary, and cubes against appeals."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
import streamlit
from sqlalchemy import Connection

from queries.cache.statements import bypass_cubes
from queries.filters import Filters
from queries.queue import open_counts
from queries.summaries import open_ages
from tests.support import factories

DAY = timedelta(days=1)
SOON = timedelta(minutes=5)
TODAY = datetime.now(UTC).date()
MIDNIGHT = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
MONTH = Filters(TODAY - 29 * DAY, TODAY + DAY)


def days_ago(days: int) -> datetime:
    """The first moment of a day."""
    return MIDNIGHT - days * DAY


@pytest.fixture
def appeals(connection: Connection) -> None:
    """Four stages and ages: within time, just at risk, just overdue, without a deadline."""
    factories.territory(connection, "XA")
    factories.territory(connection, "XB", lon=1.0)
    add = factories.appeal
    now = datetime.now(UTC)
    # Four fifths of ten days are used up in five minutes, and were five minutes ago.
    add(
        connection,
        number="WITHIN",
        received_at=now - 8 * DAY + SOON,
        deadline_at=now + 2 * DAY + SOON,
        topic="roads",
    )
    add(connection, number="RISK", received_at=now - 8 * DAY - SOON, deadline_at=now + 2 * DAY - SOON, topic="roads")
    add(
        connection,
        number="OVER",
        received_at=now - 8 * DAY,
        deadline_at=now - SOON,
        status="on_moderation",
        region="XB",
    )
    add(
        connection,
        number="LATEST",
        received_at=now - 40 * DAY,
        deadline_at=now - 30 * DAY,
        holder="city",
        topic="lifts.old",
    )
    add(connection, number="FREE", received_at=now, channel="app", lon=37.6, lat=55.7)
    add(
        connection,
        number="CLOSED",
        received_at=now - 90 * DAY,
        deadline_at=now - DAY,
        closed_at=now - 2 * DAY,
        lon=1,
        lat=1,
    )


@pytest.mark.usefixtures("appeals")
def test_tiles_count_what_is_open_now() -> None:
    metric_values = {metric_value.metric.id: metric_value for metric_value in open_counts.kpis(MONTH)}
    values = {name: metric_value.value for name, metric_value in metric_values.items()}
    assert values == {
        "open": 5,
        "within": 2,
        "at_risk": 1,
        "overdue": 2,
        "overdue_share": 0.4,
        "oldest_open": 40,
    }
    assert metric_values["open"].previous == 2  # thirty days ago: the oldest, and one closed since


@pytest.mark.usefixtures("appeals")
def test_what_is_open_now_does_not_depend_on_the_period() -> None:
    past = Filters(TODAY - 400 * DAY, TODAY - 300 * DAY)
    assert {cube_answer.metric.id: cube_answer.value for cube_answer in open_counts.kpis(past)}["open"] == 5
    assert open_counts.open_by_organisation(past)["open"].sum() == 5


@pytest.mark.usefixtures("connection")
def test_nothing_is_oldest_where_nothing_is_open() -> None:
    assert {cube_answer.metric.id: cube_answer.value for cube_answer in open_counts.kpis(MONTH)}["oldest_open"] is None
    assert open_counts.open_by_stage_and_age(MONTH).empty
    assert open_counts.open_by_topic_and_stage(MONTH).empty
    assert open_counts.open_by_organisation(MONTH).empty
    assert open_counts.open_appeals_with_location(MONTH).empty


@pytest.mark.parametrize(
    ("days", "band"), [(0, 0), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (13, 3), (14, 4), (29, 4), (30, 5)]
)
def test_a_band_of_ages_begins_with_its_first_day(connection: Connection, days: int, band: int) -> None:
    factories.appeal(connection, received_at=days_ago(days))
    assert open_counts.open_by_stage_and_age(MONTH)[["stage", "band", "appeals"]].to_numpy().tolist() == [
        ["Execution", band, 1]
    ]


def test_the_oldest_is_not_one_that_has_just_been_closed(connection: Connection) -> None:
    factories.appeal(connection, received_at=days_ago(9))
    key = factories.appeal(connection, received_at=days_ago(99))
    connection.exec_driver_sql(
        "UPDATE appeal SET closed_at = now(), status_id = status.id FROM status"
        " WHERE status.code = 'answered' AND appeal.id = %s",
        (key.id,),
    )
    assert open_ages.oldest_open(MONTH).value == 9


@pytest.mark.usefixtures("appeals")
def test_stages_stand_in_their_order() -> None:
    rows = open_counts.open_by_stage_and_age(MONTH)
    assert rows["stage"].unique().tolist() == ["Moderation", "Execution"]
    assert rows["appeals"].sum() == 5


@pytest.mark.usefixtures("appeals")
def test_topics_by_stage_are_those_a_step_below_the_chosen_one() -> None:
    rows = open_counts.open_by_topic_and_stage(MONTH)
    assert rows.groupby("name", sort=False)["appeals"].sum().to_dict() == {"roads": 4, "lifts": 1}
    assert open_counts.open_by_topic_and_stage(Filters(MONTH.start, MONTH.end, topic="lifts"))["name"].tolist() == [
        "lifts.old"
    ]


@pytest.mark.usefixtures("appeals")
def test_topics_beyond_the_largest_are_one_without_a_name() -> None:
    rows = open_counts.open_by_topic_and_stage(MONTH, 1)
    assert rows["name"].isna().tolist() == [False, False, True]
    assert rows["appeals"].sum() == 5


@pytest.mark.usefixtures("appeals")
def test_each_organisation_and_channel_in_three_parts() -> None:
    rows = open_counts.open_by_organisation(MONTH).set_index("code")
    assert list(rows.loc["office", ["open", "within", "at_risk", "overdue"]]) == [4, 2, 1, 1]
    assert list(rows.loc["city", ["open", "within", "at_risk", "overdue"]]) == [1, 0, 0, 1]
    assert rows.index.tolist() == ["office", "city"]
    assert open_counts.open_by_channel(MONTH).set_index("code")["open"].to_dict() == {"portal": 4, "app": 1}


@pytest.mark.usefixtures("appeals")
def test_points_are_those_of_open_appeals() -> None:
    rows = open_counts.open_appeals_with_location(MONTH)
    assert rows[["number", "lon", "lat"]].to_numpy().tolist() == [["FREE", 37.6, 55.7]]


@pytest.mark.usefixtures("appeals")
def test_the_backlog_ends_with_what_is_open_now() -> None:
    last = open_counts.backlog_by_day(MONTH).iloc[-1]
    assert last["day"] == TODAY
    assert last[["open", "overdue"]].tolist() == [5, 2]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(
    "filters",
    [
        MONTH,
        Filters(MONTH.start, MONTH.end, territory="XB"),
        Filters(MONTH.start, MONTH.end, topic="roads", channel="app"),
    ],
)
def test_cubes_say_what_the_appeals_say(filters: Filters) -> None:
    def answered() -> list[pd.DataFrame]:
        streamlit.cache_data.clear()
        states = [open_counts.open_by_organisation(filters), open_counts.open_by_channel(filters)]
        return [
            open_counts.open_by_stage_and_age(filters),
            open_counts.open_by_topic_and_stage(filters),
            *states,
            open_ages.open_durations(filters),
            open_ages.open_durations(filters, "topic_id"),
        ]

    cubes = answered()
    token = bypass_cubes.set(True)
    try:
        appeals = answered()
    finally:
        bypass_cubes.reset(token)
        streamlit.cache_data.clear()
    for cube_answer, appeal_answer in zip(cubes, appeals, strict=True):
        pd.testing.assert_frame_equal(cube_answer.sort_index(), appeal_answer.sort_index())


def test_the_time_allowed_leaves_out_appeals_without_a_deadline(connection: Connection) -> None:
    factories.appeal(connection, received_at=days_ago(3), deadline_at=days_ago(3) + 10 * DAY)
    factories.appeal(connection, received_at=days_ago(3), deadline_at=days_ago(3) + 30 * DAY)
    factories.appeal(connection, received_at=days_ago(5))
    assert open_ages.open_durations(MONTH).to_dict("records") == [
        {"open": 3, "oldest_days": 5, "allowed_days": 40, "with_deadline": 2}
    ]
