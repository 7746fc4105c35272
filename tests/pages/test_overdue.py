"""The overdue page: the list of late appeals, selecting them, and the actions of each role."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.i18n import LANGUAGES
from tests.support import factories
from tests.support.screens.app_pages import panel_titles, run_page, tile_values
from tests.support.screens.tables import displayed, report_selection
from tests.support.waiting import wait_for

DAY = timedelta(days=1)
REASON = "Nobody answers there"
NO_PROPOSAL = "overdue-reassign-group-"
"""The key of the choice for the appeals that nobody is proposed for."""


@pytest.fixture
def appeals(connection: Connection) -> None:
    """One appeal within time, one at risk, two overdue, all in the territory of the Ural district's official."""
    now = datetime.now(UTC)
    factories.territory(connection, "RU-FD-URAL", "district", "X")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL")
    grant = text("""INSERT INTO person_territory SELECT person.id, territory.id FROM person, territory
        WHERE issuer = 'demo' AND subject = 'official' AND code = 'RU-FD-URAL' ON CONFLICT DO NOTHING""")
    connection.execute(grant)
    ours: dict[str, Any] = {"region": "RU-KHM", "received_at": now - 30 * DAY}
    factories.organisation(connection, "roads", region="RU-KHM", names={"ru": "Дороги"})
    factories.appeal(connection, number="FINE", **{**ours, "received_at": now - DAY}, deadline_at=now + 9 * DAY)
    factories.appeal(connection, number="RISK", **ours, deadline_at=now + DAY / 2)
    factories.appeal(connection, number="OVER", **ours, deadline_at=now - 3 * DAY / 2)
    factories.appeal(connection, number="LONG", **ours, deadline_at=now - 41 * DAY / 2)


def numbers(page: AppTest) -> list[str]:
    """The numbers of the appeals in the list, in order."""
    appeal_numbers: list[str] = page.dataframe[0].value["number"].tolist()
    return appeal_numbers


def open_as_official(**address: str) -> AppTest:
    return run_page("overdue", deep_link=False, **{"as": "official"}, **address)


@pytest.mark.usefixtures("appeals")
def test_tiles_and_list_show_what_is_late_longest_first() -> None:
    page = open_as_official()
    assert tile_values(page)["Overdue"] == "2"
    assert tile_values(page)["At risk"] == "1"
    assert numbers(page) == ["LONG", "OVER"]
    assert numbers(open_as_official(state="at_risk")) == ["RISK"]
    assert numbers(open_as_official(state="nonsense")) == ["LONG", "OVER"]


@pytest.mark.usefixtures("appeals")
def test_heads_order_the_list_and_the_first_are_chosen_as_shown() -> None:
    page = open_as_official()
    report_selection(page, page.dataframe[0].proto.id, columns=["time"])
    assert page.query_params["sort"] == "deadline_last"
    assert numbers(page) == ["OVER", "LONG"]
    page.number_input(key="chosen-many").set_value(1).run()
    page.button(key="chosen-first").click().run()
    selection = page.session_state["chosen"]
    assert [appeal_id for _region_id, appeal_id in selection.selected] == [selection.rows["id"].iloc[0]]
    assert numbers(page) == ["OVER", "LONG"]
    report_selection(page, page.dataframe[0].proto.id, columns=["number"])
    assert numbers(page) == ["LONG", "OVER"]
    assert len(page.session_state["chosen"].selected) == 1
    assert page.button(key="chosen-all").label == "Choose all that match (2)"


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("role", ["official", "administrator"])
def test_a_number_opens_its_appeal_for_every_role(role: str) -> None:
    page = run_page("overdue", deep_link=False, **{"as": role})
    number_column = json.loads(page.dataframe[0].proto.columns)["number"]
    assert number_column["type_config"]["type"] == "button"


@pytest.mark.usefixtures("appeals")
def test_heads_order_the_list_of_those_who_only_look() -> None:
    page = run_page("overdue", deep_link=False, **{"as": "administrator"})
    report_selection(page, page.dataframe[0].proto.id, columns=["number"])
    report_selection(page, page.dataframe[0].proto.id, columns=["number"])
    assert page.query_params["sort"] == "number_last"
    assert numbers(page) == ["OVER", "LONG"]


