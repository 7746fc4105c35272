"""People who may sign in: their identity, role, and the territories that they see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from otklik.database.access.scope import Scope, acting_as
from otklik.database.refusal import translate_refusals
from otklik.database.transactions import query_dataframe, read_transaction, write_transaction
from otklik.permissions import RIGHTS_BY_ROLE

DEMO_ISSUER = "demo"
"""The issuer of the demo's people; that of a sign-in provider is a web address."""

DEMO_PEOPLE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "staff": ("Centre staff", "staff", ()),
    "manager": ("Manager of Ugra", "manager", ("RU-KHM",)),
    "official": ("Official of the Ural district", "official", ("RU-FD-URAL",)),
    "administrator": ("Administrator", "administrator", ()),
}
"""Subject -> name, role and codes of territories; without codes the person sees everything."""


@dataclass(frozen=True)
class Person:
    """A person as the database knows them now; `scope` is for `otklik.database.access.scope.set_current_scope`."""

    id: int
    name: str
    role: str
    email: str | None
    is_active: bool
    scope: Scope

    def may(self, right: str) -> bool:
        """Whether this person may open a page or take an action; `right` is one of otklik/permissions.py."""
        return self.is_active and right in RIGHTS_BY_ROLE[self.role]


def person_of_sign_in(issuer: str, subject: str, email: str | None = None, client_address: str = "") -> Person | None:
    """The person of a sign-in, or None for one that the database doesn't know. Ask at every script run.

    Give `email` only if the provider has verified it: it finds a person who was added by e-mail and never signed in.
    `client_address` is for the audit. A disabled person is found too: look at `is_active`.
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
    """Code -> name, in a language, of the territories below which a person sees all; empty for everywhere too."""
    if not person.scope.top_territory_ids:
        return {}
    statement = text("""SELECT code, coalesce(names->>:language, names->>'en', name) AS name
        FROM territory WHERE id = ANY (:tops) ORDER BY replace(lower(name), 'ё', 'е'), code""")
    with acting_as(None), read_transaction() as connection:
        rows = connection.execute(statement, {"language": language, "tops": list(person.scope.top_territory_ids)})
        return {row.code: row.name for row in rows}


def person_from_row(row: Row[Any], client_address: str) -> Person:
    """The Person of a row of the view person_scope."""
    is_administrator = row.role == "administrator" and row.is_active
    scope = Scope(row.id, row.everywhere, tuple(row.tops), is_administrator, client_address)
    return Person(row.id, row.name, row.role, row.email, row.is_active, scope)


def all_people() -> pd.DataFrame:
    """One row a person, by name: id, email, name, role, everywhere, is_active, changed_at, territories (codes).

    `email` is None for a person without one. Empty for a viewer without the right `people`.
    """
    rows = query_dataframe(text(PEOPLE_SQL))
    return rows.assign(email=rows["email"].astype(object).where(rows["email"].notna(), None))  # pandas made it NaN


PEOPLE_SQL = """
    SELECT id, email, name, role, everywhere, is_active, changed_at, ARRAY(
        SELECT code FROM person_territory JOIN territory ON territory.id = territory_id
        WHERE person_id = person.id ORDER BY code
    ) AS territories
    FROM person ORDER BY replace(lower(name), 'ё', 'е'), id"""


def add_person(reason: str = "", **fields: object) -> int:
    """Add a person in the viewer's name; returns the id. Raises DatabaseRefusal.

    `fields` are email (None for a screen), name, role, everywhere and territories (codes).
    """
    with translate_refusals(), write_transaction() as connection:
        return _save_person(connection, "administer_person", None, fields, reason)


def change_person(person_id: int, reason: str = "", **fields: object) -> None:
    """Change some fields of a person, or `is_active`, in the viewer's name. Raises DatabaseRefusal."""
    with translate_refusals(), write_transaction() as connection:
        _save_person(connection, "administer_person", person_id, fields, reason)


@dataclass(frozen=True)
class StoredPerson:
    """A person with an e-mail, as commands change them; `territories` are codes in their order."""

    id: int
    name: str
    role: str
    everywhere: bool
    is_active: bool
    territories: tuple[str, ...]


def stored_people(connection: Connection) -> dict[str, StoredPerson]:
    """The people with an e-mail, by it, on the owner's connection."""
    statement = text("""SELECT email, id, name, role, everywhere, is_active, ARRAY(
        SELECT code FROM person_territory JOIN territory ON territory.id = territory_id
        WHERE person_id = person.id ORDER BY code COLLATE "C"
    ) FROM person WHERE email IS NOT NULL""")
    return {
        email: StoredPerson(person_id, name, role, everywhere, is_active, tuple(territories))
        for email, person_id, name, role, everywhere, is_active, territories in connection.execute(statement)
    }


def save_person_as_owner(
    connection: Connection, person_id: int | None, fields: Mapping[str, object], reason: str = ""
) -> int:
    """Add (None) or change a person on the owner's connection, for commands. Raises DatabaseRefusal."""
    with translate_refusals():
        return _save_person(connection, "person_save", person_id, fields, reason)


def _save_person(
    connection: Connection, function_name: str, person_id: int | None, fields: Mapping[str, object], reason: str
) -> int:
    statement = text(f"SELECT {function_name}(:who, :facts, :reason)").bindparams(bindparam("facts", type_=JSONB))
    return int(connection.execute(statement, {"who": person_id, "facts": fields, "reason": reason}).scalar_one())


def create_demo_people(connection: Connection) -> None:
    """Add the four people of the demo on the owner's connection; existing ones stay as they are."""
    for subject, (name, role, territory_codes) in DEMO_PEOPLE.items():
        identity = {"issuer": DEMO_ISSUER, "subject": subject}
        connection.execute(
            text("""INSERT INTO person (issuer, subject, name, role, everywhere)
                VALUES (:issuer, :subject, :name, :role, :everywhere) ON CONFLICT DO NOTHING"""),
            {**identity, "name": name, "role": role, "everywhere": not territory_codes},
        )
        # In an earlier run the territories may not have been there yet.
        connection.execute(
            text("""INSERT INTO person_territory SELECT person.id, territory.id FROM person, territory
                WHERE issuer = :issuer AND subject = :subject AND code = ANY (:places) AND NOT EXISTS (
                    SELECT FROM person_territory WHERE person_id = person.id)"""),
            {**identity, "places": list(territory_codes)},
        )
