"""Digests of unread notices by e-mail: one a person, without personal data, sent again until the server takes it."""

import hashlib
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any, LiteralString
from urllib.parse import urlencode

import psycopg
from psycopg.rows import dict_row

from otklik.notifications.mail_settings import Post

PATIENCE = 20
"""Seconds that a mail server may take for an answer."""
LISTED = 10
"""So many appeals are named for each step; the others are counted."""

DUE: LiteralString = """
    SELECT person.id, email, coalesce(tries, 0) AS tries FROM person LEFT JOIN digest ON person_id = person.id
    WHERE is_active AND email IS NOT NULL
        AND (sent_at IS NULL OR sent_at <= now() - %(every)s)
        AND (tries = 0 OR tries IS NULL OR tried_at <= now() - least(interval '1 minute' * 2 ^ tries, '1 hour'))
        AND EXISTS (
            SELECT FROM notice AS n WHERE n.person_id = person.id AND read_at IS NULL AND mailed_at IS NULL
                AND shown_at > now() - interval '1 day' AND shown_at <= now())
    ORDER BY tries NULLS FIRST, person.id LIMIT 20"""
"""Whom to write to: not what they have read, not what is older than a day."""
LINES: LiteralString = """
    SELECT n.id, a.number, source.code AS source, region.code AS region, step.code AS step, step.moment, step.after
    FROM person
    JOIN notice AS n ON n.person_id = person.id AND read_at IS NULL AND mailed_at IS NULL
        AND shown_at > now() - interval '1 day' AND shown_at <= now()
    JOIN escalation_step AS step ON step.id = n.step_id
    JOIN appeal AS a ON a.region_id = n.region_id AND a.id = n.appeal_id AND a.closed_at IS NULL
        AND (everywhere OR a.region_id = ANY (sees) OR a.municipality_id = ANY (sees))
    JOIN source ON source.id = a.source_id
    JOIN territory AS region ON region.id = a.region_id
    WHERE person.id = %(id)s
    ORDER BY array_position(ARRAY['deadline', 'risk', 'transfer'], moment), step.after DESC, a.deadline_at, n.id"""
SENT: LiteralString = """
    WITH mailed AS (UPDATE notice SET mailed_at = now() WHERE id = ANY (%(ids)s))
    INSERT INTO digest (person_id, sent_at) VALUES (%(id)s, now())
    ON CONFLICT (person_id) DO UPDATE SET sent_at = now(), tries = 0, tried_at = NULL, error = NULL"""
FAILED: LiteralString = """
    INSERT INTO digest (person_id, tries, tried_at, error) VALUES (%(id)s, 1, now(), %(error)s)
    ON CONFLICT (person_id) DO UPDATE SET tries = least(digest.tries + 1, 20), tried_at = now(), error = %(error)s"""


@dataclass(frozen=True)
class Group:
    """Appeals at one step: how many, and the address of the first ones by their number."""

    moment: str
    after: timedelta
    appeals: int
    addresses: Mapping[str, str]


Written = tuple[str, str]
"""Subject and text."""


class Mailer:
    """The launcher's job: looks every half minute whom to write to."""

    PAUSE = 30.0

    def __init__(self, server: Post, write: Callable[[Sequence[Group], str], Written]) -> None:
        """`write` puts groups into the words of a language."""
        self._post, self._write, self._next = server, write, 0.0

    def __call__(self, address: str) -> None:
        """Send what is due."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self.PAUSE
            send(address, self._post, self._write)


def send(address: str, server: Post, write: Callable[[Sequence[Group], str], Written]) -> int:
    """Send a digest to each person who is due for one; how many were taken by the server.

    What failed is tried again after a while, longer each time; one process at a time sends.
    """
    sent = 0
    with psycopg.connect(address, autocommit=True, row_factory=dict_row) as connection:
        lock = connection.execute("SELECT pg_try_advisory_lock(hashtext('otklik mail')) AS mine").fetchone()
        people = connection.execute(DUE, {"every": server.every}).fetchall() if lock and lock["mine"] else []
        for person in people:
            lines = connection.execute(LINES, person).fetchall()
            if not lines:
                continue
            try:
                message = _message(server, person["email"], lines, write)
                with _server(server) as smtp:
                    smtp.send_message(message)
            except (smtplib.SMTPException, OSError, ValueError) as error:
                connection.execute(FAILED, {**person, "error": type(error).__name__})
                if not isinstance(error, smtplib.SMTPRecipientsRefused | ValueError):
                    break  # the server itself ails: the others wait for the next round
            else:
                connection.execute(SENT, {**person, "ids": [line["id"] for line in lines]})
                sent += 1
        # At once: the server itself would let go of it some time after the connection is closed.
        connection.execute("SELECT pg_advisory_unlock_all()")
    return sent


@contextmanager
def _server(server: Post) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    with smtp:
        if server.scheme == "smtp":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp


def _message(
    server: Post, to: str, lines: Sequence[dict[str, Any]], write: Callable[[Sequence[Group], str], Written]
) -> EmailMessage:
    subject, body = write(_groups(server, lines), server.language)
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, server.sender, to
    message["Date"] = formatdate()
    message["Auto-Submitted"] = "auto-generated"
    # The same digest once more, when the database went away between sending and writing that down, has the same name.
    name = hashlib.sha256(repr([line["id"] for line in lines]).encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{name}@{server.sender.rpartition('@')[2].strip('>')}>"
    message.set_content(body)
    return message


def _groups(server: Post, lines: Sequence[dict[str, Any]]) -> list[Group]:
    steps: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        steps.setdefault(line["step"], []).append(line)
    return [
        Group(
            of[0]["moment"],
            of[0]["after"],
            len(of),
            {line["number"]: _address(server, line) for line in of[:LISTED]},
        )
        for of in steps.values()
    ]


def _address(server: Post, line: dict[str, Any]) -> str:
    if not server.screens:
        return ""
    return f"{server.screens}/appeal?" + urlencode({name: line[name] for name in ("number", "source", "region")})
