"""The queue's page shows what is open in the database, from `app.py` and by a deep link."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from otklik.i18n import LANGUAGES
from tests.support import factories
from tests.support.screens.app_pages import panel_titles, run_page, tile_values
from tests.support.screens.tables import displayed, report_selection
from tests.support.waiting import wait_for

DAY = timedelta(days=1)
NOTHING = ":gray[Nothing is open with these filters.]"


@pytest.fixture
def appeals(connection: Connection) -> None:
    """One within its time with a point, one at risk, two overdue of which one is somebody else's."""
    now = datetime.now(UTC)
    factories.appeal(
        connection, number="FINE", received_at=now - DAY, deadline_at=now + 19 * DAY / 2, lon=69.0, lat=61.0
    )
    factories.appeal(connection, number="RISK", received_at=now - 9 * DAY, deadline_at=now + 25 * DAY / 48)
    factories.appeal(connection, number="OVER", received_at=now - 9 * DAY, deadline_at=now - 3 * DAY / 2, holder="city")
    factories.appeal(connection, number="LONG", received_at=now - 30 * DAY, deadline_at=now - 41 * DAY / 2)


@pytest.mark.usefixtures("appeals")
def test_tiles_and_list_say_what_is_open_and_for_how_long() -> None:
    for deep_link in (False, True):
        page = run_page("queue", deep_link=deep_link)
        shown_tiles = tile_values(page)
        assert list(shown_tiles) == ["Open", "Overdue", "At risk", "On track", "Overdue share", "Oldest open"]
        assert list(shown_tiles.values()) == ["4", "2", "1", "1", ":gray[15–85%]", "30.0 d"]
        # By deadline.
        assert shown(page)[["number", "time"]].to_numpy().tolist() == [
            ["LONG", "▲ overdue by 20 days"],
            ["OVER", "▲ overdue by 1 day"],
            ["RISK", "◆ 12 hrs left"],
            ["FINE", "● 9 days left"],
        ]


def shown(page: AppTest) -> pd.DataFrame:
    """The list of open appeals."""
    return next(displayed(one) for one in page.dataframe if "time" in one.value)


def list_id(page: AppTest) -> str:
    """The id of the widget with the list of open appeals."""
    widget_id: str = next(table.proto.id for table in page.dataframe if "time" in table.value)
    return widget_id


def numbers(**address: str) -> list[str]:
    """What is listed at an address."""
    return shown(run_page("queue", deep_link=False, **address))["number"].tolist()


@pytest.mark.usefixtures("appeals")
def test_the_address_says_what_is_listed_and_in_which_order() -> None:
    cases: list[tuple[dict[str, str], list[str]]] = [
        ({"state": "overdue"}, ["LONG", "OVER"]),
        ({"state": "overdue", "sort": "deadline_last"}, ["OVER", "LONG"]),
        ({"age": "7"}, ["LONG", "OVER", "RISK"]),
        ({"sort": "newest"}, ["FINE", "OVER", "RISK", "LONG"]),
        ({"q": "lon"}, ["LONG"]),
        (
            {"state": "nonsense", "sort": "nonsense", "age": "x", "after": "nonsense~1~2"},
            ["LONG", "OVER", "RISK", "FINE"],
        ),
    ]
    for address, expected_numbers in cases:
        assert numbers(**address) == expected_numbers, address


@pytest.mark.usefixtures("appeals")
def test_heads_order_the_whole_list_in_the_address_and_keep_the_selection() -> None:
    page = run_page("queue")
    report_selection(page, list_id(page), rows=[1])
    for sort, first in (("number", "FINE"), ("number_last", "RISK"), ("number", "FINE")):
        report_selection(page, list_id(page), columns=["number"])
        assert page.query_params["sort"] == sort
        assert shown(page)["number"].iloc[0] == first
        assert next(box for box in page.selectbox if str(box.key).startswith("list-sort")).value == sort
    report_selection(page, list_id(page), columns=["time"])
    assert "sort" not in page.query_params
    assert "Chosen: **1**" in [element.value for element in page.markdown]


def test_the_first_and_all_that_match_are_chosen_as_the_list_is_ordered(connection: Connection) -> None:
    now = datetime.now(UTC)
    for n in range(70):
        factories.appeal(connection, number=f"N{n:03}", received_at=now - DAY, deadline_at=now + DAY + n * DAY / 24)
    page = run_page("queue", sort="deadline_last")
    page.number_input(key="open-many").set_value(60).run()
    page.button(key="open-first").click().run()
    assert "Chosen: **60**" in [element.value for element in page.markdown]
    page.button(key="turn-after").click().run()
    selected = page.session_state["queue-standing"].selected
    assert [key in selected for key in page.session_state["queue-standing"].keys] == 10 * [True] + 10 * [False]
    assert page.button(key="open-all").label == "Choose all that match (70)"
    page.button(key="open-all").click().run()
    assert "Chosen: **70**" in [element.value for element in page.markdown]


