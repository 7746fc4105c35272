"""The overdue page: what is late, choosing of it, and what each role may do there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.i18n import LANGUAGES
from tests.support import factories
from tests.support.app_pages import panel_titles, run_page, tile_values
from tests.support.waiting import wait_for

DAY = timedelta(days=1)
WHY = "Nobody answers there"


@pytest.fixture
def appeals(connection: Connection) -> None:
    """One within its time, one at risk, two overdue; the official of the Ural district sees them all."""
    now = datetime.now(UTC)
    factories.territory(connection, "RU-FD-URAL", "district", "X")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL")
    official = text("""INSERT INTO person_territory SELECT person.id, territory.id FROM person, territory
        WHERE issuer = 'demo' AND subject = 'official' AND code = 'RU-FD-URAL' ON CONFLICT DO NOTHING""")
    connection.execute(official)
    ours: dict[str, Any] = {"region": "RU-KHM", "received_at": now - 30 * DAY}
    factories.organisation(connection, "roads", region="RU-KHM", names={"ru": "Дороги"})
    factories.appeal(connection, number="FINE", **{**ours, "received_at": now - DAY}, deadline_at=now + 9 * DAY)
    factories.appeal(connection, number="RISK", **ours, deadline_at=now + DAY / 2)
    factories.appeal(connection, number="OVER", **ours, deadline_at=now - 3 * DAY / 2)
    factories.appeal(connection, number="LONG", **ours, deadline_at=now - 41 * DAY / 2)


def numbers(page: AppTest) -> list[str]:
    """The numbers in the list."""
    found: list[str] = page.dataframe[0].value["number"].tolist()
    return found


def official(**address: str) -> AppTest:
    return run_page("overdue", deep_link=False, **{"as": "official"}, **address)


@pytest.mark.usefixtures("appeals")
def test_the_tiles_and_the_list_say_what_is_late_longest_first() -> None:
    page = official()
    assert tile_values(page)["Overdue"] == "2"
    assert tile_values(page)["At risk"] == "1"
    assert numbers(page) == ["LONG", "OVER"]
    assert numbers(official(state="at_risk")) == ["RISK"]
    assert numbers(official(state="nonsense")) == ["LONG", "OVER"]


@pytest.mark.usefixtures("appeals")
def test_an_official_chooses_looks_does_it_and_takes_it_back(connection: Connection) -> None:
    page = official()
    page.button(key="chosen-all").click().run()
    assert page.button(key="overdue-do").label == "Reassign · 2"
    page.button(key="overdue-do").click().run()
    assert [one.value for one in page.error] == ["Say why: the reason stands in the history and in the audit."]
    page.text_area(key="overdue-reason").set_value(WHY)
    page.button(key="overdue-do").click().run()
    assert [one.value for one in page.success] == ["Reassigned: 2 appeals"]
    held = text(
        "SELECT DISTINCT code FROM appeal JOIN organisation AS o ON o.id = holder_id WHERE number IN ('OVER', 'LONG')"
    )
    assert connection.execute(held).scalars().all() == ["roads"]
    # Nothing is chosen any more.
    (undo,) = [one for one in page.button if one.label.startswith("Undo")]
    undo.click().run()
    assert [one.value for one in page.success] == ["Undone: 2 appeals"]
    assert connection.execute(held).scalars().all() == ["office"]
    page.button(key="overdue-read").click().run()
    assert ":gray[Choose appeals in the list to act on them.]" in [one.value for one in page.markdown]


@pytest.mark.usefixtures("appeals")
def test_the_choice_outlives_a_refresh_and_who_was_quicker_is_respected(connection: Connection) -> None:
    page = official()
    page.button(key="chosen-all").click().run()
    connection.execute(text("UPDATE appeal SET deadline_at = deadline_at - interval '30 days' WHERE number = 'OVER'"))
    page.run()
    # The list stands still, in its order; the version that was seen is the one that counts.
    assert numbers(page) == ["LONG", "OVER"]
    page.text_area(key="overdue-reason").set_value(WHY)
    page.button(key="overdue-do").click().run()
    assert [one.value for one in page.warning] == ["Reassigned: 1 appeal, 1 refused"]
    assert numbers(page) == ["OVER", "LONG"]


@pytest.mark.usefixtures("appeals")
def test_what_a_browser_still_says_of_the_list_before_takes_nothing_back() -> None:
    page = official()
    before = page.dataframe[0].proto.id
    page.button(key="chosen-all").click().run()
    # A refresh that was under way as the button was pressed: it comes after it, and knows of no choice.
    late = page._tree.get_widget_states()  # noqa: SLF001 -- no public way says something of a widget that is gone
    late.widgets.add(id=before, string_value='{"selection": {"rows": [], "columns": [], "cells": []}}')
    page._run(late)  # noqa: SLF001
    assert page.button(key="overdue-do").label == "Reassign · 2"


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(("role", "offered"), [("staff", ["note"]), ("administrator", [])])
def test_who_may_not_act_reads(role: str, offered: list[str]) -> None:
    page = run_page("overdue", deep_link=False, **{"as": role})
    assert numbers(page) == ["LONG", "OVER"]
    assert [one.key for one in page.button if str(one.key).startswith("chosen")] == (
        ["chosen-first", "chosen-all", "chosen-none"] if offered else []
    )
    if offered:
        page.button(key="chosen-all").click().run()
        assert page.button(key="overdue-do").label == "Add a note · 2"


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_panel_speaks_the_language(language: str) -> None:
    page = official(lang=language)
    said = {"en": "overdue by 20 days", "ru": "просрочено на 20 дней", "hr": "kasni 20 dana"}
    assert page.dataframe[0].value["time"].iloc[0] == said[language]
    titles = {"en": "Who has room", "ru": "У кого есть запас", "hr": "Tko ima mjesta"}
    assert titles[language] in panel_titles(page)


def test_an_administrator_allows_what_was_asked_for(connection: Connection) -> None:
    key = factories.appeal(connection, number="CAPPED")
    who = "SELECT id FROM person WHERE issuer = 'demo' AND subject = 'official'"
    connection.execute(
        text(f"""INSERT INTO operation (key, person_id, actor, kind, fields, reason, request)
            VALUES (gen_random_uuid(), ({who}), 'Anna', 'reassign', '{{"holder": "roads"}}', 'Once more', '')""")
    )
    connection.execute(
        text("""INSERT INTO operation_row (operation, region_id, appeal_id, number, refused, before)
            SELECT key, :region_id, :id, 'CAPPED', 'cap', jsonb_build_object('holder_id', holder_id)
            FROM operation, appeal"""),
        key._asdict(),
    )
    page = run_page("overdue", deep_link=False, **{"as": "administrator"})
    page.text_area(key="transfer-reason").set_value("They agreed")
    page.button(key="transfer-allow").click().run()
    assert connection.scalar(text("SELECT reason FROM transfer_allowed")) == "They agreed"
    nobody = ":gray[Nobody has asked for another transfer.]"
    wait_for(lambda: nobody in [one.value for one in page.run().markdown], "word of the change")
