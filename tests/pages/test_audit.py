"""The audit page: its entries, filters, pager, hash chain and exported files."""

from io import BytesIO

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from components.admin import audit_export, audit_table
from components.admin.audit_objects import ObjectNames
from components.layout.auto_refresh import DRAWN_STATES, SUBSCRIPTION_KEY
from otklik.database.access import audit as recording
from otklik.database.access import people, scope
from otklik.database.access.people import DEMO_ISSUER
from otklik.database.transactions import write_transaction
from otklik.i18n import LANGUAGES
from queries import audit
from queries import people as people_queries
from tests.support import factories
from tests.support.screens.app_pages import click_table_cell, panel_titles, run_page
from tests.support.screens.tables import displayed
from tests.support.waiting import wait_for


@pytest.fixture
def anna(connection: Connection) -> int:
    """A person added on the console, changed by an administrator, and bound by a first sign-in: three entries."""
    factories.territory(connection, "XA")
    connection.execute(text("SELECT set_config('otklik.console', 'root', false)"))
    facts = {"email": "anna@example.org", "name": "Anna", "role": "staff"}
    who = people.save_person_as_owner(connection, None, facts, "from the console")
    connection.execute(text("SELECT set_config('otklik.console', '', false)"))
    people.change_person(who, "promoted", role="official", territories=["XA"])
    assert people.person_of_sign_in("https://id.example.org", "7", "anna@example.org", "10.0.0.7")
    return who


def open_page(**address: str) -> AppTest:
    address = {"as": "administrator", **address}
    return run_page("audit", deep_link=False, **address)


def rows(page: AppTest) -> pd.DataFrame:
    return displayed(page.dataframe[0])


def numbers(page: AppTest) -> list[str]:
    return list(rows(page)["id"]) if page.dataframe else []


def recorded(count: int) -> None:
    for number in range(count):
        with write_transaction() as connection:
            recording.record_action(connection, "audit exported", f"thing {number}", "because")


def test_a_row_shows_who_when_from_where_what_why_and_what_changed(anna: int) -> None:
    table = rows(open_page())
    assert table["id"].tolist() == ["3", "2", "1"]
    assert table.drop(columns=["at", "id"]).to_numpy().tolist() == [
        [
            "Anna <anna@example.org>",
            "First sign-in",
            f"person {anna} · Anna",
            "",
            "provider: https://id.example.org; name at the provider: 7",
            "10.0.0.7",
        ],
        [
            "Administrator",
            "Person changed",
            f"person {anna} · Anna",
            "promoted",
            "role: Centre staff → Official; territories: — → XA",
            "",
        ],
        [
            "console: root",
            "Person added",
            f"person {anna} · Anna",
            "from the console",
            "name: Anna; role: Centre staff; e-mail: anna@example.org; active: yes; sees everything: no",
            "",
        ],
    ]


@pytest.mark.usefixtures("anna")
def test_a_column_of_addresses_without_any_is_left_out() -> None:
    assert "address" not in rows(open_page(text="promoted"))
    assert "address" in rows(open_page())


def test_the_title_of_the_time_names_the_time_zone(anna: int) -> None:
    assert anna
    head = open_page().dataframe[0]
    assert '"When (UTC)"' in head.proto.columns


