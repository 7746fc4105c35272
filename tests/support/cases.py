"""Appeals as a screen sees them, and as they lie in the database after an action."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from otklik.actions.bulk import Case, Row
from otklik.database import people
from otklik.database.people import Person
from tests.support import factories
from tests.support.factories import Key

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def person(connection: Connection, name: str, role: str = "official", *territories: str) -> Person:
    """Somebody new who has signed in; without places they see everything."""
    values: dict[str, object] = {"email": f"{name}@example.org", "name": name, "role": role}
    people.save(connection, None, values | ({"territories": territories} if territories else {"everywhere": True}))
    signed_in = people.signed_in("https://id.example.org", name, f"{name}@example.org")
    assert signed_in
    return signed_in


def case(connection: Connection, key: Key) -> Case:
    """An appeal as a screen sees it now."""
    version = connection.scalar(
        text("SELECT updated_at FROM appeal WHERE (region_id, id) = (:region_id, :id)"), key._asdict()
    )
    assert version
    return Case(*key, version)


def given(connection: Connection, **columns: Any) -> Case:  # noqa: ANN401 -- the factory's own
    """A new appeal, ten days old and due in five, as a screen sees it."""
    columns = {"received_at": NOW - 10 * DAY, "deadline_at": NOW + 5 * DAY, **columns}
    return case(connection, factories.appeal(connection, **columns))


def again(connection: Connection, appeal: Case) -> Case:
    """The same appeal as a screen sees it now."""
    return case(connection, Key(appeal.region_id, appeal.id))


def held(connection: Connection, appeal: Case) -> Any:  # noqa: ANN401 -- a row of the database
    """The appeal as it lies in the table, with codes."""
    return connection.execute(
        text("""SELECT holder.code AS holder, topic.code AS topic, status.code AS status, outcome.code AS outcome,
                deadline_at, closed_at, set_here, updated_at
            FROM appeal JOIN organisation AS holder ON holder.id = holder_id JOIN topic ON topic.id = topic_id
            JOIN status ON status.id = status_id LEFT JOIN outcome ON outcome.id = outcome_id
            WHERE (appeal.region_id, appeal.id) = (:region, :id)"""),
        {"region": appeal.region_id, "id": appeal.id},
    ).one()


def history(connection: Connection, appeal: Case) -> list[tuple[Any, ...]]:
    """The appeal's lines of history, oldest first."""
    rows = connection.execute(
        text("""SELECT kind, actor, reason, before, after FROM event
            WHERE (region_id, appeal_id) = (:region, :id) ORDER BY at, id"""),
        {"region": appeal.region_id, "id": appeal.id},
    )
    return [tuple(row) for row in rows]


def codes(rows: list[Row]) -> list[str | None]:
    return [row.refused for row in rows]
