"""People who are let in, and who may change that."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from otklik import permissions
from otklik.database.access import applicants, devices, people, role_rights, scope
from otklik.database.access.people import DEMO_ISSUER, Person
from otklik.database.transactions import read_transaction
from otklik.errors import DatabaseRefusal, ScopeChanged
from queries.cache.live import change_listener
from tests.support import factories
from tests.support.paths import PROJECT_ROOT
from tests.support.waiting import wait_for

ISSUER = "https://id.example.org"


def add_and_sign_in(connection: Connection, role: str, name: str = "anna", **facts: object) -> Person:
    facts = {"email": f"{name}@example.org", "name": name, "role": role, "everywhere": True, **facts}
    people.save_person_as_owner(connection, None, facts)
    signed_in = people.person_of_sign_in(ISSUER, name, f"{name}@example.org", client_address="10.1.1.1")
    assert signed_in
    return signed_in


def actions(connection: Connection) -> list[tuple[str, ...]]:
    return [tuple(row) for row in connection.execute(text("SELECT action, person, address FROM audit ORDER BY id"))]


def test_a_person_is_known_by_email_once_and_by_the_providers_name_from_then_on(connection: Connection) -> None:
    assert people.person_of_sign_in(ISSUER, "7", "Anna@Example.org") is None
    person_id = people.save_person_as_owner(
        connection, None, {"email": "ANNA@example.org", "name": "Anna", "role": "staff"}
    )
    assert people.person_of_sign_in(ISSUER, "7") is None  # the provider hasn't verified the e-mail
    first = people.person_of_sign_in(ISSUER, "7", "Anna@Example.org")
    assert first
    assert (first.id, first.email, first.role, first.scope.cache_key()) == (
        person_id,
        "anna@example.org",
        "staff",
        (False, (), False),
    )
    # Somebody else with the same e-mail at the same provider, or at another one, isn't her.
    assert people.person_of_sign_in(ISSUER, "8", "anna@example.org") is None
    assert people.person_of_sign_in("https://other.example.org", "7", "anna@example.org") is None
    # Her e-mail at the provider may change.
    assert people.person_of_sign_in(ISSUER, "7", "anna@new.example.org") == first
    people.save_person_as_owner(connection, person_id, {"email": "anna2@example.org"})
    assert people.person_of_sign_in(ISSUER, "7") is None
    assert people.person_of_sign_in(ISSUER, "9", "anna2@example.org")


def test_a_disabled_person_is_bound_to_no_account(connection: Connection) -> None:
    people.save_person_as_owner(
        connection, None, {"email": "a@example.org", "name": "A", "role": "staff", "is_active": False}
    )
    assert people.person_of_sign_in(ISSUER, "7", "a@example.org") is None


def test_tops_leave_out_what_lies_below_another(connection: Connection) -> None:
    for region in ("XA", "XB"):
        factories.territory(connection, f"{region}-1", "municipality", region)
    ids = [factories.territory(connection, code) for code in ("XA", "XB-1")]
    anna = add_and_sign_in(connection, "manager", everywhere=False, territories=["XA-1", "XA", "XB-1"])
    assert anna.scope.top_territory_ids == tuple(sorted(ids))
    assert anna.scope.client_address == "10.1.1.1"


def test_an_administrator_adds_changes_and_disables_and_nobody_else_does(connection: Connection) -> None:
    factories.territory(connection, "XA")
    for role in ("staff", "manager", "official", "screen"):
        with scope.acting_as(add_and_sign_in(connection, role, role).scope):
            with pytest.raises(DatabaseRefusal, match='This needs the right "people"'):
                people.add_person(email="x@example.org", name="X", role="administrator")
            assert people.all_people().empty
            assert devices.all_devices().empty
    with scope.acting_as(None), pytest.raises(DatabaseRefusal, match="needs the right"):
        people.add_person(email="x@example.org", name="X", role="administrator")
    boss = add_and_sign_in(connection, "administrator", "boss")
    with scope.acting_as(boss.scope):
        person_id = people.add_person("new here", email="x@example.org", name="X", role="manager", territories=["XA"])
        people.change_person(person_id, "promoted", role="official")
        people.change_person(person_id, "again", role="official")  # nothing to do, nothing to record
        people.change_person(person_id, "left", is_active=False)
        row = people.all_people().set_index("email").loc["x@example.org"]
        assert (row["role"], row["is_active"], row["territories"]) == ("official", False, ["XA"])
        with pytest.raises(DatabaseRefusal, match="Nobody changes their own role"):
            people.change_person(boss.id, "tired", role="staff")
        with pytest.raises(DatabaseRefusal, match="Nobody changes their own role"):
            people.change_person(boss.id, "tired", is_active=False)
        for widening in ({"territories": ["XA"]}, {"everywhere": True}):
            with pytest.raises(DatabaseRefusal, match="Nobody changes their own territories"):
                people.change_person(boss.id, "curious", **widening)
    entries = connection.execute(
        text("""SELECT action, reason, before->>'role', after->>'role', after->>'is_active', person, address
            FROM audit WHERE person_id = :boss AND object = :who ORDER BY id"""),
        {"boss": boss.id, "who": f"person {person_id}"},
    )
    by = ("boss <boss@example.org>", "10.1.1.1")
    assert [tuple(row) for row in entries] == [
        ("person added", "new here", None, "manager", "true", *by),
        ("person changed", "promoted", "manager", "official", "true", *by),
        ("person disabled", "left", "official", "official", "false", *by),
    ]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"email": "anna@example.org"}, "There is a person with this e-mail already."),
        ({"email": "anna"}, "This is no e-mail."),
        ({"role": "king"}, "There is no such role."),
        ({"name": ""}, "A person needs a name."),
        ({"territories": ["ZZ"]}, 'There is no territory "ZZ".'),
    ],
)
def test_an_impossible_person_is_refused_in_a_sentence_and_leaves_nothing(
    connection: Connection, facts: dict[str, object], message: str
) -> None:
    boss = add_and_sign_in(connection, "administrator")
    before = actions(connection)
    wrong: dict[str, Any] = {"email": "x@example.org", "name": "X", "role": "staff", **facts}
    with scope.acting_as(boss.scope), pytest.raises(DatabaseRefusal) as refused:
        people.add_person("because", **wrong)
    assert str(refused.value) == message
    assert actions(connection) == before
    assert connection.scalar(text("SELECT count(*) FROM person WHERE email = 'x@example.org'")) == 0


def test_a_change_of_rights_reaches_open_screens(connection: Connection) -> None:
    anna = add_and_sign_in(connection, "staff")
    before = change_listener().data_version
    wait_for(lambda: change_listener().data_version > 0, "the listener")
    before = change_listener().data_version
    people.save_person_as_owner(connection, anna.id, {"is_active": False})
    wait_for(lambda: change_listener().data_version > before, "a new version after the change")


def test_the_demos_people_are_four_and_stay_as_they_are(connection: Connection) -> None:
    factories.territory(connection, "RU-KHM", parent="RU-FD-URAL")
    people.create_demo_people(connection)
    manager = people.person_of_sign_in(DEMO_ISSUER, "manager")
    assert manager
    assert (manager.role, manager.scope.top_territory_ids) == ("manager", (factories.territory(connection, "RU-KHM"),))
    people.create_demo_people(connection)
    rows = connection.execute(text("SELECT name, role, everywhere FROM person WHERE issuer = 'demo' ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [
        ("Centre staff", "staff", True),
        ("Manager of Ugra", "manager", False),
        ("Official of the Ural district", "official", False),
        ("Administrator", "administrator", True),
    ]


def test_a_screen_signs_in_by_its_secret_until_that_is_revoked(connection: Connection) -> None:
    boss = add_and_sign_in(connection, "administrator", "boss")
    with scope.acting_as(boss.scope):
        hall = people.add_person("a new wall", name="Hall", role="screen", everywhere=True)
        with pytest.raises(DatabaseRefusal, match="is no screen"):
            devices.enrol_device(boss.id, "Hall, left wall", "new wall")
        token = devices.enrol_device(hall, "Hall, left wall", "new wall")
        row = devices.all_devices().iloc[0]
        assert (row["name"], row["screen"], row["seen_at"]) == ("Hall, left wall", "Hall", None)
    screen = devices.screen_of_token(token)
    assert screen
    assert (screen.id, screen.role, screen.may("overview"), screen.may("appeal")) == (hall, "screen", True, False)
    assert devices.screen_of_token(token[:-1]) is None
    stored = connection.execute(text("SELECT token_hash, seen_at FROM device")).one()
    assert stored.token_hash == hashlib.sha256(token.encode()).digest()
    assert stored.seen_at
    with scope.acting_as(boss.scope):
        assert devices.revoke_device(int(row["id"]), "stolen")
        assert not devices.revoke_device(int(row["id"]), "stolen")
    assert devices.screen_of_token(token) is None
    assert [row[0] for row in actions(connection)][-3:] == ["person added", "device enrolled", "device revoked"]
    assert token not in str(connection.execute(text("SELECT audit::text FROM audit")).all())


def test_personal_data_are_shown_to_an_official_of_the_territory_for_a_reason(connection: Connection) -> None:
    key = factories.appeal(connection, region="XA", number="A-1", municipality="XA-1", body="Call Ivanov: +7")
    other = factories.appeal(connection, region="XB", received_at=datetime.now(UTC))
    for appeal in (key, other):
        connection.execute(
            text("INSERT INTO applicant VALUES (:region, :appeal, 'Ivanov', '+7', 'i@example.org', 'Lenina 1')"),
            {"region": appeal.region_id, "appeal": appeal.id},
        )
    for role in ("staff", "manager", "administrator", "screen"):
        with (
            scope.acting_as(add_and_sign_in(connection, role, role).scope),
            pytest.raises(DatabaseRefusal, match="personal_data"),
        ):
            applicants.personal_data_of(*key, "to call back")
    anna = add_and_sign_in(connection, "official", everywhere=False, territories=["XA-1"])
    before = len(actions(connection))
    with scope.acting_as(anna.scope):
        personal_data = applicants.personal_data_of(*key, "to call back")
        assert personal_data.applicant == applicants.Applicant("Ivanov", "+7", "i@example.org", "Lenina 1")
        assert personal_data.text == "Call Ivanov: +7"
        with pytest.raises(DatabaseRefusal, match="A reason is needed"):
            applicants.personal_data_of(*key, " ")
        with pytest.raises(DatabaseRefusal, match="There is no such appeal"):
            applicants.personal_data_of(*other, "to call back")
        with read_transaction() as transaction, pytest.raises(Exception, match="permission denied for table applicant"):
            transaction.execute(text("SELECT * FROM applicant"))
    (entry,) = connection.execute(text("SELECT action, object, reason, after FROM audit ORDER BY id")).all()[before:]
    assert tuple(entry) == ("personal data shown", "appeal otklik A-1", "to call back", None)


def test_the_databases_rights_are_those_of_the_table_in_code(connection: Connection) -> None:
    stored_rights = {(role, right) for role, right in connection.execute(text("SELECT role, may FROM role_right"))}
    assert stored_rights == {(role, right) for role, rights in permissions.RIGHTS_BY_ROLE.items() for right in rights}
    connection.execute(text("DELETE FROM role_right WHERE role = 'official'"))
    connection.execute(text("INSERT INTO role_right VALUES ('staff', 'personal_data')"))
    role_rights.sync_role_rights(connection)
    synced_rights = {(role, right) for role, right in connection.execute(text("SELECT role, may FROM role_right"))}
    assert synced_rights == stored_rights


def test_the_docs_table_of_roles_is_the_one_in_code() -> None:
    page = (PROJECT_ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    lines = [
        f"| may | {' | '.join(permissions.ROLES)} |",
        "|---" * (len(permissions.ROLES) + 1) + "|",
        *(
            f"| `{right}`: {meaning} |"
            + "".join(" yes |" if right in permissions.RIGHTS_BY_ROLE[role] else " |" for role in permissions.ROLES)
            for right, meaning in {**permissions.PAGE_DESCRIPTIONS, **permissions.ACTION_DESCRIPTIONS}.items()
        ),
    ]
    assert "\n".join(lines) in page


def test_what_a_person_sees_follows_the_list_and_the_map(connection: Connection) -> None:
    anna = add_and_sign_in(connection, "manager", everywhere=False)

    def visible_codes() -> list[str]:
        codes = (
            "SELECT code FROM person, unnest(sees) AS seen JOIN territory ON territory.id = seen WHERE person.id = :id"
        )
        return sorted(connection.execute(text(codes), {"id": anna.id}).scalars())

    factories.territory(connection, "XA-1", "municipality", "XA")
    factories.territory(connection, "XB-1", "municipality", "XB")
    people.save_person_as_owner(connection, anna.id, {"territories": ["XA", "XB-1"]})
    assert visible_codes() == ["XA", "XA-1", "XB-1"]
    # Municipalities added later: one below a territory that she sees, one not.
    factories.territory(connection, "XA-2", "municipality", "XA")
    factories.territory(connection, "XB-2", "municipality", "XB")
    assert visible_codes() == ["XA", "XA-1", "XA-2", "XB-1"]
    people.save_person_as_owner(connection, anna.id, {"territories": ["XB"]})
    assert visible_codes() == ["XB", "XB-1", "XB-2"]
    with pytest.raises(DBAPIError, match="deleted or added, not changed"):
        connection.execute(text("UPDATE person_territory SET person_id = 1"))
    connection.execute(text("TRUNCATE person_territory"))
    assert visible_codes() == []


def test_the_last_administrator_stays(connection: Connection) -> None:
    anna, boris = add_and_sign_in(connection, "administrator"), add_and_sign_in(connection, "administrator", "boris")
    people.save_person_as_owner(connection, anna.id, {"role": "staff"})
    # The demo's administrator can't sign in by a provider, so he doesn't count.
    for facts in ({"role": "official"}, {"is_active": False}):
        with pytest.raises(DatabaseRefusal, match="This is the last administrator: make somebody else one before"):
            people.save_person_as_owner(connection, boris.id, facts)
    people.save_person_as_owner(connection, anna.id, {"role": "administrator"})
    people.save_person_as_owner(connection, boris.id, {"is_active": False})
    demo = people.person_of_sign_in(DEMO_ISSUER, "administrator")
    assert demo
    people.save_person_as_owner(connection, anna.id, {"email": "new@example.org"})
    people.save_person_as_owner(
        connection, anna.id, {"is_active": False}
    )  # she has not signed in as the new one: the demo's remains
    with pytest.raises(DatabaseRefusal, match="last administrator"):
        people.save_person_as_owner(connection, demo.id, {"is_active": False})


def test_of_two_administrators_who_disable_each_other_at_once_one_remains(connection: Connection) -> None:
    both = [add_and_sign_in(connection, "administrator", name) for name in ("anna", "boris")]

    def disable(by: int) -> str:
        with scope.acting_as(both[by].scope):
            try:
                people.change_person(both[1 - by].id, "a quarrel", is_active=False)
            except ScopeChanged:
                return "This viewer's rights changed meanwhile"
            except DatabaseRefusal as refused:
                return str(refused)
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(disable, (0, 1)))
    assert said[0] == ""
    assert said[1].startswith(("This is the last administrator", "This needs the right", "This viewer's rights"))
    still = connection.scalars(text("SELECT is_active FROM person WHERE issuer = :issuer"), {"issuer": ISSUER})
    assert sorted(still) == [False, True]


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "A reason is needed."),
        (" \n", "A reason is needed."),
        ("x" * 1001, "A reason has at most 1000 characters."),
    ],
)
def test_nothing_about_people_and_screens_changes_without_a_reason(
    connection: Connection, reason: str, message: str
) -> None:
    boss = add_and_sign_in(connection, "administrator", "boss")
    anna, hall = (
        add_and_sign_in(connection, "staff"),
        people.save_person_as_owner(connection, None, {"name": "Hall", "role": "screen"}),
    )
    with scope.acting_as(boss.scope):
        devices.enrol_device(hall, "wall", "new")
        device = int(devices.all_devices().iloc[0]["id"])
        before = actions(connection)
        for refused in (
            lambda: people.add_person(reason, name="X", email="x@example.org", role="staff"),
            lambda: people.change_person(anna.id, reason, role="official"),
            lambda: devices.enrol_device(hall, "other wall", reason),
            lambda: devices.revoke_device(device, reason),
        ):
            with pytest.raises(DatabaseRefusal) as said:
                refused()
            assert str(said.value) == message
    assert actions(connection) == before


def test_what_would_keep_somebody_out_is_refused(connection: Connection) -> None:
    boss = add_and_sign_in(connection, "administrator", "boss")
    with scope.acting_as(boss.scope):
        with pytest.raises(DatabaseRefusal, match="Nobody changes their own e-mail"):
            people.change_person(boss.id, "a new one", email="slip@example.org")
        with pytest.raises(DatabaseRefusal, match="A person signs in by an e-mail"):
            people.add_person("new", name="X", role="staff")
        with pytest.raises(DatabaseRefusal, match="at most 200 characters"):
            people.add_person("new", name="X" * 201, email="x@example.org", role="staff")
        hall = people.add_person("new", name="Hall", role="screen")
        people.change_person(hall, "taken down", is_active=False)
        with pytest.raises(DatabaseRefusal, match="is no screen"):
            devices.enrol_device(hall, "wall", "new")
