"""Wall screens that sign in by a link of their own; the database keeps only the hash of its secret."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from otklik.database.access.people import Person, person_from_row
from otklik.database.access.playlists import Playlist, playlist_from_row
from otklik.database.access.scope import acting_as
from otklik.database.refusal import translate_refusals
from otklik.database.transactions import query_dataframe, read_transaction, write_transaction


def enrol_device(screen_id: int, name: str, reason: str = "") -> str:
    """Enrol a device in the viewer's name, to act as a person with the role screen; returns its secret.

    The secret can't be read again. Raises DatabaseRefusal.
    """
    token = secrets.token_urlsafe(32)
    with translate_refusals(), write_transaction() as connection:
        connection.execute(
            text("SELECT enrol_device(:screen, :name, :hash, :reason)"),
            {"screen": screen_id, "name": name, "hash": _token_hash(token), "reason": reason},
        )
    return token


def enrol_device_as_owner(connection: Connection, screen_id: int, name: str, reason: str = "") -> str:
    """Enrol a device on the owner's connection, for commands; returns its secret. Raises DatabaseRefusal."""
    token = secrets.token_urlsafe(32)
    with translate_refusals():
        connection.execute(
            text("""WITH made AS (
                    INSERT INTO device (token_hash, name, person_id) VALUES (:hash, :name, :screen)
                    RETURNING id, name, person_id
                )
                SELECT audit_append('device enrolled', 'device ' || made.id, :reason, NULL,
                    jsonb_build_object('name', made.name, 'screen', person.name))
                FROM made JOIN person ON person.id = person_id"""),
            {"screen": screen_id, "name": name, "hash": _token_hash(token), "reason": reason},
        )
    return token


def revoke_device_as_owner(connection: Connection, device_id: int, reason: str = "") -> bool:
    """Revoke a device on the owner's connection, for commands; False if there is none or it was revoked before."""
    result = connection.execute(
        text("""WITH ended AS (
                UPDATE device SET revoked_at = now() WHERE id = :device AND revoked_at IS NULL
                RETURNING id, name, person_id
            )
            SELECT audit_append('device revoked', 'device ' || ended.id, :reason,
                jsonb_build_object('name', ended.name, 'screen', person.name), NULL)
            FROM ended JOIN person ON person.id = person_id"""),
        {"device": device_id, "reason": reason},
    )
    return result.one_or_none() is not None


def revoke_device(device_id: int, reason: str = "") -> bool:
    """Revoke a device in the viewer's name; False if it was revoked before. Raises DatabaseRefusal."""
    with translate_refusals(), write_transaction() as connection:
        return bool(
            connection.scalar(text("SELECT revoke_device(:device, :reason)"), {"device": device_id, "reason": reason})
        )


def screen_of_token(token: str, client_address: str = "") -> Person | None:
    """The screen of a device's secret, or None. Ask at every script run; look at `is_active`."""
    with acting_as(None), write_transaction() as connection:
        row = connection.execute(
            text("SELECT * FROM person_of_device(:hash)"), {"hash": _token_hash(token)}
        ).one_or_none()
    return person_from_row(row, client_address) if row else None


@dataclass(frozen=True)
class Assignment:
    """What a device is to play, None for the wall of its territories, and when it was last asked to load again."""

    device_id: int
    playlist: Playlist | None
    reload_asked_at: datetime | None


def assignment_of_token(token: str) -> Assignment | None:
    """What the device of a secret is to play; None for one that is unknown or revoked."""
    with acting_as(None), read_transaction() as connection:
        row = connection.execute(
            text("SELECT * FROM assignment_of_device(:hash)"), {"hash": _token_hash(token)}
        ).one_or_none()
    if row is None:
        return None
    playlist = playlist_from_row(row.playlist, row.scenes, is_jumping=row.is_jumping) if row.scenes else None
    return Assignment(row.device_id, playlist, row.reload_asked_at)


@dataclass(frozen=True)
class DeviceReport:
    """What a connected device shows, as an address of this server, in which version of its page.

    It has been connected since `connected_at`; what it shows was last drawn again at `refreshed_at`.
    """

    device: int
    connected_at: datetime
    refreshed_at: datetime | None
    build: str
    shows: str


def report_devices(reports: Sequence[DeviceReport]) -> None:
    """Note what these devices show, and that they are connected now."""
    values = [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(report).items()}
        for report in reports
    ]
    statement = text("SELECT report_devices(:reports)").bindparams(bindparam("reports", type_=JSONB))
    with acting_as(None), write_transaction() as connection:
        connection.execute(statement, {"reports": values})


def assign_playlist(device_id: int, playlist_id: int | None, reason: str = "") -> None:
    """Have a device play a playlist, or the wall of its territories, in the viewer's name. Raises DatabaseRefusal."""
    values = {"device": device_id, "playlist": playlist_id, "reason": reason}
    with translate_refusals(), write_transaction() as connection:
        connection.execute(text("SELECT assign_playlist(:device, :playlist, :reason)"), values)


def reload_device(device_id: int, reason: str = "") -> None:
    """Have a device load its page again, in the viewer's name. Raises DatabaseRefusal."""
    with translate_refusals(), write_transaction() as connection:
        connection.execute(text("SELECT reload_device(:device, :reason)"), {"device": device_id, "reason": reason})


def all_devices() -> pd.DataFrame:
    """One row a device, newest first, the revoked ones last.

    Columns: id, name, screen (the person's name), playlist (its name, None for the wall of its territories),
    playlist_id, enrolled_at, revoked_at, seen_at; and of its last report connected_at, refreshed_at, build and shows.
    Empty for a viewer without the rights `screens` and `audit`.
    """
    return query_dataframe(
        text("""SELECT device.id, device.name, person.name AS screen, playlist.name AS playlist, playlist_id,
                enrolled_at, revoked_at, greatest(device.seen_at, report.seen_at) AS seen_at,
                report.connected_at, report.refreshed_at, report.build, report.shows
            FROM device JOIN person ON person.id = person_id
            LEFT JOIN playlist ON playlist.id = playlist_id
            LEFT JOIN device_report AS report ON report.device_id = device.id
            ORDER BY revoked_at IS NOT NULL, device.id DESC""")
    )


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
