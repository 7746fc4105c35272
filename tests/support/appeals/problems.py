"""Problems and remedies as rows, without the functions that check them; and people who act on them."""

import json
from datetime import date, timedelta

from sqlalchemy import Connection, text

from otklik.database.access import people
from otklik.database.access.people import Person
from otklik.database.access.scope import Scope
from tests.support import factories

DAY = timedelta(days=1)
PROBLEM_SQL = text(
    "INSERT INTO problem (territory_id, topic_id, title, description, owner_id, status, since, surge_starts)"
    " VALUES (:territory, :topic, :title, 'Seen by many', :owner, :status, :since, :surge_starts) RETURNING id"
)
REMEDY_SQL = text(
    "INSERT INTO problem_remedy (problem_id, title, organisation_id, responsible, due, done_at, note)"
    " VALUES (:problem, :title, :organisation, :responsible, :due, CASE WHEN :is_done THEN now() END,"
    " CASE WHEN :is_done THEN 'Replaced' END) RETURNING id"
)


def person_scope(connection: Connection, role: str, *places: str, name: str = "") -> Scope:
    """The scope of somebody new with this role in these territories, or everywhere without any."""
    return person(connection, role, *places, name=name).scope


def person(connection: Connection, role: str, *places: str, name: str = "") -> Person:
    """Somebody new with this role in these territories, or everywhere without any, who has signed in."""
    for place in places:
        factories.territory(connection, place)
    name = name or "-".join((role, *places)).lower()
    facts = {
        "email": f"{name}@example.org",
        "name": name.capitalize(),
        "role": role,
        "territories": list(places),
        "everywhere": not places,
    }
    people.save_person_as_owner(connection, None, facts)
    signed_in = people.person_of_sign_in("https://id.example.org", name, f"{name}@example.org")
    assert signed_in
    return signed_in


def problem(  # noqa: PLR0913 -- the columns of the row
    connection: Connection,
    territory: str = "XA",
    topic: str = "roads.surface",
    *,
    title: str = "Potholes come back",
    owner_id: int | None = None,
    status: str = "found",
    since: date = date(2026, 1, 1),
    surge_starts: date | None = None,
) -> int:
    """The id of a new problem; territory and topic are there already, or new ones."""
    values = {
        "territory": factories.territory(connection, territory),
        "topic": factories.topic(connection, topic),
        "title": title,
        "owner": owner_id,
        "status": status,
        "since": since,
        "surge_starts": surge_starts,
    }
    return int(connection.execute(PROBLEM_SQL, values).scalar_one())


def remedy(
    connection: Connection,
    problem_id: int,
    due: date,
    *,
    title: str = "Resurface",
    organisation: str = "",
    is_done: bool = False,
) -> int:
    """The id of a new remedy, by default by somebody who is named."""
    values = {
        "problem": problem_id,
        "title": title,
        "organisation": factories.organisation(connection, organisation) if organisation else None,
        "responsible": "" if organisation else "Road office",
        "due": due,
        "is_done": is_done,
    }
    return int(connection.execute(REMEDY_SQL, values).scalar_one())


def event(connection: Connection, problem_id: int, kind: str, reason: str, **fields: object) -> None:
    """An entry of a problem's history by somebody called Irina; `before` and `after` are dicts."""
    connection.execute(
        text(
            "INSERT INTO problem_event (problem_id, person, kind, reason, before, after)"
            " VALUES (:problem, 'Irina', :kind, :reason, CAST(:before AS jsonb), CAST(:after AS jsonb))"
        ),
        {"problem": problem_id, "kind": kind, "reason": reason}
        | {name: json.dumps(fields[name]) if name in fields else None for name in ("before", "after")},
    )


def stored(connection: Connection, problem_id: int) -> dict[str, object]:
    """A problem's row."""
    return dict(connection.execute(text("SELECT * FROM problem WHERE id = :id"), {"id": problem_id}).mappings().one())


def history(connection: Connection, problem_id: int) -> list[tuple[str, str, str]]:
    """Who did what and why, the oldest first."""
    rows = connection.execute(
        text("SELECT person, kind, reason FROM problem_event WHERE problem_id = :id ORDER BY id"), {"id": problem_id}
    )
    return [(row.person, row.kind, row.reason) for row in rows]
