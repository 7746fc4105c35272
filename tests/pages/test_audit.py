"""The audit's page says what is recorded, finds it, and hands it out as files."""

from io import BytesIO

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from components.admin import audit_export
from otklik.database import audit as recording
from otklik.database import people, scope
from otklik.database.people import DEMO_ISSUER
from otklik.database.transactions import write_transaction
from otklik.i18n import LANGUAGES
from queries import audit
from queries import people as known
from tests.support import factories
from tests.support.app_pages import panel_titles, run_page


@pytest.fixture
def anna(connection: Connection) -> int:
    """Somebody whom the console added, an administrator changed and a first sign-in bound: three entries."""
    factories.territory(connection, "XA")
    connection.execute(text("SELECT set_config('otklik.console', 'root', false)"))
    facts = {"email": "anna@example.org", "name": "Anna", "role": "staff"}
    who = people.save_person_as_owner(connection, None, facts, "from the console")
    connection.execute(text("SELECT set_config('otklik.console', '', false)"))
    people.change_person(who, "promoted", role="official", territories=["XA"])
    assert people.person_of_sign_in("https://id.example.org", "7", "anna@example.org", "10.0.0.7")
    return who


def opened(**address: str) -> AppTest:
    address = {"as": "administrator", **address}
    return run_page("audit", deep_link=False, **address)


def rows(page: AppTest) -> pd.DataFrame:
    shown: pd.DataFrame = page.dataframe[0].value
    return shown


def numbers(page: AppTest) -> list[str]:
    return list(rows(page)["id"]) if page.dataframe else []


def recorded(count: int) -> None:
    for number in range(count):
        with write_transaction() as connection:
            recording.record_action(connection, "looked", f"thing {number}", "because")


def test_an_entry_says_who_when_from_where_what_why_and_what_changed(anna: int) -> None:
    shown = rows(opened())
    assert shown["id"].tolist() == ["3", "2", "1"]
    assert shown.drop(columns=["at", "id"]).to_numpy().tolist() == [
        [
            "Anna <anna@example.org>",
            "10.0.0.7",
            "First sign-in",
            f"person {anna} · Anna",
            "",
            "provider: https://id.example.org; name at the provider: 7",
        ],
        [
            "Administrator",
            "",
            "Person changed",
            f"person {anna} · Anna",
            "promoted",
            "role: Centre staff → Official; territories: — → XA",
        ],
        [
            "console: root",
            "",
            "Person added",
            f"person {anna} · Anna",
            "from the console",
            "name: Anna; role: Centre staff; e-mail: anna@example.org; active: yes; sees everything: no",
        ],
    ]


def test_the_zone_of_the_moments_is_said(anna: int) -> None:
    assert anna
    head = opened().dataframe[0]
    assert '"When (UTC)"' in head.proto.columns


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ({"by": "0"}, ["1"]),
        ({"action": "person changed"}, ["2"]),
        ({"object": "person"}, ["3", "2", "1"]),
        ({"object": "device"}, []),
        ({"text": "PROMOTED"}, ["2"]),
        ({"text": "id.example"}, ["3"]),
        ({"text": "100%_"}, []),
        ({"period": "range", "from": "2001-01-01", "to": "2001-01-31"}, []),
        ({"period": "today"}, ["3", "2", "1"]),
        ({"before": "3"}, ["2", "1"]),
        ({"after": "1"}, ["3", "2"]),
    ],
)
@pytest.mark.usefixtures("anna")
def test_the_address_says_which_entries(address: dict[str, str], found: list[str]) -> None:
    assert numbers(opened(**address)) == found


def test_a_person_is_found_by_what_they_did_and_by_what_was_done_to_them(anna: int) -> None:
    assert numbers(opened(by=str(anna))) == ["3"]
    assert numbers(opened(object=f"person {anna}")) == ["3", "2", "1"]
    assert numbers(opened(object=f"person {str(anna)[:-1]}")) == []  # not every number that begins so


def test_what_nobody_knows_is_ignored_with_a_note(anna: int) -> None:
    assert anna
    page = opened(by="99999", action="nothing")
    said = "Not known here, and ignored: by=99999, action=nothing"
    assert said in [one.value for one in page.caption]
    assert numbers(page) == ["3", "2", "1"]


