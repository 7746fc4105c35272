"""What was done about a topic elsewhere."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from otklik.database.access import scope
from queries.problems.decided import MAX_ELSEWHERE, remedies_elsewhere
from tests.support import factories
from tests.support.appeals.problems import DAY, person_scope, problem, remedy

TODAY = datetime.now(UTC).date()


def done(connection: Connection, territory: str, topic: str, status: str = "in_progress", title: str = "") -> None:
    """A problem with a remedy that is done, and one that isn't."""
    problem_id = problem(connection, territory, topic, status=status, title=f"{territory} {topic}")
    remedy(connection, problem_id, TODAY, title=title or f"{territory} {topic}", is_done=True)
    remedy(connection, problem_id, TODAY + DAY, title="not yet")


def test_done_remedies_of_the_topic_and_below_it_outside_the_territory_are_listed(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality")
    done(connection, "XB", "roads.surface")
    done(connection, "XC", "roads", "closed")
    done(connection, "XA-1", "roads")
    done(connection, "XB", "heat")
    done(connection, "XD", "roads", "rejected")
    rows = remedies_elsewhere("roads", "XA", "en")
    assert rows["remedy"].tolist() == ["XC roads", "XB roads.surface"]
    assert rows["status"].tolist() == ["closed", "in_progress"]
    assert set(rows["done_day"]) <= {TODAY, TODAY + DAY, TODAY - DAY}
    assert remedies_elsewhere("roads.surface", "XA", "en")["remedy"].tolist() == ["XB roads.surface"]
    with scope.acting_as(person_scope(connection, "manager", "XA", "XB")):
        assert remedies_elsewhere("roads", "XA", "en")["remedy"].tolist() == ["XB roads.surface"]


def test_the_list_is_short(connection: Connection) -> None:
    for n in range(MAX_ELSEWHERE + 1):
        done(connection, "XB", "roads", title=str(n))
    assert remedies_elsewhere("roads", "XA", "en")["remedy"].tolist() == [str(n) for n in range(MAX_ELSEWHERE, 0, -1)]
