"""People who may sign in: who they are, their role, and the territories that they see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from otklik.database.refusal import translate_refusals
from otklik.database.scope import Scope, acting_as
from otklik.database.transactions import query_dataframe, read_transaction, write_transaction
from otklik.permissions import RIGHTS_BY_ROLE

DEMO_ISSUER = "demo"
"""The issuer of the demo's people; a sign-in provider's is an address on the web."""

DEMO_PEOPLE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "staff": ("Centre staff", "staff", ()),
    "manager": ("Manager of Ugra", "manager", ("RU-KHM",)),
    "official": ("Official of the Ural district", "official", ("RU-FD-URAL",)),
    "administrator": ("Administrator", "administrator", ()),
}
"""By subject: name, role and the codes of territories; none is everywhere."""


@dataclass(frozen=True)
class Person:
    """Somebody known, as the database knows them now; `scope` is for `otklik.database.scope.set_current_scope`."""

    id: int
    name: str
    role: str
    email: str | None
    is_active: bool
    scope: Scope

    def may(self, right: str) -> bool:
        """Whether this person may open that page or take that action, by otklik/permissions.py."""
        return self.is_active and right in RIGHTS_BY_ROLE[self.role]


def person_of_sign_in(issuer: str, subject: str, email: str | None = None, client_address: str = "") -> Person | None:
    """The person of a sign-in, or None for one that the database doesn't know. Ask at every run.

    `email` only when the provider says that it is verified: it finds somebody who was added by e-mail and never
    signed in. `address` is where they sit, for the audit. A disabled person is found: look at `is_active`.
    """
    identity = {"issuer": issuer, "subject": subject}
    with acting_as(None), read_transaction() as connection:
        row = connection.execute(text("SELECT * FROM person_of(:issuer, :subject)"), identity).one_or_none()
    if row:
        return person_from_row(row, client_address)
    if not email:
        return None
    with acting_as(None), write_transaction() as connection:
        statement = text("SELECT bind_person(:issuer, :subject, :email, :address)")
        is_bound = connection.scalar(statement, {**identity, "email": email, "address": client_address})
    return person_of_sign_in(issuer, subject, client_address=client_address) if is_bound else None


def territory_names(person: Person, language: str) -> dict[str, str]:
    """By code, the names in a language of the territories below which somebody sees all; empty for everywhere too."""
    if not person.scope.top_territory_ids:
        return {}
    statement = text("""SELECT code, coalesce(names->>:language, names->>'en', name) AS name
        FROM territory WHERE id = ANY (:tops) ORDER BY replace(lower(name), 'ё', 'е'), code""")
    with acting_as(None), read_transaction() as connection:
        rows = connection.execute(statement, {"language": language, "tops": list(person.scope.top_territory_ids)})
        return {row.code: row.name for row in rows}


def person_from_row(row: Row[Any], client_address: str) -> Person:
    """A row of the view person_scope as a Person."""
    is_administrator = row.role == "administrator" and row.is_active
    scope = Scope(row.id, row.everywhere, tuple(row.tops), is_administrator, client_address)
    return Person(row.id, row.name, row.role, row.email, row.is_active, scope)


def all_people() -> pd.DataFrame:
    """One row a person, by name: id, email, name, role, everywhere, is_active, changed_at, territories (codes).

    Empty for who may not administer people.
    """
    return query_dataframe(text(PEOPLE_SQL))


PEOPLE_SQL = """
    SELECT id, email, name, role, everywhere, is_active, changed_at, ARRAY(
        SELECT code FROM person_territory JOIN territory ON territory.id = territory_id
        WHERE person_id = person.id ORDER BY code
    ) AS territories
    FROM person ORDER BY replace(lower(name), 'ё', 'е'), id"""


def add_person(reason: str = "", **fields: object) -> int:
    """Add a person in the viewer's name: email (None for a screen), name, role, everywhere, territories (codes).

    Returns the id. Raises Refused.
    """
    with translate_refusals(), write_transaction() as connection:
        return _save_person(connection, "administer_person", None, fields, reason)


def change_person(person_id: int, reason: str = "", **fields: object) -> None:
    """Change some of a person's facts, `is_active` among them, in the viewer's name. Raises Refused."""
    with translate_refusals(), write_transaction() as connection:
        _save_person(connection, "administer_person", person_id, fields, reason)


def save_person_as_owner(
    connection: Connection, person_id: int | None, fields: Mapping[str, object], reason: str = ""
) -> int:
    """Add (None) or change a person on the owner's connection, for the console. Raises Refused."""
    with translate_refusals():
        return _save_person(connection, "person_save", person_id, fields, reason)


def _save_person(
    connection: Connection, function_name: str, person_id: int | None, fields: Mapping[str, object], reason: str
) -> int:
    statement = text(f"SELECT {function_name}(:who, :facts, :reason)").bindparams(bindparam("facts", type_=JSONB))
    return int(connection.execute(statement, {"who": person_id, "facts": fields, "reason": reason}).scalar_one())


def create_demo_people(connection: Connection) -> None:
    """The four people of the demo, on the owner's connection; those who are there already stay as they are."""
    for subject, (name, role, territory_codes) in DEMO_PEOPLE.items():
        identity = {"issuer": DEMO_ISSUER, "subject": subject}
        connection.execute(
            text("""INSERT INTO person (issuer, subject, name, role, everywhere)
                VALUES (:issuer, :subject, :name, :role, :everywhere) ON CONFLICT DO NOTHING"""),
            {**identity, "name": name, "role": role, "everywhere": not territory_codes},
        )
        # The territories may have come after the people.
        connection.execute(
            text("""INSERT INTO person_territory SELECT person.id, territory.id FROM person, territory
                WHERE issuer = :issuer AND subject = :subject AND code = ANY (:places) AND NOT EXISTS (
                    SELECT FROM person_territory WHERE person_id = person.id)"""),
            {**identity, "places": list(territory_codes)},
        )
