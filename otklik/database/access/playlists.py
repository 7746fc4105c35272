"""Playlists of wall screens: the scenes that they show in turn."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from otklik.database.refusal import translate_refusals
from otklik.database.transactions import query_dataframe, write_transaction

WALL_SCENE = "wall"
"""The scene that is the wall; the others are pages by their ids."""


@dataclass(frozen=True)
class Scene:
    """A page (its id) or the wall, with the query of its address, and for how many seconds it is shown."""

    page: str
    query: str
    seconds: int


@dataclass(frozen=True)
class Playlist:
    """Scenes in their order. `is_jumping`: a scene comes at once when a figure of its wall crosses "act"."""

    name: str
    scenes: tuple[Scene, ...]
    is_jumping: bool = True


def playlist_from_row(name: str, scenes: Sequence[Mapping[str, Any]], *, is_jumping: bool) -> Playlist:
    """The playlist of the columns of a row."""
    return Playlist(
        name,
        tuple(Scene(str(scene["page"]), str(scene["query"]), int(scene["seconds"])) for scene in scenes),
        is_jumping,
    )


def all_playlists() -> pd.DataFrame:
    """One row a playlist, by name: id, name, scenes (a list of dicts), is_jumping, changed_at, devices (how many).

    Empty for a viewer without the right `screens`.
    """
    return query_dataframe(
        text("""SELECT id, name, scenes, is_jumping, changed_at, (
                SELECT count(*) FROM device WHERE playlist_id = playlist.id AND revoked_at IS NULL
            ) AS devices
            FROM playlist ORDER BY replace(lower(name), 'ё', 'е'), id""")
    )


def save_playlist(playlist_id: int | None, seen_at: datetime | None, playlist: Playlist, reason: str = "") -> int:
    """Add a playlist (None) or change the one that was last changed at `seen_at`, in the viewer's name; returns its id.

    Raises DatabaseRefusal.
    """
    values = {
        "playlist": playlist_id,
        "seen_at": seen_at,
        "name": playlist.name,
        "scenes": [asdict(scene) for scene in playlist.scenes],
        "jumps": playlist.is_jumping,
        "reason": reason,
    }
    statement = text("SELECT save_playlist(:playlist, :seen_at, :name, :scenes, :jumps, :reason)").bindparams(
        bindparam("scenes", type_=JSONB)
    )
    with translate_refusals(), write_transaction() as connection:
        return int(connection.execute(statement, values).scalar_one())


def delete_playlist(playlist_id: int, reason: str = "") -> None:
    """Remove a playlist that no device plays, in the viewer's name. Raises DatabaseRefusal."""
    with translate_refusals(), write_transaction() as connection:
        connection.execute(
            text("SELECT delete_playlist(:playlist, :reason)"), {"playlist": playlist_id, "reason": reason}
        )
