"""Appeals as a screen sees them, and as they lie in the database after an action."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from otklik.actions.bulk import ActionResult, AppealVersion
from otklik.database.access import people
from otklik.database.access.people import Person
from tests.support import factories
from tests.support.factories import AppealKey

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def create_person(connection: Connection, name: str, role: str = "official", *territories: str) -> Person:
    """Somebody new who has signed in; without places they see everything."""
    values: dict[str, object] = {"email": f"{name}@example.org", "name": name, "role": role}
    people.save_person_as_owner(
        connection, None, values | ({"territories": territories} if territories else {"everywhere": True})
    )
    signed_in = people.person_of_sign_in("https://id.example.org", name, f"{name}@example.org")
    assert signed_in
    return signed_in


def appeal_version(connection: Connection, key: AppealKey) -> AppealVersion:
    """An appeal as a screen sees it now."""
    version = connection.scalar(
        text("SELECT updated_at FROM appeal WHERE (region_id, id) = (:region_id, :id)"), key._asdict()
    )
    assert version
    return AppealVersion(*key, version)


def create_appeal(connection: Connection, **columns: Any) -> AppealVersion:  # noqa: ANN401 -- a row's columns have no common type
    """A new appeal, ten days old and due in five, as a screen sees it."""
    columns = {"received_at": NOW - 10 * DAY, "deadline_at": NOW + 5 * DAY, **columns}
    return appeal_version(connection, factories.appeal(connection, **columns))


def current_version(connection: Connection, appeal: AppealVersion) -> AppealVersion:
    """The appeal with its version as a screen sees it now."""
    return appeal_version(connection, AppealKey(appeal.region_id, appeal.id))


def stored_appeal(connection: Connection, appeal: AppealVersion) -> Any:  # noqa: ANN401 -- the rows have no common type
    """The appeal as it lies in the table, with codes."""
    return connection.execute(
        text("""SELECT holder.code AS holder, topic.code AS topic, status.code AS status, outcome.code AS outcome,
                deadline_at, closed_at, set_here, updated_at
            FROM appeal JOIN organisation AS holder ON holder.id = holder_id JOIN topic ON topic.id = topic_id
            JOIN status ON status.id = status_id LEFT JOIN outcome ON outcome.id = outcome_id
            WHERE (appeal.region_id, appeal.id) = (:region, :id)"""),
        {"region": appeal.region_id, "id": appeal.id},
    ).one()


def event_rows(connection: Connection, appeal: AppealVersion) -> list[tuple[Any, ...]]:
    """The appeal's lines of history, oldest first."""
    rows = connection.execute(
        text("""SELECT kind, actor, reason, before, after FROM event
            WHERE (region_id, appeal_id) = (:region, :id) ORDER BY at, id"""),
        {"region": appeal.region_id, "id": appeal.id},
    )
    return [tuple(row) for row in rows]


def refusal_codes(rows: list[ActionResult]) -> list[str | None]:
    return [row.refusal_code for row in rows]