@pytest.mark.usefixtures("appeals")
def test_an_official_selects_previews_executes_and_undoes(connection: Connection) -> None:
    page = open_as_official()
    assert "Actions" not in panel_titles(page)
    page.button(key="chosen-all").click().run()
    assert "Actions" in panel_titles(page)
    assert (page.button(key="overdue-do").label, page.button(key="overdue-do").disabled) == ("Reassign · 0", True)
    page.selectbox(key=NO_PROPOSAL).set_value("roads").run()
    assert page.button(key="overdue-do").label == "Reassign · 2"
    page.button(key="overdue-do").click().run()
    assert [element.value for element in page.error] == [
        "Say why: the reason is recorded in the history and in the audit log."
    ]
    page.text_area(key="overdue-reason").set_value(REASON)
    page.button(key="overdue-do").click().run()
    assert [element.value for element in page.success] == ["Reassigned: 2 appeals"]
    holder_codes = text(
        "SELECT DISTINCT code FROM appeal JOIN organisation AS o ON o.id = holder_id WHERE number IN ('OVER', 'LONG')"
    )
    assert connection.execute(holder_codes).scalars().all() == ["roads"]
    # The selection is cleared.
    (undo,) = [element for element in page.button if element.label.startswith("Undo")]
    undo.click().run()
    assert [element.value for element in page.success] == ["Undone: 2 appeals"]
    assert connection.execute(holder_codes).scalars().all() == ["office"]
    page.button(key="overdue-read").click().run()
    assert "Actions" not in panel_titles(page)


@pytest.mark.usefixtures("appeals")
def test_a_selection_survives_a_refresh_and_an_appeal_changed_meanwhile_is_refused(connection: Connection) -> None:
    page = open_as_official()
    page.button(key="chosen-all").click().run()
    connection.execute(text("UPDATE appeal SET deadline_at = deadline_at - interval '30 days' WHERE number = 'OVER'"))
    page.run()
    # The list stands still while something is selected, with the versions that were shown.
    assert numbers(page) == ["LONG", "OVER"]
    page.selectbox(key=NO_PROPOSAL).set_value("roads").run()
    page.text_area(key="overdue-reason").set_value(REASON)
    page.button(key="overdue-do").click().run()
    assert [element.value for element in page.warning] == ["Reassigned: 1 appeal, 1 refused"]
    assert numbers(page) == ["OVER", "LONG"]


@pytest.mark.usefixtures("appeals")
def test_a_late_message_about_the_previous_list_keeps_the_selection() -> None:
    page = open_as_official()
    before = page.dataframe[0].proto.id
    page.button(key="chosen-all").click().run()
    # A refresh that was running when the button was pressed arrives after it, without the selection.
    late_states = page._tree.get_widget_states()  # noqa: SLF001 -- there is no public way to set the state of a widget that is gone
    late_states.widgets.add(id=before, string_value='{"selection": {"rows": [], "columns": [], "cells": []}}')
    page._run(late_states)  # noqa: SLF001
    assert len(page.session_state["chosen"].selected) == 2


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(("role", "offered_actions"), [("staff", ["note"]), ("administrator", [])])
def test_a_role_without_actions_only_reads(role: str, offered_actions: list[str]) -> None:
    page = run_page("overdue", deep_link=False, **{"as": role})
    assert numbers(page) == ["LONG", "OVER"]
    assert [element.key for element in page.button if str(element.key).startswith("chosen")] == (
        ["chosen-first", "chosen-all", "chosen-none"] if offered_actions else []
    )
    if offered_actions:
        page.button(key="chosen-all").click().run()
        assert page.button(key="overdue-do").label == "Add a note · 2"


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_panel_is_translated(language: str) -> None:
    page = open_as_official(lang=language)
    expected = {"en": "▲ overdue by 20 days", "ru": "▲ просрочено на 20 дней", "hr": "▲ prekoračen za 20 dana"}
    assert displayed(page.dataframe[0])["time"].iloc[0] == expected[language]
    titles = {"en": "Available capacity", "ru": "Кому можно перенаправить (загрузка)", "hr": "Slobodni kapaciteti"}
    assert titles[language] in panel_titles(page)


def test_an_administrator_allows_a_requested_transfer(connection: Connection) -> None:
    key = factories.appeal(connection, number="CAPPED")
    who = "SELECT id FROM person WHERE issuer = 'demo' AND subject = 'official'"
    connection.execute(
        text(f"""INSERT INTO operation (key, person_id, actor, kind, fields, reason, request)
            VALUES (gen_random_uuid(), ({who}), 'Anna', 'reassign', '{{"holder": "roads"}}', 'Once more', '')""")
    )
    connection.execute(
        text("""INSERT INTO operation_row (operation, region_id, appeal_id, number, refused, before, after)
            SELECT key, :region_id, :id, 'CAPPED', 'cap', jsonb_build_object('holder_id', holder_id),
                jsonb_build_object('holder_id', holder_id)
            FROM operation, appeal"""),
        key._asdict(),
    )
    page = run_page("overdue", deep_link=False, **{"as": "administrator"})
    page.text_area(key="transfer-reason").set_value("They agreed")
    page.button(key="transfer-allow").click().run()
    assert connection.scalar(text("SELECT reason FROM transfer_allowed")) == "They agreed"
    nobody = ":gray[No transfer is waiting for approval.]"
    wait_for(lambda: nobody in [element.value for element in page.run().markdown], "the change to reach the page")
