"""The backlog by weeks: each counted by itself, beside what is usual of those before."""

from datetime import UTC, datetime, time, timedelta

import numpy as np
from sqlalchemy import Connection

from queries.filters import Filters
from queries.morning.backlog_flow import backlog_flow
from tests.support import factories
from tests.support.figures.oracle import DAY

TODAY = datetime.combine(datetime.now(UTC).date(), time(), UTC)
FILTERS = Filters(TODAY.date(), TODAY.date() + DAY)
SECOND = timedelta(seconds=1)


def test_weeks_end_with_yesterday_and_begin_with_the_data(connection: Connection) -> None:
    for received, closed in ((15, 8), (8, 7), (7, None), (1, 0)):
        factories.appeal(
            connection,
            received_at=TODAY - received * DAY,
            closed_at=None if closed is None else TODAY - closed * DAY + (SECOND if closed == 0 else -SECOND),
        )
    flow = backlog_flow(FILTERS)
    days = [TODAY.date() - 14 * DAY, TODAY.date() - 7 * DAY]
    # Received and closed in the week before the last one: on the 8th and 9th day back, and a second before the 7th.
    assert flow.by_week[["day", "received", "closed", "change"]].to_numpy().tolist() == [
        [days[0], 1, 2, -1],
        [days[1], 2, 0, 2],
    ]
    assert flow.by_week["last"].tolist() == [day + 6 * DAY for day in days]
    assert flow.usual is None


def test_what_is_usual_leaves_the_last_week_out(connection: Connection) -> None:
    changes = [3, 1, 4, 1, 5, 9]
    factories.appeal(connection, received_at=TODAY - 7 * (len(changes) + 1) * DAY, closed_at=TODAY)
    for weeks_ago, change in enumerate([20, *changes], 1):
        for _ in range(change):
            factories.appeal(connection, received_at=TODAY - 7 * weeks_ago * DAY + DAY)
    flow = backlog_flow(FILTERS)
    assert flow.by_week["change"].iloc[-1] == 20
    base = flow.by_week["change"].iloc[:-1]
    assert flow.usual == tuple(np.quantile(base, (0.1, 0.9)))
    assert flow.usual[1] < 20


def test_an_empty_database_has_no_week(connection: Connection) -> None:
    factories.territory(connection)
    flow = backlog_flow(FILTERS)
    assert int(flow.by_week[["received", "closed"]].to_numpy().sum()) == 0
    assert flow.usual is None


def test_closes_after_the_last_week_with_data_are_in_no_week(connection: Connection) -> None:
    """Where nothing came for weeks, old appeals are still closed; once the page stopped there."""
    for received, closed in ((30, 3), (24, 22), (23, None)):
        closed_at = None if closed is None else TODAY - closed * DAY
        factories.appeal(connection, received_at=TODAY - received * DAY, closed_at=closed_at)
    flow = backlog_flow(FILTERS)
    assert flow.by_week[["day", "received", "closed"]].to_numpy().tolist() == [[TODAY.date() - 28 * DAY, 2, 1]]
