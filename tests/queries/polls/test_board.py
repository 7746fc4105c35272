"""All polls: which run, are to come and have closed, in which order, and how far the quorum is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from otklik.database.access import scope
from queries.filters import Filters
from queries.lists.poll_list import polls_within
from queries.morning.closing_polls import closing_polls
from queries.polls.board import MAX_SHOWN, PollBoard, board
from queries.polls.details import poll_of_address
from tests.support import factories
from tests.support.appeals.problems import person_scope
from tests.support.participation.polls import DAY, close, poll, vote

NOW = datetime.now(UTC)
TODAY = NOW.date()


def shown(territory: str | None = None, topic: str | None = None, days: int = 30) -> PollBoard:
    return board(Filters(TODAY - days * DAY, TODAY + DAY, "none", territory, topic))


def test_polls_are_sorted_by_what_is_next(connection: Connection) -> None:
    for number, (opens, closes) in {
        "later": (-5, 9),
        "soon": (-5, 2),
        "far": (20, 40),
        "next": (3, 60),
        "old": (-60, -40),
        "just": (-20, -2),
        "before": (-20, -9),
    }.items():
        poll(connection, number=number, opens_at=NOW + opens * DAY, closes_at=NOW + closes * DAY)
    poll(connection, number="draft", is_draft=True)
    found = shown()
    assert list(found.running.rows["number"]) == ["soon", "later"]
    assert list(found.upcoming.rows["number"]) == ["next", "far"]
    assert list(found.closed.rows["number"]) == ["just", "before"]
    assert list(shown(days=50).closed.rows["number"]) == ["just", "before", "old"]
    assert [poll_of_address(number, "en") is not None for number in ("draft", "soon", "no", "'", "x" * 50)] == [
        *(False, True, False, False, False),
    ]


def test_filters_narrow_to_a_territory_and_a_topic_and_all_below_both(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality")
    for number, (territory, topic) in enumerate((("XA", "roads"), ("XA-1", "roads.surface"), ("XB", "parks"))):
        poll(connection, territory, topic, number=f"P-{number}")

    def numbers(territory: str | None = None, topic: str | None = None) -> list[str]:
        return sorted(shown(territory, topic).running.rows["number"])

    assert numbers() == numbers("X") == ["P-0", "P-1", "P-2"]
    assert numbers("XA") == numbers(topic="roads") == ["P-0", "P-1"]
    assert numbers("XA-1") == numbers("XA", "roads.surface") == ["P-1"]
    with scope.acting_as(person_scope(connection, "manager", "XB")):
        assert numbers() == ["P-2"]
        assert poll_of_address("P-0", "en") is None


@pytest.mark.parametrize(
    ("quorum", "needed", "missing"),
    [
        ({"quorum_votes": 5}, 5, 2),
        ({"quorum_votes": 3}, 3, 0),
        # 3 % of 101 people are more than 3.
        ({"quorum_share": 0.03, "eligible": 101}, 4, 1),
        ({"eligible": 60}, None, None),
    ],
)
def test_turnout_and_quorum(
    connection: Connection, quorum: dict[str, float], needed: int | None, missing: int | None
) -> None:
    poll_id = poll(connection, **quorum)  # type: ignore[arg-type]
    for name in range(3):
        vote(connection, poll_id, name)
    row = shown().running.rows.iloc[0]
    assert (row["ballots"], row["needed"], row["missing"]) == (3, needed, missing)
    assert row["turnout"] == (3 / quorum["eligible"] if "eligible" in quorum else None)
    one = poll_of_address("P-1", "en")
    assert one
    assert (one.ballots, one.needed, one.missing, one.turnout) == (3, needed, missing, row["turnout"])


def test_days_are_those_of_the_polls_territory(connection: Connection) -> None:
    factories.territory(connection, "XT", timezone="Pacific/Kiritimati")
    factories.territory(connection, "XP", timezone="Pacific/Pago_Pago")
    closes_at = NOW + 5 * DAY
    for place, zone in (("XT", "Pacific/Kiritimati"), ("XP", "Pacific/Pago_Pago")):
        poll(connection, place, number=place, closes_at=closes_at)
        expected = (closes_at.astimezone(ZoneInfo(zone)).date() - NOW.astimezone(ZoneInfo(zone)).date()).days
        rows = shown(place).running.rows
        assert list(rows["days_left"]) == [expected]
        assert rows["closes_at"].iloc[0].utcoffset() == closes_at.astimezone(ZoneInfo(zone)).utcoffset()


def test_a_long_list_says_how_many_there_are(connection: Connection) -> None:
    for number in range(MAX_SHOWN + 2):
        close(connection, poll(connection, number=f"P-{number}"))
        poll(connection, number=f"R-{number}")
    found = shown()
    assert (len(found.closed.rows), found.closed.total) == (MAX_SHOWN, MAX_SHOWN + 2)
    assert (len(found.running.rows), found.running.total) == (MAX_SHOWN, MAX_SHOWN + 2)
    # It isn't shortened where all are needed.
    assert len(polls_within(Filters(TODAY, TODAY + DAY), "running").rows) == MAX_SHOWN + 2


def test_the_morning_has_those_that_close_within_three_days_without_a_quorum(connection: Connection) -> None:
    for number, days, columns in (
        ("tomorrow", 1, {"quorum_votes": 9}),
        ("third", 3, {"quorum_votes": 9}),
        ("fourth", 4, {"quorum_votes": 9}),
        ("reached", 1, {"quorum_votes": 1}),
        ("without", 1, {}),
    ):
        vote(connection, poll(connection, number=number, closes_at=NOW + days * DAY, **columns), "anna")  # type: ignore[arg-type]
    close(connection, poll(connection, "XB", number="closed", quorum_votes=9))
    rows = closing_polls(Filters(TODAY, TODAY + DAY, "none"))
    assert list(rows["number"]) == ["tomorrow", "third"]
    assert list(rows["missing"]) == [8, 8]
    assert closing_polls(Filters(TODAY, TODAY + DAY, "none", "XB")).empty
    assert closing_polls(Filters(TODAY, TODAY + DAY, "none", topic="parks")).empty
