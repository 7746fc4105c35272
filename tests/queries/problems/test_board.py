"""The board: which problems are on it, in which order, what is next, and how many of their appeals are open."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from otklik.database.access import scope
from queries.filters import Filters
from queries.problems.board import MAX_PER_STATUS, board, surge_of_address
from queries.problems.details import history, problem_by_id, problem_of_address, remedies
from tests.support import factories
from tests.support.appeals.problems import DAY, event, person, person_scope, problem, remedy
from tests.support.appeals.surges import alarm

TODAY = datetime.now(UTC).date()


def filters(territory: str | None = None, topic: str | None = None) -> Filters:
    return Filters(TODAY, TODAY + DAY, "none", territory, topic)


def titles(shown: Filters) -> list[str]:
    return list(board(shown).rows["title"])


def test_filters_narrow_to_a_territory_and_a_topic_and_all_below_both(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality")
    for territory, topic in (("XA", "roads"), ("XA-1", "roads.surface"), ("XB", "roads.signs"), ("X", "parks")):
        problem(connection, territory, topic, title=f"{territory} {topic}")
    assert set(titles(filters("XA"))) == {"XA roads", "XA-1 roads.surface"}
    assert set(titles(filters(topic="roads"))) == {"XA roads", "XA-1 roads.surface", "XB roads.signs"}
    assert titles(filters("XA", "roads.surface")) == ["XA-1 roads.surface"]
    assert len(titles(filters())) == len(titles(filters("X"))) == 4
    with scope.acting_as(person_scope(connection, "manager", "XB")):
        assert titles(filters()) == ["XB roads.signs"]


def test_what_is_late_comes_first_then_what_is_due_next(connection: Connection) -> None:
    numbers = {name: problem(connection, title=name) for name in ("nothing", "next week", "late", "done late", "later")}
    remedy(connection, numbers["next week"], TODAY + 7 * DAY, title="B")
    remedy(connection, numbers["next week"], TODAY + 9 * DAY, title="C")
    remedy(connection, numbers["late"], TODAY - 2 * DAY, title="A")
    remedy(connection, numbers["done late"], TODAY - 3 * DAY, is_done=True)
    remedy(connection, numbers["later"], TODAY + 30 * DAY, title="D")
    rows = board(filters()).rows.set_index("title")
    assert list(rows.index) == ["late", "next week", "later", "done late", "nothing"]
    assert list(rows["next_remedy"]) == ["A", "B", "D", None, None]
    assert list(rows["is_overdue"]) == [True, False, False, False, False]


def test_an_ended_problem_has_nothing_next_and_counts_no_appeals(connection: Connection) -> None:
    for status in ("closed", "rejected", "checked"):
        remedy(connection, problem(connection, status=status, title=status), TODAY - 2 * DAY)
    factories.appeal(connection, topic="roads.surface")
    rows = board(filters()).rows.set_index("title")[["next_remedy", "is_overdue", "open"]]
    found = {str(title): list(row) for title, *row in rows.itertuples()}
    nothing = [None, False, None]
    assert found == {"checked": ["Resurface", True, 1], "closed": nothing, "rejected": nothing}


def test_open_appeals_are_counted_for_each_problem_since_its_own_first_day(connection: Connection) -> None:
    now = datetime.now(UTC)
    old, new = (problem(connection, title=str(age), since=TODAY - age * DAY) for age in (20, 5))
    problem(connection, "XB", title="elsewhere", since=TODAY - 20 * DAY)
    for age, is_closed in ((1, False), (10, False), (30, False), (2, True)):
        closed_at = now if is_closed else None
        factories.appeal(connection, topic="roads.surface", received_at=now - age * DAY, closed_at=closed_at)
    rows = board(filters()).rows.set_index("id")
    assert (rows["open"][old], rows["open"][new]) == (2, 1)
    assert list(rows.loc[rows["title"] == "elsewhere", "open"]) == [0]


def test_only_so_many_of_a_status_are_listed_and_all_are_counted(connection: Connection) -> None:
    for _ in range(MAX_PER_STATUS + 2):
        problem(connection)
    problem(connection, status="closed")
    shown = board(filters())
    assert (len(shown.rows), shown.totals["found"], shown.totals["closed"]) == (MAX_PER_STATUS + 1, 22, 1)


def test_a_problem_with_its_owner_remedies_and_history(connection: Connection) -> None:
    factories.territory(connection, "XA", timezone="Asia/Yekaterinburg", names={"ru": "Область"})
    owner = person(connection, "staff", "XA", name="olga")
    number = problem(connection, owner_id=owner.id, status="in_progress")
    remedy(connection, number, TODAY - 2 * DAY, title="late")
    remedy(connection, number, TODAY - 9 * DAY, title="done", organisation="office", is_done=True)
    event(connection, number, "opened", "Seen", after={"title": "Potholes"})
    event(connection, number, "comment", "More")
    shown = problem_by_id(number, "ru")
    assert shown
    assert (shown.owner, shown.owner_id, shown.opened_by, shown.territory) == ("Olga", owner.id, "Irina", "Область")
    assert (shown.is_open, shown.next_statuses) == (True, ("checked", "decided", "rejected"))
    assert str(shown.opened_at.tzinfo) == "Asia/Yekaterinburg"
    rows = remedies(number, "en").set_index("title")
    assert list(rows.index) == ["late", "done"]
    assert rows["responsible"].to_dict() == {"late": "Road office", "done": "office"}
    assert rows["is_overdue"].to_dict() == {"late": True, "done": False}
    assert list(history(number)["reason"]) == ["More", "Seen"]
    # Who doesn't see the problem sees none of it.
    with scope.acting_as(person_scope(connection, "manager", "XB")):
        assert problem_by_id(number, "ru") is None
        assert remedies(number, "en").empty
        assert history(number).empty


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 20, "٣", "1e3"])
def test_odd_numbers_in_an_address_are_no_problem(connection: Connection, value: str) -> None:
    number = problem(connection)
    assert problem_of_address(value, "en") is None
    assert problem_of_address(str(number), "en")


def test_a_surge_in_an_address_is_one_of_the_territory_and_topic_chosen(connection: Connection) -> None:
    alarm(connection, TODAY - DAY, "XA", "roads.surface")
    starts = TODAY - 7 * DAY
    factories.territory(connection, "XB")
    assert surge_of_address(filters("XA", "roads.surface"), starts.isoformat()) == starts
    for shown, day in (
        (filters("XB", "roads.surface"), starts),
        (filters("XA", "roads"), starts),
        (filters("XA"), starts),
        (filters(topic="roads.surface"), starts),
        (filters("XA", "roads.surface"), starts + DAY),
    ):
        assert surge_of_address(shown, day.isoformat()) is None
    with pytest.raises(ValueError, match="soon"):
        surge_of_address(filters("XA", "roads.surface"), "soon")