@pytest.mark.parametrize(
    ("address", "expected_ids"),
    [
        ({"by": "0"}, ["1"]),
        ({"action": "person changed"}, ["2"]),
        ({"object": "person"}, ["3", "2", "1"]),
        ({"object": "device"}, []),
        ({"object": "Пользователь", "lang": "ru"}, ["3", "2", "1"]),
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
def test_the_url_filters_the_entries(address: dict[str, str], expected_ids: list[str]) -> None:
    assert numbers(open_page(**address)) == expected_ids


def test_entries_are_found_by_their_actor_and_by_their_object(anna: int) -> None:
    assert numbers(open_page(by=str(anna))) == ["3"]
    assert numbers(open_page(object=f"person {anna}")) == ["3", "2", "1"]
    assert numbers(open_page(object=f"person {str(anna)[:-1]}")) == []  # a prefix of the id matches nothing


def test_unknown_values_in_the_url_are_ignored_with_a_note(anna: int) -> None:
    assert anna
    page = open_page(by="99999", action="nothing")
    expected = "Not known here, and ignored: by=99999, action=nothing"
    assert expected in [element.value for element in page.caption]
    assert numbers(page) == ["3", "2", "1"]


@pytest.mark.usefixtures("url")
def test_new_entries_do_not_move_the_rows_of_an_older_page() -> None:
    recorded(120)
    page = open_page()
    assert (numbers(page)[0], numbers(page)[-1]) == ("120", "71")
    assert [page.button(key=f"step-{name}").disabled for name in ("newest", "newer", "older")] == [True, True, False]
    page.button(key="step-older").click().run()
    recorded(3)
    page.run()
    assert (numbers(page)[0], numbers(page)[-1]) == ("70", "21")
    page.button(key="step-older").click().run()
    assert numbers(page) == [str(n) for n in range(20, 0, -1)]
    assert "A head sorts the rows of this page alone." in [element.value for element in page.caption]
    assert page.button(key="step-older").disabled
    page.button(key="step-newer").click().run()
    assert (numbers(page)[0], numbers(page)[-1]) == ("70", "21")
    # A changed filter starts on its first page.
    page.text_input(key="typed-text").set_value("thing 1").run()
    assert page.query_params.get("before") is None
    assert numbers(page)[0] == "122"


@pytest.mark.usefixtures("anna")
def test_the_url_opens_one_entry_in_full() -> None:
    page = open_page(entry="2")
    assert [element.value for element in page.text][-3:] == [
        "promoted",
        "role: Centre staff → Official\nterritories: — → XA",
        "2",
    ]
    page.button(key="entry-close").click().run()
    assert "entry" not in page.query_params
    click_table_cell(page, 0, 0, "id")
    assert page.query_params["entry"] == page.dataframe[0].value["id"].iloc[0]
    page = open_page(entry="99")
    assert ":gray[There is no such entry.]" in [element.value for element in page.markdown]


def test_a_changed_entry_breaks_the_chain(connection: Connection, anna: int) -> None:
    assert anna
    page = open_page()
    (whole,) = page.success
    assert whole.value.startswith("Whole: 3 entries, each follows from the one before it. As of ")
    assert page.code[0].value.startswith("3:")
    connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    try:
        connection.execute(text("UPDATE audit SET reason = 'other' WHERE id = 2"))
    finally:
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
    page = open_page(lang="ru")
    assert page.error[0].value.startswith("Журнал действий нарушен на записи 2: она изменена. По состоянию на ")
    assert not page.success


@pytest.mark.usefixtures("url")
def test_an_empty_audit_shows_a_message() -> None:
    page = open_page()
    assert ":gray[Nothing in the audit is as these filters say.]" in [element.value for element in page.markdown]


@pytest.mark.usefixtures("anna")
def test_an_exported_file_equals_the_screen_and_the_export_is_recorded(connection: Connection) -> None:
    page = open_page(text="promoted")
    assert {str(getattr(element, "label", "")) for element in page.get("download_button")} >= {
        "All of these (CSV)",
        "All of these (XLSX)",
    }
    on_screen = rows(page).drop(columns="at").assign(address="")
    viewer = people.person_of_sign_in(DEMO_ISSUER, "administrator", client_address="10.0.0.1")
    assert viewer
    with scope.acting_as(viewer.scope):
        make = audit_export.file_builder(
            audit.export_callback(audit.AuditFilter(text="promoted")),
            ObjectNames(people_queries.person_names(), people_queries.device_names()),
            "xlsx",
        )
    with scope.acting_as(None):  # another thread has no viewer
        book = CalamineWorkbook.from_filelike(BytesIO(make())).get_sheet_by_index(0).to_python()
    assert [[*row[1:-1], str(row[-1]).removesuffix(".0")] for row in book[1:]] == (
        on_screen[[*audit_table.COLUMN_KEYS[1:]]].to_numpy().tolist()
    )
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
def test_the_page_is_in_the_language_of_the_url(language: str) -> None:
    page = open_page(lang=language)
    assert len(panel_titles(page)) == 1
    expected = {"en": "Person changed", "ru": "Пользователь изменён", "hr": "Osoba promijenjena"}
    assert expected[language] in rows(page)["action"].tolist()


@pytest.mark.usefixtures("anna")
def test_a_new_entry_is_announced_to_the_open_page() -> None:
    page = open_page()
    subscription = page.session_state[SUBSCRIPTION_KEY]
    state_now, drawn_state = page.session_state[DRAWN_STATES]["entries_card"]
    version = subscription.version
    recorded(1)
    wait_for(lambda: subscription.version > version, "word of the entry")
    assert state_now() != drawn_state
