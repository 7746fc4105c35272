"""The page of people and roles: adding, changing and disabling people."""

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.database.access import people
from otklik.i18n import LANGUAGES
from tests.support import factories
from tests.support.screens.app_pages import panel_titles, run_page


@pytest.fixture
def anna(connection: Connection) -> int:
    """A manager of one region, in addition to the four people of the demo."""
    factories.territory(connection, "XA")
    factories.territory(connection, "XB")
    facts = {"email": "anna@example.org", "name": "Anna", "role": "manager", "territories": ["XA"]}
    return people.save_person_as_owner(connection, None, facts)


def open_page(**address: str) -> AppTest:
    address = {"as": "administrator", **address}
    return run_page("people", deep_link=False, **address)


def fill(page: AppTest, form: str, **values: object) -> None:
    """Set the inputs of a form, by the last part of their keys."""
    for field in (*page.text_input, *page.selectbox, *page.checkbox, *page.multiselect):
        head, _dash, name = str(field.key).rpartition("-")
        if head.startswith(form) and name in values:
            field.set_value(values[name])


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [element for element in page.button if element.label == label]
    return button.click().run()


def entries(connection: Connection) -> list[tuple[object, ...]]:
    rows = connection.execute(text("SELECT action, object, reason FROM audit ORDER BY id"))
    return [tuple(row) for row in rows]


def facts(connection: Connection, who: int) -> dict[str, object]:
    person: dict[str, object] = connection.scalar(text("SELECT person_facts(:who)"), {"who": who})
    return person


@pytest.mark.usefixtures("anna")
def test_everybody_is_listed_with_their_territories_and_found_by_name_or_email() -> None:
    table = open_page().dataframe[0].value
    assert table[["name", "role", "sees", "state"]].to_numpy().tolist() == [
        ["Administrator", "Administrator", "Everywhere", "active"],
        ["Anna", "Manager", "XA", "active"],
        ["Centre staff", "Centre staff", "Everywhere", "active"],
        ["Manager of Ugra", "Manager", "Nowhere", "active"],
        ["Official of the Ural district", "Official", "Nowhere", "active"],
    ]
    assert open_page(find="EXAMPLE.org").dataframe[0].value["name"].tolist() == ["Anna"]
    nobody = open_page(find="nobody")
    assert ":gray[Nobody has this in their name or e-mail.]" in [element.value for element in nobody.markdown]


def test_adding_a_person_needs_a_reason_and_is_recorded(connection: Connection) -> None:
    factories.territory(connection, "XA")
    page = open_page()
    fill(page, "add", name=" Boris ", email="Boris@Example.org", role="official", territories=["XA"], reason="new here")
    page = press(page, "Add the person")
    assert [element.value for element in page.success] == ["Added: Boris."]
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
    # The form is empty again.
    assert (page.text_input(key="add-1-name").value, page.multiselect(key="add-1-territories").value) == ("", [])


def test_a_refusal_is_shown_in_the_form_and_keeps_its_values(connection: Connection, anna: int) -> None:
    page = open_page()
    fill(page, "add", name="Other", email="anna@example.org", reason="new here")
    page = press(page, "Add the person")
    assert [element.value for element in page.error] == ["There is a person with this e-mail already."]
    assert page.text_input(key="add-0-name").value == "Other"
    fill(page, "add", email="other@example.org", reason=" ")
    assert [element.value for element in press(page, "Add the person").error] == ["A reason is needed."]
    assert entries(connection)[1:] == []
    assert anna


def test_only_changed_fields_are_stored(connection: Connection, anna: int) -> None:
    page = open_page(person=str(anna))
    assert page.selectbox(key="chosen-person").value == anna
    fill(page, f"change-{anna}", role="official", territories=["XA", "XB"], reason="promoted")
    page = press(page, "Save the changes")
    assert [element.value for element in page.success] == ["Changed: Anna."]
    assert facts(connection, anna)["territories"] == ["XA", "XB"]
    row = connection.execute(text("SELECT before, after, reason FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert {key for key in row.after if row.before[key] != row.after[key]} == {"role", "territories"}
    # The form has the changed values.
    fill(page, f"change-{anna}", reason="again")
    page = press(page, "Save the changes")
    assert [element.value for element in page.info] == ["Nothing was changed: all of it stands there already."]
    assert len(entries(connection)) == 2


@pytest.mark.usefixtures("anna")
def test_a_person_without_an_email_has_an_empty_box_beside_people_who_have_one() -> None:
    page = open_page()
    (name, email) = (
        next(box for box in page.text_input if str(box.key).startswith("change-") and box.label == label)
        for label in ("Name", "E-mail")
    )
    assert (name.value, email.value) == ("Administrator", "")


def test_a_person_is_disabled_and_enabled_again(connection: Connection, anna: int) -> None:
    page = open_page(person=str(anna))
    assert [element.value for element in press(page, "Disable the person").error] == ["A reason is needed."]
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
    page = open_page(person=str(boss))
    fill(page, f"change-{boss}", role="staff", reason="tired")
    page = press(page, "Save the changes")
    assert [element.value for element in page.error] == ["Nobody changes their own role."]
    fill(page, f"switch-{boss}", reason="tired")
    page = press(page, "Disable the person")
    assert [element.value for element in page.error] == ["Nobody changes their own role."]
    assert entries(connection) == []


@pytest.mark.parametrize("role", ["staff", "manager", "official"])
@pytest.mark.parametrize("deep", [False, True])
def test_nobody_but_administrators_opens_the_page(role: str, deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    page = run_page("people", deep_link=deep, **{"as": role})
    assert not page.dataframe
    assert not page.button or all("person" not in element.label for element in page.button)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_in_the_language_of_the_url(language: str) -> None:
    page = open_page(lang=language)
    assert len(set(panel_titles(page))) == 3
    expected = {"en": "Nowhere", "ru": "Нигде", "hr": "Nigdje"}
    assert expected[language] in page.dataframe[0].value["sees"].tolist()
