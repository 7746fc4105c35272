"""Wall screens that sign in by a link of their own; the database keeps only the hash of its secret."""

import hashlib
import secrets

import pandas as pd
from sqlalchemy import Connection, text

from otklik.database.access.people import Person, person_from_row
from otklik.database.access.scope import acting_as
from otklik.database.refusal import translate_refusals
from otklik.database.transactions import query_dataframe, write_transaction


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


def all_devices() -> pd.DataFrame:
    """One row a device, newest first: id, name, screen (the person's name), enrolled_at, revoked_at, seen_at.

    Empty for a viewer without the right `people`.
    """
    return query_dataframe(
        text("""SELECT device.id, device.name, person.name AS screen, enrolled_at, revoked_at, seen_at
            FROM device JOIN person ON person.id = person_id ORDER BY device.id DESC""")
    )


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
