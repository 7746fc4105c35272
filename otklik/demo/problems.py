"""Problems of the demo: some that were planted into its appeals, at different steps, with remedies.

They are drawn from a generator of their own: whatever else the demo has stays as it is.
"""

import json
import random
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text

from otklik.database.access.people import create_demo_people
from otklik.database.functions.problems import REJECTED, STEPS
from otklik.demo.problem_texts import DEMO_PROBLEMS, DemoProblem, DemoRemedy


class DemoEvent(NamedTuple):
    """An entry of a problem's history: the columns of `problem_event`."""

    at: datetime
    kind: str
    reason: str
    before: dict[str, object] | None
    after: dict[str, object]


OPENING_DELAYS = range(3, 8)
"""So many days after its first day a problem is opened."""


def write_demo_problems(connection: Connection, seed: int, as_of: date) -> int:
    """Write the problems whose territory and topic are there; returns how many.

    Each is owned by the demo's official or, elsewhere, by its staff, if the demo's people are there.
    """
    if connection.scalar(text("SELECT EXISTS (SELECT FROM person WHERE issuer = 'demo')")):
        create_demo_people(connection)  # gives those that are there the territories that weren't until now
    generator = random.Random(f"problems {seed} {as_of}")  # noqa: S311 -- made-up data
    return sum(_write_problem(connection, problem, generator, as_of) for problem in DEMO_PROBLEMS)


def remove_demo_problems(connection: Connection) -> None:
    """Remove the problems that nobody or one of the demo's people opened, with their history and remedies."""
    # Histories are append-only for everybody but the one who removes what never happened.
    connection.execute(text("ALTER TABLE problem_event DISABLE TRIGGER problem_events_are_append_only"))
    for table in ("problem_event", "problem_remedy"):
        connection.execute(text(f"DELETE FROM {table} WHERE problem_id IN {DEMO_PROBLEM_IDS}"))  # noqa: S608 - own words
    connection.execute(text("ALTER TABLE problem_event ENABLE TRIGGER problem_events_are_append_only"))
    connection.execute(text(f"DELETE FROM problem WHERE id IN {DEMO_PROBLEM_IDS}"))  # noqa: S608 - own words


def _write_problem(connection: Connection, problem: DemoProblem, generator: random.Random, as_of: date) -> bool:
    since = as_of - timedelta(days=problem.since_days)
    opened_at = _office_hour(since + timedelta(days=generator.choice(OPENING_DELAYS)), generator)
    values = problem._asdict() | {"since": since, "opened_at": opened_at, "steps": 1 + len(problem.reasons)}
    row = connection.execute(text(PROBLEM_SQL), values).first()
    if row is None:
        return False
    statuses = ["found", REJECTED] if problem.status == REJECTED else STEPS[: STEPS.index(problem.status) + 1]
    events = [
        DemoEvent(
            opened_at,
            "opened",
            problem.description,
            None,
            {"title": problem.title, "territory": problem.territory, "topic": problem.topic},
        )
    ]
    step_days = max((as_of - opened_at.date()).days // (len(statuses) + 1), 1)
    for number, (before, status, reason) in enumerate(zip(statuses, statuses[1:], problem.reasons, strict=False), 1):
        at = _office_hour(opened_at.date() + timedelta(days=number * step_days), generator)
        events.append(DemoEvent(at, "moved", reason, {"status": before}, {"status": status}))
        if status == "decided":
            for remedy in problem.remedies:
                events += _write_remedy(
                    connection, row.id, remedy, DemoEvent(at, "remedy_added", reason, None, {}), as_of
                )
    for event in sorted(events, key=lambda event: event.at):
        values = {"before": json.dumps(event.before) if event.before else None, "after": json.dumps(event.after)}
        connection.execute(text(EVENT_SQL), {"problem": row.id, **event._asdict(), **values})
    return True


def _write_remedy(
    connection: Connection, problem_id: int, remedy: DemoRemedy, added: DemoEvent, as_of: date
) -> list[DemoEvent]:
    """Write a remedy; returns what happened to it, first `added` with the fields of the remedy."""
    due = as_of + timedelta(days=remedy.due_days)
    done_at = datetime.combine(due, time(9), UTC) if remedy.note else None
    values = remedy._asdict() | {"problem": problem_id, "due": due, "done_at": done_at}
    connection.execute(text(REMEDY_SQL), values)
    fields = {"remedy": remedy.title, "responsible": remedy.responsible, "due": due.isoformat(), "done": False}
    events = [added._replace(after=fields)]
    if done_at and remedy.note:
        events.append(DemoEvent(done_at, "remedy_done", remedy.note, fields, fields | {"done": True}))
    return events


def _office_hour(day: date, generator: random.Random) -> datetime:
    return datetime.combine(day, time(6 + generator.randrange(6), generator.randrange(60)), UTC)


DEMO_PROBLEM_IDS = """(
    SELECT problem.id FROM problem LEFT JOIN person ON person.id = opened_by
    WHERE opened_by IS NULL OR person.issuer = 'demo')"""
PROBLEM_SQL = """
    INSERT INTO problem (territory_id, topic_id, title, description, owner_id, status, since, opened_at, version)
    SELECT territory.id, topic.id, :title, :description,
        (
            SELECT id FROM person WHERE issuer = 'demo' AND subject IN ('official', 'staff')
                AND may_own_problem(id, territory.id) ORDER BY subject LIMIT 1
        ), :status, :since, :opened_at, :steps
    FROM territory, topic WHERE territory.code = :territory AND topic.code = :topic
    RETURNING id"""
REMEDY_SQL = """
    INSERT INTO problem_remedy (problem_id, title, responsible, due, done_at, note)
    VALUES (:problem, :title, :responsible, :due, :done_at, :note)"""
EVENT_SQL = """
    INSERT INTO problem_event (problem_id, at, person, kind, reason, before, after)
    VALUES (:problem, :at, 'Координатор', :kind, :reason, CAST(:before AS jsonb), CAST(:after AS jsonb))"""
