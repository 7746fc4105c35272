"""The page of data sources: their state, the runs of one, commands with their audit, and the bell."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from components.admin.data_sources import lag_text, reasons_text, source_state
from otklik.database.access import people, scope
from otklik.errors import DatabaseRefusal
from otklik.i18n import LANGUAGES
from otklik.notifications.notices import mark_as_read, unread_notices
from queries import data_sources
from tests.support.screens.app_pages import click_table_cell, panel_titles, run_page
from tests.support.screens.tables import displayed

NOW = datetime.now(UTC)
ERROR = "The folder /srv/parks can't be used (No such file or directory): expected one that Otklik may write to."


@pytest.fixture
def feeds(connection: Connection) -> Connection:
    """A data source that works, one that failed long ago, and one that is paused."""
    connection.execute(
        text("""INSERT INTO data_source (name, kind, mapping, options, run_every, is_paused, read_at, changed_at,
                failure_count, error, added_at)
            VALUES ('city', 'database', 'boston311', '{}', '30 s', false, now(), now(), 0, '', now() - interval '9 d'),
                ('parks', 'folder', 'boston311', '{}', '5 min', false, now() - interval '3 h', now() - interval '3 h',
                    4, :error, now() - interval '9 d'),
                ('old', 'folder', 'boston311', '{}', '1 h', true, NULL, NULL, 0, '', now() - interval '9 d')"""),
        {"error": ERROR},
    )
    connection.execute(
        text("""INSERT INTO data_source_run (data_source_id, started_at, ended_at, read_count, new_count, changed_count,
                rejected_count, reasons, error)
            SELECT id, now() - interval '1 h 12 s', now() - interval '1 h', 50, 30, 10, 3,
                '{"a duplicate number": 1, "an unknown value: “Lost”": 2}'::jsonb, ''
            FROM data_source WHERE name = 'city'
            UNION ALL SELECT id, now() - interval '2 d', now() - interval '2 d', 7, 7, 0, 0, '{}', ''
            FROM data_source WHERE name = 'city'
            UNION ALL SELECT id, now(), now(), 0, 0, 0, 0, '{}', :error FROM data_source WHERE name = 'parks'"""),
        {"error": ERROR},
    )
    return connection


def open_page(**address: str) -> AppTest:
    return run_page("sources", deep_link=False, **{"as": "administrator", **address})


def bell_label(page: AppTest) -> str:
    return str(page.get("popover")[0].proto.popover.label)


def press(page: AppTest, label: str, reason: str = "") -> AppTest:
    (box,) = [element for element in page.text_input if (element.key or "").endswith("-reason")]
    box.set_value(reason)
    (button,) = [element for element in page.button if element.label == label]
    return button.click().run()


@pytest.mark.usefixtures("feeds")
def test_the_page_shows_states_and_the_runs_of_one() -> None:
    page = open_page(source="city")
    table, runs = (displayed(frame) for frame in page.dataframe)
    assert list(table["source_name"]) == ["city", "old", "parks"]
    assert list(table["state"]) == ["● waiting", "○ paused", "▲ failed 4 times"]
    assert list(table["lag"]) == ["1 min", "", "3 hrs"]
    assert list(table["every"]) == ["30 s", "1 hr", "5 mins"]
    assert [next(iter(table[name])) for name in ("new", "changed", "rejected")] == ["30", "10", "3"]
    assert [bool(error) for error in table["error"]] == [False, False, True]
    assert list(runs["read"]) == ["50", "7"]
    assert list(runs["took"]) == ["12 s", "0 s"]
    assert [reasons[:20] for reasons in runs["reasons"]] == ["2 × an unknown value", ""]


@pytest.mark.usefixtures("feeds")
def test_a_click_on_a_name_shows_its_runs() -> None:
    page = open_page()
    assert page.selectbox(key="chosen-source").value == "city"
    click_table_cell(page, 0, 2, "source_name")
    assert page.query_params["source"] == "parks"
    assert [box.value for box in page.selectbox if box.label == "Data source"] == ["parks"]
    assert panel_titles(page)[-2:] == ["Runs of parks", "Imported files"]


def test_commands_are_carried_out_and_audited(feeds: Connection) -> None:
    page = open_page(source="parks")
    assert any("expected one that Otklik may write to" in element.value for element in page.markdown)
    page = press(page, "Run it now", "the folder is back")
    assert page.success[0].value.startswith("It runs within seconds")
    assert press(page, "Pause it", "").error[0].value == "A reason is needed."
    page = press(page, "Pause it", "being moved")
    assert page.success[0].value == "Paused: parks."
    page = press(page, "Let it go on", "moved")
    assert page.success[0].value == "Goes on: parks."
    rows = feeds.execute(text("SELECT action, object, reason FROM audit ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [
        ("data source run", "data-source parks", "the folder is back"),
        ("data source paused", "data-source parks", "being moved"),
        ("data source resumed", "data-source parks", "moved"),
    ]
    # A silence counts from when it goes on.
    assert feeds.scalar(text("SELECT now() - changed_at < interval '1 minute' FROM data_source WHERE name = 'parks'"))


@pytest.mark.usefixtures("connection")
def test_without_a_data_source_the_page_says_how_to_add_one() -> None:
    for language in LANGUAGES:
        page = open_page(lang=language, source="gone")
        assert any("otklik source add" in element.value for element in page.markdown)


def test_imported_files_are_listed_newest_first(connection: Connection) -> None:
    connection.execute(
        text("""WITH city AS (INSERT INTO source (code, name, names)
                VALUES ('city', 'City', '{"ru": "Город"}') RETURNING id)
            INSERT INTO file_import (source_id, file, mapping, data_source, imported_at, new_count, changed_count,
                unchanged_count, rejected_count, new_ids, undone_at, removed_count)
            SELECT id, file, 'boston311', feed, now() - age, 1200, 3, 4, 5, '{}', undone_at, removed
            FROM city, (VALUES ('a<b>.csv', 'parks', interval '1 h', NULL::timestamptz, NULL::integer),
                ('wrong.csv', '', interval '1 d', now(), 1199)) AS files (file, feed, age, undone_at, removed)""")
    )
    (table,) = (displayed(frame) for frame in open_page(lang="ru").dataframe)
    assert list(table["file"]) == ["a<b>.csv", "wrong.csv"]
    assert list(table["system"]) == ["Город", "Город"]
    assert list(table["brought_by"]) == ["parks", "вручную"]
    assert list(table["new"]) == ["1\xa0200"] * 2
    assert list(table["undone"]) == ["", "удалено 1\xa0199 обращений"]


def test_others_see_and_command_nothing(feeds: Connection) -> None:
    source_id = feeds.scalar(text("SELECT id FROM data_source WHERE name = 'parks'"))
    assert source_id
    for role in ("staff", "manager", "official"):
        person = people.person_of_sign_in(people.DEMO_ISSUER, role)
        assert person
        with scope.acting_as(person.scope):
            assert data_sources.all_data_sources().empty
            assert data_sources.recorded_runs(source_id).empty
            assert unread_notices(NOW).sources == ()
            assert mark_as_read() == 0
            with pytest.raises(DatabaseRefusal):
                data_sources.run_data_source(source_id, "mine")
            with pytest.raises(DatabaseRefusal):
                data_sources.pause_data_source(source_id, pauses=True, reason="mine")
    with pytest.raises(DatabaseRefusal):
        data_sources.run_data_source(0, "none")


def test_the_bell_tells_administrators_of_a_silence_once(feeds: Connection) -> None:
    page = run_page("queue", deep_link=False, **{"as": "administrator", "lang": "en"})
    assert bell_label(page) == "1 notice"
    (link,) = [link.proto for link in page.get("page_link") if "can't be read since" in link.proto.label]
    assert "source=parks" in link.query_string
    (key,) = [key for button in page.button if (key := button.key or "").startswith("source-notice-")]
    page.button(key=key).click().run()
    assert bell_label(page) == "No notices"
    # Another silence is another notice, which goes with all others.
    feeds.execute(text("UPDATE data_source SET changed_at = now() - interval '25 h' WHERE name = 'city'"))
    assert [(notice.name, notice.is_unreadable) for notice in unread_notices(NOW).sources] == [("city", False)]
    assert (mark_as_read(), unread_notices(NOW).sources) == (1, ())


def test_states_and_reasons_in_words() -> None:
    source = {"is_paused": False, "failure_count": 0, "is_silent": True, "running_since": None, "read_at": None}
    assert source_state(source) == "▲ silent"
    assert source_state({**source, "is_silent": False, "kind": "folder"}) == "● not read yet"
    assert source_state({**source, "is_silent": False, "kind": "push"}) == "● waiting"
    assert source_state({**source, "is_silent": False, "running_since": NOW}) == "● running"
    assert lag_text({"read_at": NOW - timedelta(hours=50), "as_of": NOW}) == "2 days"
    assert reasons_text({"a duplicate number": 1, "no status": 2}) == "2 × no status; 1 × a duplicate number"
