"""The demo's problems: each at its step with a history that leads there, one of them late; gone with the demo."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from otklik.database.functions.problems import STEPS
from otklik.demo.load import load_demo_data
from otklik.demo.problem_texts import DEMO_PROBLEMS
from otklik.demo.problems import write_demo_problems
from otklik.demo.removal import remove_demo_data
from tests.support.appeals.demo import AS_OF
from tests.support.appeals.problems import problem

pytestmark = pytest.mark.slow

EVENTS = "SELECT problem_id, at, kind, before, after FROM problem_event ORDER BY problem_id, id"


@pytest.fixture
def demo(url: str, connection: Connection) -> Connection:
    """A small demo."""
    load_demo_data(url, 300, 1, AS_OF)
    return connection


def test_each_problem_is_at_its_step_and_its_history_leads_there(demo: Connection) -> None:
    stored = {row.id: row for row in demo.execute(text("SELECT * FROM problem"))}
    assert {row.status for row in stored.values()} == {*STEPS, "rejected"}
    assert len(stored) == len(DEMO_PROBLEMS)
    events = demo.execute(text(EVENTS)).all()
    for problem_id, row in stored.items():
        of_problem = [event for event in events if event.problem_id == problem_id]
        moments = [event.at for event in of_problem]
        assert moments == sorted(moments)
        assert row.since < moments[0].date() <= moments[-1].date() < AS_OF
        assert of_problem[0].kind == "opened"
        status = "found"
        for event in of_problem:
            if event.kind == "moved":
                assert event.before["status"] == status
                status = event.after["status"]
        assert status == row.status
        # A problem that was changed n times has the version n + 1 at least.
        assert row.version == 1 + sum(event.kind == "moved" for event in of_problem)


def test_one_remedy_is_late_and_those_of_ended_problems_are_done(demo: Connection) -> None:
    late = demo.execute(text("SELECT title FROM problem_remedy WHERE done_at IS NULL AND due < :day"), {"day": AS_OF})
    assert len(late.all()) == 1
    open_remedies = demo.execute(
        text("""SELECT p.status FROM problem_remedy AS r JOIN problem AS p ON p.id = r.problem_id
            WHERE r.done_at IS NULL""")
    )
    assert {row.status for row in open_remedies} == {"decided", "in_progress"}
    assert demo.scalar(text("SELECT bool_and((note IS NULL) = (done_at IS NULL)) FROM problem_remedy"))


def test_an_owner_sees_the_problem(demo: Connection) -> None:
    owned = demo.execute(text("SELECT owner_id, may_own_problem(owner_id, territory_id) AS sees FROM problem")).all()
    assert all(row.sees for row in owned)
    assert len({row.owner_id for row in owned}) > 1


def test_equal_seeds_give_equal_histories(demo: Connection, url: str) -> None:
    def moments() -> list[object]:
        return list(demo.execute(text("SELECT at FROM problem_event ORDER BY id")).scalars())

    first = moments()
    load_demo_data(url, 300, 1, AS_OF, replace=True)
    assert moments() == first
    assert demo.scalar(text("SELECT count(*) FROM problem")) == len(DEMO_PROBLEMS)
    load_demo_data(url, 300, 2, AS_OF, replace=True)
    assert moments() != first


def test_problems_that_people_opened_stay_when_the_demo_goes(demo: Connection, url: str) -> None:
    person = "INSERT INTO person (name, email, role) VALUES ('Irina', 'irina@example.org', 'manager') RETURNING id"
    number = problem(demo, "RU-KHM", "roads.surface")
    values = {"person": demo.scalar(text(person)), "number": number}
    demo.execute(text("UPDATE problem SET opened_by = :person WHERE id = :number"), values)
    remove_demo_data(url)
    assert list(demo.execute(text("SELECT id FROM problem")).scalars()) == [number]
    assert demo.scalar(text("SELECT count(*) FROM problem_event")) == 0
    assert write_demo_problems(demo, 1, AS_OF + timedelta(days=1)) == 0