@pytest.mark.usefixtures("url")
def test_pages_go_by_the_number_so_that_new_entries_move_nothing() -> None:
    recorded(120)
    page = opened()
    assert (numbers(page)[0], numbers(page)[-1]) == ("120", "71")
    assert [page.button(key=f"step-{name}").disabled for name in ("newest", "newer", "older")] == [True, True, False]
    page.button(key="step-older").click().run()
    recorded(3)
    page.run()
    assert (numbers(page)[0], numbers(page)[-1]) == ("70", "21")
    page.button(key="step-older").click().run()
    assert numbers(page) == [str(n) for n in range(20, 0, -1)]
    assert page.button(key="step-older").disabled
    page.button(key="step-newer").click().run()
    assert (numbers(page)[0], numbers(page)[-1]) == ("70", "21")
    # Another choice leads to its first page.
    page.text_input(key="typed-text").set_value("thing 1").run()
    assert page.query_params.get("before") is None
    assert numbers(page)[0] == "122"


@pytest.mark.usefixtures("anna")
def test_one_entry_is_shown_whole_by_the_address() -> None:
    page = opened(entry="2")
    assert [one.value for one in page.text][-2:] == ["promoted", "role: Centre staff → Official\nterritories: — → XA"]
    page = opened(entry="99")
    assert ":gray[There is no such entry.]" in [one.value for one in page.markdown]


def test_the_chain_is_whole_or_breaks_at_an_entry(connection: Connection, anna: int) -> None:
    assert anna
    page = opened()
    (whole,) = page.success
    assert whole.value.startswith("Whole: 3 entries, each follows from the one before it. As of ")
    assert page.code[0].value.startswith("3:")
    connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    try:
        connection.execute(text("UPDATE audit SET reason = 'other' WHERE id = 2"))
    finally:
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
    page = opened(lang="ru")
    assert page.error[0].value.startswith("Журнал нарушен на записи 2: она изменена. По состоянию на ")
    assert not page.success


@pytest.mark.usefixtures("url")
def test_an_empty_audit_says_so() -> None:
    page = opened()
    assert ":gray[Nothing in the audit is as these filters say.]" in [one.value for one in page.markdown]


@pytest.mark.usefixtures("anna")
def test_a_file_holds_what_the_screen_says_and_that_it_was_taken_is_recorded(connection: Connection) -> None:
    page = opened(text="promoted")
    assert {str(getattr(one, "label", "")) for one in page.get("download_button")} >= {
        "All of these (CSV)",
        "All of these (XLSX)",
    }
    on_screen = rows(page).drop(columns="at").to_numpy().tolist()
    viewer = people.person_of_sign_in(DEMO_ISSUER, "administrator", client_address="10.0.0.1")
    assert viewer
    with scope.acting_as(viewer.scope):
        make = audit_export.file_builder(
            audit.export_callback(audit.AuditFilter(text="promoted")), known.person_names(), "xlsx"
        )
    with scope.acting_as(None):  # on another thread there is no viewer
        book = CalamineWorkbook.from_filelike(BytesIO(make())).get_sheet_by_index(0).to_python()
    assert [[str(row[0]).removesuffix(".0"), *row[2:]] for row in book[1:]] == on_screen
    entry = connection.execute(text("SELECT action, person, address, after FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert tuple(entry) == (
        "audit exported",
        "Administrator",
        "10.0.0.1",
        {"format": "xlsx", "text": "promoted", "entries": 1},
    )


@pytest.mark.parametrize("role", ["staff", "manager", "official"])
@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.usefixtures("anna")
def test_nobody_but_administrators_opens_the_page(role: str, deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    page = run_page("audit", deep_link=deep, **{"as": role})
    assert not page.dataframe
    assert not page.success


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_address(language: str) -> None:
    page = opened(lang=language)
    assert len(panel_titles(page)) == 1
    said = {"en": "Person changed", "ru": "Человек изменён", "hr": "Osoba promijenjena"}
    assert said[language] in rows(page)["action"].tolist()
