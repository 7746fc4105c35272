"""The page of wall screens: enrolling and commanding them, their playlists, and thresholds of the wall."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from components.admin.devices import device_state
from components.admin.playlists import scene_rows, scenes_of
from components.layout.auto_refresh import DRAWN_STATES, SUBSCRIPTION_KEY
from components.wall.screen_page import screen_build_id
from otklik.database.access import devices, people, playlists
from otklik.database.access.devices import DeviceReport
from otklik.database.access.playlists import Playlist, Scene
from otklik.errors import DatabaseRefusal
from otklik.i18n import LANGUAGES
from queries import screens
from queries.wall.current_thresholds import current_thresholds
from tests.support import factories
from tests.support.screens.app_pages import panel_titles, run_page
from tests.support.screens.tables import displayed
from tests.support.waiting import wait_for

NOW = datetime.now(UTC)
SCENES = (Scene("wall", "territory=XA", 30), Scene("overview", "period=7d&territory=XB", 20))


@pytest.fixture
def hall(connection: Connection) -> int:
    """The person of a wall screen, beside the four people of the demo; two regions."""
    factories.territory(connection, "XA")
    factories.territory(connection, "XB")
    return people.save_person_as_owner(connection, None, {"name": "Hall", "role": "screen", "everywhere": True})


def open_page(**address: str) -> AppTest:
    return run_page("screens", deep_link=False, **{"as": "administrator", **address})


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [element for element in page.button if element.label == label]
    return button.click().run()


def recorded(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text("SELECT action, reason FROM audit ORDER BY id"))]


@pytest.mark.usefixtures("hall")
def test_a_device_is_enrolled_by_a_link_shown_once_and_revoked(connection: Connection) -> None:
    page = open_page()
    page.text_input(key="enrol-name").set_value("Left wall")
    page.text_input(key="enrol-reason").set_value("new wall")
    page = press(page, "Enrol the device")
    (code,) = page.code
    address, _mark, secret = code.value.partition("?device=")
    assert address.endswith("/screen")
    screen = devices.screen_of_token(secret)
    assert screen is not None
    assert screen.name == "Hall"
    page = page.run()
    assert not page.code  # shown once
    table = displayed(page.dataframe[0])
    assert table[["device", "screen", "state", "playlist"]].to_numpy().tolist() == [
        ["Left wall", "Hall", "▲ not connected", "the wall"]
    ]
    page.text_input(key="command-reason").set_value("stolen")
    page = press(page, "Revoke the device")
    assert [element.value for element in page.success] == ["The device is let in no more."]
    assert devices.screen_of_token(secret) is None
    assert recorded(connection) == [
        ("person added", None),
        ("device enrolled", "new wall"),
        ("device revoked", "stolen"),
    ]


def test_a_device_is_assigned_a_playlist_and_told_to_load_again(connection: Connection, hall: int) -> None:
    token = devices.enrol_device_as_owner(connection, hall, "left")
    number = playlists.save_playlist(None, None, Playlist("Morning", SCENES), "the hall")
    page = open_page()
    page.selectbox(key="command-playlist").set_value(number)
    page = press(page, "Assign the playlist")
    assert [element.value for element in page.error] == ["A reason is needed."]
    page.text_input(key="command-reason").set_value("mornings")
    page = press(page, "Assign the playlist")
    assignment = devices.assignment_of_token(token)
    assert assignment is not None
    assert assignment.playlist == Playlist("Morning", SCENES)
    assert assignment.reload_asked_at is None
    page.text_input(key="command-reason").set_value("stuck")
    press(page, "Load its page again")
    assignment = devices.assignment_of_token(token)
    assert assignment is not None
    assert assignment.reload_asked_at is not None
    assert recorded(connection)[-2:] == [("playlist assigned", "mornings"), ("screen reloaded", "stuck")]


def test_the_table_says_what_a_device_shows_and_follows_its_reports(connection: Connection, hall: int) -> None:
    devices.enrol_device_as_owner(connection, hall, "left")
    page = open_page()
    subscription = page.session_state[SUBSCRIPTION_KEY]
    state_now, drawn_state = page.session_state[DRAWN_STATES]["screens_card"]
    version = subscription.version
    device_id = int(screens.wall_screens()["id"].iloc[0])
    devices.report_devices([DeviceReport(device_id, NOW, NOW, screen_build_id(), "/wall?territory=XA")])
    wait_for(lambda: subscription.version > version, "word of the report")
    assert state_now() != drawn_state
    table = displayed(open_page().dataframe[0])
    assert table[["state", "version", "shows"]].to_numpy().tolist() == [
        ["● connected", "current", "/wall?territory=XA"]
    ]
    devices.report_devices([DeviceReport(device_id, NOW, NOW, "another", "/regions")])
    table = displayed(open_page().dataframe[0])
    assert table[["version", "shows"]].to_numpy().tolist() == [["older", "/regions"]]


@pytest.mark.parametrize(
    ("silence", "state"), [(44, "● connected"), (46, "▲ not connected"), (None, "○ never connected")]
)
def test_a_device_that_was_silent_for_long_is_not_connected(silence: int | None, state: str) -> None:
    seen_at = pd.NaT if silence is None else NOW - timedelta(seconds=silence)
    assert (
        device_state({"revoked_at": pd.NaT, "seen_at": seen_at, "connected_at": NOW - timedelta(days=1)}, NOW) == state
    )


def test_a_playlist_is_saved_changed_and_removed(connection: Connection) -> None:
    page = open_page()
    key = "playlist-new-0"
    page.text_input(key=f"{key}-name").set_value("Evening")
    page.text_input(key=f"{key}-reason").set_value("new")
    page = press(page, "Save the playlist")
    assert [element.value for element in page.success] == ["Saved: Evening."]
    (row,) = screens.all_playlists().to_dict("records")
    assert row["scenes"] == [{"page": "wall", "query": "", "seconds": 60}]
    page.selectbox(key="playlist-id").set_value(int(row["id"])).run()
    changed_at = row["changed_at"].timestamp()
    page.text_input(key=f"playlist-{row['id']}-{changed_at}-reason").set_value("over")
    page = press(page, "Remove the playlist")
    assert screens.all_playlists().empty
    assert recorded(connection) == [("playlist saved", "new"), ("playlist removed", "over")]


@pytest.mark.usefixtures("connection")
def test_what_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    number = playlists.save_playlist(None, None, Playlist("Morning", SCENES), "new")
    seen_at = screens.all_playlists()["changed_at"].iloc[0]
    playlists.save_playlist(number, seen_at, Playlist("Morning", SCENES[:1]), "shorter")
    with pytest.raises(DatabaseRefusal, match="Somebody has changed the playlist meanwhile"):
        playlists.save_playlist(number, seen_at, Playlist("Morning", SCENES[1:]), "other")


def test_a_playlist_that_a_screen_plays_is_not_removed(connection: Connection, hall: int) -> None:
    devices.enrol_device_as_owner(connection, hall, "left")
    number = playlists.save_playlist(None, None, Playlist("Morning", SCENES), "new")
    devices.assign_playlist(int(screens.wall_screens()["id"].iloc[0]), number, "mornings")
    with pytest.raises(DatabaseRefusal, match="Screens still play it"):
        playlists.delete_playlist(number, "over")


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(
    "scenes",
    [
        (),
        (Scene("wall", "", 4),),
        (Scene("wall", "", 3601),),
        (Scene("../x", "", 30),),
        (Scene("wall", "x" * 2001, 30),),
    ],
)
def test_a_playlist_without_scenes_or_with_impossible_ones_is_refused(scenes: tuple[Scene, ...]) -> None:
    with pytest.raises(DatabaseRefusal, match="A playlist has 1 to 50 scenes"):
        playlists.save_playlist(None, None, Playlist("Morning", scenes), "new")
    assert screens.all_playlists().empty


def test_scenes_come_back_from_the_editor_as_they_went_in() -> None:
    scenes = [
        {"page": "wall", "query": "", "seconds": 60},
        {"page": "overview", "query": "period=7d&territory=RU-KHM", "seconds": 20},
    ]
    rows = scene_rows(scenes)
    assert rows["territory"].tolist() == [None, "RU-KHM"]
    assert rows["filters"].tolist() == ["", "period=7d"]
    assert scenes_of(rows) == scenes


def test_a_pasted_address_loses_who_looks_and_keeps_what_is_seen() -> None:
    pasted = "https://otklik.example.org/regions?as=staff&device=secret&territory=XA&figure=overdue"
    rows = pd.DataFrame(
        [("regions", None, pasted, None), (None, None, None, 30), ("wall", "XB", "territory=XA&theme=light", 15)],
        columns=["page", "territory", "filters", "seconds"],
    )
    assert scenes_of(rows) == [
        {"page": "regions", "query": "territory=XA&figure=overdue", "seconds": 30},
        {"page": "wall", "query": "territory=XB&theme=light", "seconds": 15},
    ]


@pytest.mark.usefixtures("hall")
def test_thresholds_of_a_territory_are_set_and_removed(connection: Connection) -> None:
    before = current_thresholds().of("overdue", ("XA",))
    page = open_page()
    page.selectbox(key="threshold-territory").set_value("XA").run()
    form = f"threshold-overdue-XA-{before.watch}-{before.act}"
    page.number_input(key=f"{form}-watch").set_value(0.01)
    page.number_input(key=f"{form}-act").set_value(0.02)
    page.text_input(key=f"{form}-reason").set_value("a small region")
    page = press(page, "Set the thresholds")
    wait_for(lambda: current_thresholds().of("overdue", ("XA",)).act == 0.02, "the new threshold")
    assert current_thresholds().of("overdue", ("XB",)) == before
    page = open_page()
    page.selectbox(key="threshold-territory").set_value("XA").run()
    page.text_input(key="threshold-overdue-XA-0.01-0.02-reason").set_value("not small any more")
    press(page, "Remove what is set here")
    wait_for(lambda: current_thresholds().of("overdue", ("XA",)) == before, "the threshold of everywhere again")
    assert recorded(connection)[-2:] == [("threshold set", "a small region"), ("threshold set", "not small any more")]


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("levels", [(-0.1, 0.2), (0.3, 0.2), (0.1, float("inf"))])
def test_impossible_thresholds_are_refused(levels: tuple[float, float]) -> None:
    with pytest.raises(DatabaseRefusal, match="“Watch” is 0 or more"):
        screens.save_threshold("overdue", "", levels, "why not")


@pytest.mark.parametrize("role", ["staff", "manager", "official"])
@pytest.mark.parametrize("deep", [False, True])
def test_nobody_but_administrators_opens_the_page(role: str, deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    page = run_page("screens", deep_link=deep, **{"as": role})
    assert not page.dataframe
    assert not page.text_input


@pytest.mark.usefixtures("hall")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_in_the_language_of_the_url(language: str) -> None:
    titles = panel_titles(open_page(lang=language))
    assert len(set(titles)) == 5
    expected = {"en": "Playlists", "ru": "Плейлисты", "hr": "Popisi prikaza"}
    assert expected[language] in titles