def test_pages_are_turned_and_stand_in_the_address(connection: Connection) -> None:
    now = datetime.now(UTC)
    for n in range(120):
        factories.appeal(connection, number=f"N{n:03}", received_at=now - DAY, deadline_at=now + DAY + n * DAY / 24)
    page = run_page("queue")
    assert shown(page)["number"].tolist() == [f"N{n:03}" for n in range(50)]
    page.button(key="turn-after").click().run()
    assert shown(page)["number"].tolist() == [f"N{n:03}" for n in range(50, 100)]
    address = page.query_params["after"]
    page.button(key="turn-after").click().run()
    assert shown(page)["number"].tolist() == [f"N{n:03}" for n in range(100, 120)]
    assert page.button(key="turn-after").proto.disabled
    page.button(key="turn-before").click().run()
    assert shown(page)["number"].tolist() == [f"N{n:03}" for n in range(50, 100)]
    assert numbers(after=str(address)) == [f"N{n:03}" for n in range(50, 100)]
    page.button(key="turn-first").click().run()
    assert shown(page)["number"].iloc[0] == "N000"
    assert page.button(key="turn-before").proto.disabled


@pytest.mark.usefixtures("appeals")
def test_new_appeals_wait_until_the_reader_wants_them_and_changes_show_in_place(connection: Connection) -> None:
    page = run_page("queue")
    now = datetime.now(UTC)
    factories.appeal(connection, number="NEW", received_at=now, deadline_at=now - 9 * DAY)
    connection.execute(
        text(
            "UPDATE appeal SET closed_at = now(), status_id = status.id FROM status"
            " WHERE status.code = 'answered' AND number = 'OVER'"
        )
    )
    # The two changes are two transactions: the page may hear of the first before the second is made.
    label = "**1 new · 1 no longer here** — Show the list as it is now"
    wait_for(lambda: page.run() and label in [button.label for button in page.button], "both changes")
    assert shown(page)[["number", "time"]].to_numpy().tolist()[:2] == [
        ["LONG", "▲ overdue by 20 days"],
        ["OVER", "✓ closed"],
    ]
    page.button(key="renew").click().run()
    assert shown(page)["number"].tolist() == ["LONG", "NEW", "RISK", "FINE"]
    assert not [one for one in page.button if one.key == "renew"]


def test_what_is_chosen_stands_in_the_address_and_can_be_acted_upon(connection: Connection) -> None:
    key = factories.appeal(connection, number="ONE", deadline_at=datetime.now(UTC) + DAY)
    page = run_page("queue", selected=f"{key.region_id}-{key.id},9-9,x-1,")
    assert "Chosen: **1**" in [one.value for one in page.markdown]
    page.button(key="choose-nothing").click().run()
    assert "selected" not in page.query_params
    assert "Chosen: **1**" not in [one.value for one in page.markdown]


@pytest.mark.usefixtures("appeals")
def test_a_closed_appeal_is_found_by_its_number_beside_the_list(connection: Connection) -> None:
    factories.appeal(connection, number="GONE", closed_at=datetime.now(UTC), received_at=datetime.now(UTC) - DAY)
    page = run_page("queue", q="GONE")
    assert "A closed appeal has this number: GONE" in [one.label for one in page.button]


@pytest.mark.usefixtures("appeals")
def test_a_view_is_saved_picked_renamed_and_deleted() -> None:
    page = run_page("queue", state="overdue", organisation="city")
    next(one for one in page.text_input if one.label == "Name of the view").input("City, late")
    next(one for one in page.button if one.label == "Save this view").click().run()
    other = run_page("queue", sort="newest", after="infinity~1~1")
    next(one for one in other.button if one.label == "City, late").click().run()
    assert shown(other)["number"].tolist() == ["OVER"]
    assert dict(other.query_params) == {"state": "overdue", "organisation": "city"}
    other.text_input(key="view-name").input("**Late**")
    other.button(key="view-rename").click().run()
    (label,) = [one.label for one in other.button if "Late" in one.label]
    assert label == "\\*\\*Late\\*\\*"
    other.button(key="view-delete").click().run()
    assert not [one for one in other.button if "Late" in one.label]


@pytest.mark.usefixtures("appeals")
def test_a_filter_in_the_address_narrows_every_panel() -> None:
    page = run_page("queue", organisation="city")
    assert tile_values(page)["Open"] == "1"
    assert shown(page)["number"].tolist() == ["OVER"]


@pytest.mark.usefixtures("appeals")
def test_every_panel_speaks_the_language_of_the_address() -> None:
    expected_times = {"en": "▲ overdue by 20 days", "ru": "▲ просрочено на 20 дней", "hr": "▲ prekoračen za 20 dana"}
    for language in LANGUAGES:
        page = run_page("queue", lang=language)
        assert len(set(panel_titles(page))) == 8, language
        assert shown(page)["time"].iloc[0] == expected_times[language]


@pytest.mark.usefixtures("appeals")
def test_everybody_but_a_wall_screen_may_see_the_queue() -> None:
    for person in ("staff", "manager", "official", "administrator"):
        page = run_page("queue", deep_link=False, **{"as": person})
        assert not page.error, person
        assert "Open" in tile_values(page), person


def test_a_wall_screen_is_told_that_the_queue_is_not_for_it(connection: Connection) -> None:
    connection.execute(text("UPDATE person SET role = 'screen' WHERE subject = 'manager'"))
    try:
        page = run_page("queue", deep_link=False, **{"as": "manager"})
    finally:
        connection.execute(text("UPDATE person SET role = 'manager' WHERE subject = 'manager'"))
    assert not page.metric
    assert not page.dataframe


@pytest.mark.usefixtures("connection")
def test_an_empty_queue_is_said_in_words() -> None:
    page = run_page("queue")
    said = [one.value for one in page.markdown]
    assert said.count(NOTHING) == 4
    assert ":gray[There is no open appeal in this list.]" in said
    assert not page.dataframe
