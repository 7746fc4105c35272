"""What a screen is to play: the playlist of its device, or of its address, as its browser plays it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from components.text.escape import clean_line
from components.wall.page import THEMES
from otklik.access.request_identity import Credentials
from otklik.database.access import devices, playlists
from otklik.database.access.people import Person
from otklik.database.access.playlists import WALL_SCENE, Playlist, Scene, playlist_from_row
from otklik.database.access.scope import acting_as
from otklik.pages import PAGES

DEFAULT_PLAYLIST = Playlist("", (Scene(WALL_SCENE, "", 60),))
"""Of a screen that has none: the wall of its territories."""
PASSED_ON = ("lang", "theme", "as")
"""What the scenes take over from the address of the screen, unless they say otherwise themselves."""


@dataclass(frozen=True)
class ScreenAssignment:
    """What a screen is to play; for an enrolled device its id, and when it was last asked to load again."""

    playlist: Playlist
    device_id: int | None = None
    reload_asked_at: datetime | None = None


async def read_assignment(
    credentials: Credentials, person: Person, *, by_device: bool, query_params: Mapping[str, str]
) -> ScreenAssignment | None:
    """The assignment of a device, or the playlist whose number the address of anybody else names; None if revoked.

    Raises DatabaseUnavailable, QueryTimeout, ScopeChanged.
    """
    if by_device:
        assignment = await asyncio.to_thread(devices.assignment_of_token, credentials.device_token)
        if assignment is None:
            return None
        playlist = _openable(assignment.playlist) or DEFAULT_PLAYLIST
        return ScreenAssignment(playlist, assignment.device_id, assignment.reload_asked_at)
    number = query_params.get("playlist", "")
    named = await asyncio.to_thread(_playlist_of_number, person, int(number)) if number.isdecimal() else None
    return ScreenAssignment(_openable(named) or DEFAULT_PLAYLIST)


def _playlist_of_number(person: Person, number: int) -> Playlist | None:
    with acting_as(person.scope):
        rows = playlists.all_playlists()
    for row in rows[rows["id"] == number].to_dict("records"):
        return playlist_from_row(row["name"], row["scenes"], is_jumping=row["is_jumping"])
    return None


def _openable(playlist: Playlist | None) -> Playlist | None:
    """The playlist without pages that there no longer are; None if nothing is left."""
    scenes = tuple(scene for scene in playlist.scenes if scene.page in SCENE_PAGES) if playlist else ()
    return Playlist(playlist.name, scenes, playlist.is_jumping) if playlist and scenes else None


SCENE_PAGES = frozenset({WALL_SCENE, *(page.id for page in PAGES.values() if "screen" in page.roles)})


def scene_params(scene: Scene, screen_params: Mapping[str, str]) -> dict[str, str]:
    """The query of a scene's address on a screen with this query."""
    passed_on = {name: screen_params[name] for name in PASSED_ON if screen_params.get(name)}
    return passed_on | dict(parse_qsl(scene.query))


def scene_url(scene: Scene, screen_params: Mapping[str, str]) -> str:
    """The path and query of a scene; a page is without its frame."""
    params = scene_params(scene, screen_params)
    if scene.page != WALL_SCENE:
        theme = params.pop("theme", "")
        # Streamlit's names: without its frame, and in these colours whatever the browser prefers.
        params["embed"] = "true"
        params["embed_options"] = f"{theme if theme in THEMES else THEMES[0]}_theme"
    return f"/{scene.page}?{urlencode(params)}"


def playlist_message(playlist: Playlist, screen_params: Mapping[str, str]) -> dict[str, object]:
    """The playlist as the screen's browser plays it."""
    scenes = [{"url": scene_url(scene, screen_params), "seconds": scene.seconds} for scene in playlist.scenes]
    return {"playlist": {"name": clean_line(playlist.name), "scenes": scenes}}
