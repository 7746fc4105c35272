"""Administering people from their page, as the database keeps it."""

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.database import devices, people
from otklik.i18n import LANGUAGES
from tests.support import factories
from tests.support.app_pages import panel_titles, run_page


@pytest.fixture
def anna(connection: Connection) -> int:
    """A manager of one region, beside the demo's four."""
    factories.territory(connection, "XA")
    factories.territory(connection, "XB")
    facts = {"email": "anna@example.org", "name": "Anna", "role": "manager", "territories": ["XA"]}
    return people.save_person_as_owner(connection, None, facts)


def opened(**address: str) -> AppTest:
    address = {"as": "administrator", **address}
    return run_page("people", deep_link=False, **address)


def fill(page: AppTest, form: str, **values: object) -> None:
    """Fill in a form's fields by the ends of their keys."""
    for field in (*page.text_input, *page.selectbox, *page.checkbox, *page.multiselect):
        head, _dash, name = str(field.key).rpartition("-")
        if head.startswith(form) and name in values:
            field.set_value(values[name])


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [one for one in page.button if one.label == label]
    return button.click().run()


def entries(connection: Connection) -> list[tuple[object, ...]]:
    rows = connection.execute(text("SELECT action, object, reason FROM audit ORDER BY id"))
    return [tuple(row) for row in rows]


def facts(connection: Connection, who: int) -> dict[str, object]:
    found: dict[str, object] = connection.scalar(text("SELECT person_facts(:who)"), {"who": who})
    return found


@pytest.mark.usefixtures("anna")
def test_everybody_is_listed_with_what_they_see_and_found_by_name_or_email() -> None:
    roll = opened().dataframe[0].value
    assert roll[["name", "role", "sees", "state"]].to_numpy().tolist() == [
        ["Administrator", "Administrator", "Everywhere", "active"],
        ["Anna", "Manager", "XA", "active"],
        ["Centre staff", "Centre staff", "Everywhere", "active"],
        ["Manager of Ugra", "Manager", "Nowhere", "active"],
        ["Official of the Ural district", "Official", "Nowhere", "active"],
    ]
    assert opened(find="EXAMPLE.org").dataframe[0].value["name"].tolist() == ["Anna"]
    nobody = opened(find="nobody")
    assert ":gray[Nobody has this in their name or e-mail.]" in [one.value for one in nobody.markdown]


def test_a_person_is_added_with_a_reason_and_the_audit_says_so(connection: Connection) -> None:
    factories.territory(connection, "XA")
    page = opened()
    fill(page, "add", name=" Boris ", email="Boris@Example.org", role="official", territories=["XA"], reason="new here")
    page = press(page, "Add the person")
    assert [one.value for one in page.success] == ["Added: Boris."]
    who = connection.scalar(text("SELECT id FROM person WHERE email = 'boris@example.org'"))
    assert facts(connection, who) == {
        "name": "Boris",
        "email": "boris@example.org",
        "role": "official",
        "everywhere": False,
        "is_active": True,
        "territories": ["XA"],
    }
    assert entries(connection) == [("person added", f"person {who}", "new here")]
    assert "Boris" in page.dataframe[0].value["name"].tolist()
    # The form is empty again: nothing of his goes over to the next.
    assert (page.text_input(key="add-1-name").value, page.multiselect(key="add-1-territories").value) == ("", [])


def test_what_is_refused_is_said_in_the_form_and_keeps_what_was_filled_in(connection: Connection, anna: int) -> None:
    page = opened()
    fill(page, "add", name="Other", email="anna@example.org", reason="new here")
    page = press(page, "Add the person")
    assert [one.value for one in page.error] == ["There is a person with this e-mail already."]
    assert page.text_input(key="add-0-name").value == "Other"
    fill(page, "add", email="other@example.org", reason=" ")
    assert [one.value for one in press(page, "Add the person").error] == ["A reason is needed."]
    assert entries(connection)[1:] == []
    assert anna


