"""All discussions: by phase, in which order, and what waits in each; and the discussions whose answers are late."""

from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, text

from otklik.database.access import scope
from otklik.database.functions import comments
from queries.discussions.board import MAX_SHOWN, DiscussionBoard, board
from queries.discussions.details import activity_by_day, discussion_of_address
from queries.discussions.reach import reach
from queries.filters import Filters
from queries.morning.overdue_answers import overdue_answers
from queries.regions.participation import participation
from tests.support import factories
from tests.support.appeals.problems import person_scope
from tests.support.participation.discussions import DAY, close, comment, discussion, participant, react

NOW = datetime.now(UTC)
TODAY = NOW.date()


def within(territory: str | None = None, topic: str | None = None, days: int = 30) -> Filters:
    return Filters(TODAY - days * DAY, TODAY + DAY, "none", territory, topic)


def shown(territory: str | None = None, topic: str | None = None, days: int = 30) -> DiscussionBoard:
    return board(within(territory, topic, days))


def decide(connection: Connection, number: str, closes_at: datetime, decided_at: datetime) -> None:
    discussion_id = discussion(connection, number=number, opens_at=closes_at - DAY, closes_at=closes_at)
    connection.execute(
        text("UPDATE discussion SET decided_at = :at, decision = 'Yes' WHERE id = :id"),
        {"at": decided_at, "id": discussion_id},
    )


def test_each_phase_is_sorted_by_what_is_next(connection: Connection) -> None:
    for number, (opens, closes) in {
        "later": (-5, 9),
        "soon": (-5, 2),
        "far": (20, 40),
        "next": (3, 60),
        "long-over": (-60, -40),
        "just-over": (-20, -2),
    }.items():
        discussion(connection, number=number, opens_at=NOW + opens * DAY, closes_at=NOW + closes * DAY)
    discussion(connection, number="draft", is_draft=True)
    decide(connection, "old", NOW - 70 * DAY, NOW - 40 * DAY)
    decide(connection, "first", NOW - 30 * DAY, NOW - 20 * DAY)
    decide(connection, "second", NOW - 40 * DAY, NOW - 5 * DAY)
    found = shown()
    assert list(found.collecting.rows["number"]) == ["soon", "later"]
    assert list(found.summing_up.rows["number"]) == ["long-over", "just-over"]
    assert list(found.announced.rows["number"]) == ["next", "far"]
    assert list(found.closed.rows["number"]) == ["second", "first"]
    assert list(shown(days=50).closed.rows["number"]) == ["second", "first", "old"]
    assert [discussion_of_address(number, "en") is not None for number in ("draft", "soon", "no", "'", "x" * 50)] == [
        *(False, True, False, False, False),
    ]


def test_what_waits_is_counted(connection: Connection) -> None:
    discussion_id = discussion(connection)
    roots = [
        comment(connection, discussion_id, name, due=TODAY + days * DAY, answer=answer)
        for name, days, answer in (("anna", -1, None), ("boris", 0, None), ("vera", -2, "Done"), ("gleb", 9, None))
    ]
    comment(connection, discussion_id, "anna", parent_id=roots[0])
    comment(connection, discussion_id, "dina", state="rejected", due=TODAY - DAY)
    for _ in range(2):
        comment(connection, discussion_id, "eva", state="pending")
    connection.execute(
        text("UPDATE discussion_comment SET written_at = written_at - interval '3 days' WHERE state = 'pending'")
    )
    react(connection, roots[0], "foma")
    row = shown().collecting.rows.iloc[0]
    columns = ("comments", "participants", "unanswered", "late", "pending", "pending_days", "days_left")
    # dina, eva and foma take part too.
    assert [row[name] for name in columns] == [5, 7, 3, 1, 2, 3, 10]
    days = activity_by_day(discussion_id)
    assert (int(days["comments"].sum()), int(days["reactions"].sum())) == (5, 1)


def test_filters_narrow_to_a_territory_and_a_topic_and_all_below_both(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality")
    for number, (territory, topic) in enumerate((("XA", "roads"), ("XA-1", "roads.surface"), ("XB", "parks"))):
        discussion(connection, territory, topic, number=f"D-{number}")

    def numbers(territory: str | None = None, topic: str | None = None) -> list[str]:
        return sorted(shown(territory, topic).collecting.rows["number"])

    assert numbers() == numbers("X") == ["D-0", "D-1", "D-2"]
    assert numbers("XA") == numbers(topic="roads") == ["D-0", "D-1"]
    assert numbers("XA-1") == numbers("XA", "roads.surface") == ["D-1"]
    with scope.acting_as(person_scope(connection, "manager", "XB")):
        assert numbers() == ["D-2"]
        assert discussion_of_address("D-0", "en") is None


def test_the_morning_lists_those_with_most_late_answers_first(connection: Connection) -> None:
    for number, late in (("D-1", 1), ("D-2", 3), ("D-3", 0)):
        discussion_id = discussion(connection, number=number)
        for person in range(3):
            comment(connection, discussion_id, person, due=TODAY - DAY if person < late else TODAY)
        close(connection, discussion_id)
    rows = overdue_answers(within())
    assert list(zip(rows["number"], rows["late"], strict=True)) == [("D-2", 3), ("D-1", 1)]
    assert overdue_answers(within("XB")).empty
    discussion(connection, number="D-4")
    assert participation(within("XA")) == (0, 1, 4)


def test_small_groups_of_participants_are_left_out(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality", name="Atown")
    factories.territory(connection, "XA-2", "municipality", name="Btown")
    factories.territory(connection, "XA-3", "municipality", name="Ctown")
    place, *towns = (factories.territory(connection, code) for code in ("XA", "XA-1", "XA-2", "XA-3"))
    discussion_id = discussion(connection)
    comment_id = comment(connection, discussion_id)
    for number, (town, count) in enumerate(zip(towns, (20, 12, 4), strict=True)):
        for person in range(count):
            who = participant(f"{number} {person}", municipality_id=town, channel="app")
            comments.react(connection, comment_id, who, "agree")
    by_town = reach(discussion_id, place, "territory", "en")
    # The author's municipality isn't known; 12 would follow from the four and one.
    assert [None if pd.isna(count) else count for count in by_town["participants"]] == [20, None, None, None]
    assert list(by_town["name"].fillna("")) == ["Atown", "Btown", "Ctown", ""]
    by_channel = reach(discussion_id, place, "channel", "en")
    assert by_channel["participants"].isna().all()
    assert reach(discussion(connection, number="D-2"), place, "territory", "en").empty


def test_at_most_thirty_decided_ones_are_shown(connection: Connection) -> None:
    for number in range(MAX_SHOWN + 1):
        decide(connection, f"D-{number}", NOW - 3 * DAY, NOW - DAY)
    found = shown()
    assert (len(found.closed.rows), found.closed.total) == (MAX_SHOWN, MAX_SHOWN + 1)
