"""Who has room for more appeals: exact rows for given appeals."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from otklik.actions.candidates import holder_options
from otklik.database.access import scope
from queries.filters import Filters
from queries.summaries.capacity import days_to_deadline, organisation_capacity
from tests.support import factories
from tests.support.appeals.appeal_versions import create_appeal, create_person

DAY = timedelta(days=1)
NOON = datetime.combine(datetime.now(UTC).date(), time(12), UTC)
ALL = Filters(start=date(2020, 1, 1), end=NOON.date() + DAY)
SNOW = Filters(start=ALL.start, end=ALL.end, topic="snow")


def close(connection: Connection, holder: str, count: int, topic: str = "snow", **columns: Any) -> None:  # noqa: ANN401 -- any column
    for number in range(count):
        closed_at = NOON - (1 + number % 28) * DAY
        factories.appeal(
            connection, holder=holder, topic=topic, received_at=closed_at - 3 * DAY, closed_at=closed_at, **columns
        )


def leave_open(connection: Connection, holder: str, count: int, topic: str = "roads", days: int = 10) -> None:
    for _ in range(count):
        factories.appeal(
            connection, holder=holder, topic=topic, received_at=NOON - 20 * DAY, deadline_at=NOON + days * DAY
        )


def capacity(filters: Filters) -> list[tuple[Any, ...]]:
    columns = ["code", "room", "answered", "open", "overdue", "closed_a_day"]
    return [tuple(row) for row in organisation_capacity(filters).organisations[columns].to_numpy().tolist()]


def test_room_is_what_is_closed_until_the_deadline_less_all_that_is_open(connection: Connection) -> None:
    close(connection, "quick", 28)
    leave_open(connection, "quick", 4)
    close(connection, "slow", 7)
    close(connection, "idle", 6)  # nothing open, but no pace either
    close(connection, "full", 28)
    leave_open(connection, "full", 10)  # of another topic, and in its way all the same
    close(connection, "parks", 56, topic="parks")  # knows nothing of snow
    leave_open(connection, "late", 1, topic="snow", days=10)
    assert organisation_capacity(SNOW).days == 10
    assert capacity(SNOW) == [("quick", 6, 28, 4, 0, 1.0), ("slow", 2, 7, 0, 0, 0.25)]


@pytest.mark.parametrize(("days", "expected"), [([-9, -1, 3], 7.0), ([9, 20, 30], 20.0), ([], 7.0)])
def test_the_deadline_is_as_far_off_as_half_of_those_of_the_open_appeals(
    connection: Connection, days: list[int], expected: float
) -> None:
    for day in days:
        leave_open(connection, "office", 1, days=day)
    factories.appeal(connection, received_at=NOON - DAY, deadline_at=None)
    assert days_to_deadline(ALL) == expected


def test_an_organisation_of_another_territory_is_not_named(connection: Connection) -> None:
    close(connection, "here", 14, region="XA")
    close(connection, "there", 14, region="XB")
    assert [row[0] for row in capacity(Filters(**{**SNOW.__dict__, "territory": "XA"}))] == ["here"]


def test_the_one_who_is_to_hand_on_does_not_narrow_the_table(connection: Connection) -> None:
    close(connection, "other", 14)
    assert [row[0] for row in capacity(Filters(**{**SNOW.__dict__, "organisation": "office"}))] == ["other"]


def test_table_and_proposal_name_the_same_organisation_with_the_same_room(connection: Connection) -> None:
    """The busiest one closed most such appeals, and has no room for more."""
    due: dict[str, Any] = {"region": "XA", "holder": "roads", "topic": "snow", "deadline_at": NOON + 10 * DAY}
    with scope.acting_as(create_person(connection, "Anna").scope):
        close(connection, "housing", 56, region="XA")
        close(connection, "agency", 28, region="XA")
        for _ in range(40):
            factories.appeal(connection, **{**due, "holder": "housing", "received_at": NOON - 5 * DAY})
        options = holder_options([create_appeal(connection, **due)])
        best = options.ranked()[0]
        (proposal,) = options.proposals.values()
        rows = organisation_capacity(SNOW).organisations
    assert proposal == best.candidate.code == rows["code"].iloc[0] == "agency"
    assert best.room == pytest.approx(rows["room"].iloc[0], abs=1)
    assert "housing" not in list(rows["code"])