def test_role_territories_name_and_email_are_changed_and_only_what_differs(connection: Connection, anna: int) -> None:
    page = opened(person=str(anna))
    assert page.selectbox(key="chosen").value == anna
    fill(page, f"change-{anna}", role="official", territories=["XA", "XB"], reason="promoted")
    page = press(page, "Save the changes")
    assert [one.value for one in page.success] == ["Changed: Anna."]
    assert facts(connection, anna)["territories"] == ["XA", "XB"]
    row = connection.execute(text("SELECT before, after, reason FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert {key for key in row.after if row.before[key] != row.after[key]} == {"role", "territories"}
    # The form holds what is so now.
    fill(page, f"change-{anna}", reason="again")
    page = press(page, "Save the changes")
    assert [one.value for one in page.info] == ["Nothing was changed: all of it stands there already."]
    assert len(entries(connection)) == 2


def test_a_person_is_disabled_and_enabled_again(connection: Connection, anna: int) -> None:
    page = opened(person=str(anna))
    assert [one.value for one in press(page, "Disable the person").error] == ["A reason is needed."]
    fill(page, f"switch-{anna}", reason="left")
    page = press(page, "Disable the person")
    assert facts(connection, anna)["is_active"] is False
    assert page.dataframe[0].value.set_index("name")["state"]["Anna"] == "disabled"
    fill(page, f"switch-{anna}", reason="came back")
    press(page, "Enable the person again")
    assert facts(connection, anna)["is_active"] is True
    assert entries(connection)[1:] == [
        ("person disabled", f"person {anna}", "left"),
        ("person enabled", f"person {anna}", "came back"),
    ]


def test_nobody_locks_themselves_out(connection: Connection) -> None:
    boss = connection.scalar(text("SELECT id FROM person WHERE subject = 'administrator'"))
    page = opened(person=str(boss))
    fill(page, f"change-{boss}", role="staff", reason="tired")
    page = press(page, "Save the changes")
    assert [one.value for one in page.error] == ["Nobody changes their own role."]
    fill(page, f"switch-{boss}", reason="tired")
    page = press(page, "Disable the person")
    assert [one.value for one in page.error] == ["Nobody changes their own role."]
    assert entries(connection) == []


def test_a_screens_device_is_enrolled_by_a_link_shown_once_and_revoked(connection: Connection) -> None:
    hall = people.save_person_as_owner(connection, None, {"name": "Hall", "role": "screen", "everywhere": True})
    page = opened()
    fill(page, "enrol", name="Left wall", reason="new wall")
    page = press(page, "Enrol the device")
    (code,) = page.code
    _address, _mark, secret = code.value.partition("?device=")
    shown = devices.screen_of_token(secret)
    assert shown
    assert shown.id == hall
    (_roll, table) = page.dataframe
    assert table.value[["name", "screen", "state"]].to_numpy().tolist() == [["Left wall", "Hall", "lets in"]]
    page = page.run()
    assert not page.code  # shown once
    fill(page, "revoke", reason="stolen")
    page = press(page, "Revoke the device")
    assert [one.value for one in page.success] == ["The device is let in no more."]
    assert devices.screen_of_token(secret) is None
    assert secret not in str(entries(connection))


@pytest.mark.parametrize("role", ["staff", "manager", "official"])
@pytest.mark.parametrize("deep", [False, True])
def test_nobody_but_administrators_opens_the_page(role: str, deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    page = run_page("people", deep_link=deep, **{"as": role})
    assert not page.dataframe
    assert not page.button or all("person" not in one.label for one in page.button)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_speaks_the_language_of_the_address(language: str) -> None:
    page = opened(lang=language)
    assert len(set(panel_titles(page))) == 4
    said = {"en": "Nowhere", "ru": "Нигде", "hr": "Nigdje"}
    assert said[language] in page.dataframe[0].value["sees"].tolist()
