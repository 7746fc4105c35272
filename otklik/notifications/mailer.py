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

from otklik.notifications.mail_settings import MailSettings

SMTP_TIMEOUT_SECONDS = 20
"""Seconds that a mail server may take for an answer."""
MAX_NAMED_APPEALS = 10
"""So many appeals are named for each step; the others are counted."""

RECIPIENTS_SQL: LiteralString = """
    SELECT person.id, email, coalesce(tries, 0) AS tries FROM person LEFT JOIN digest ON person_id = person.id
    WHERE is_active AND email IS NOT NULL
        AND (sent_at IS NULL OR sent_at <= now() - %(every)s)
        AND (tries = 0 OR tries IS NULL OR tried_at <= now() - least(interval '1 minute' * 2 ^ tries, '1 hour'))
        AND EXISTS (
            SELECT FROM notice AS n WHERE n.person_id = person.id AND read_at IS NULL AND mailed_at IS NULL
                AND shown_at > now() - interval '1 day' AND shown_at <= now())
    ORDER BY tries NULLS FIRST, person.id LIMIT 20"""
"""Whom to write to: not what they have read, not what is older than a day."""
UNREAD_NOTICES_SQL: LiteralString = """
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
RECORD_SENT_SQL: LiteralString = """
    WITH mailed AS (UPDATE notice SET mailed_at = now() WHERE id = ANY (%(ids)s))
    INSERT INTO digest (person_id, sent_at) VALUES (%(id)s, now())
    ON CONFLICT (person_id) DO UPDATE SET sent_at = now(), tries = 0, tried_at = NULL, error = NULL"""
RECORD_FAILED_SQL: LiteralString = """
    INSERT INTO digest (person_id, tries, tried_at, error) VALUES (%(id)s, 1, now(), %(error)s)
    ON CONFLICT (person_id) DO UPDATE SET tries = least(digest.tries + 1, 20), tried_at = now(), error = %(error)s"""


@dataclass(frozen=True)
class NoticeGroup:
    """Appeals at one step: how many, and the address of the first ones by their number."""

    moment: str
    after: timedelta
    appeals: int
    urls: Mapping[str, str]


DigestText = tuple[str, str]
"""Subject and text."""


class Mailer:
    """The launcher's job: looks every half minute whom to write to."""

    PAUSE_SECONDS = 30.0

    def __init__(
        self, mail_settings: MailSettings, format_digest: Callable[[Sequence[NoticeGroup], str], DigestText]
    ) -> None:
        """`write` puts groups into the words of a language."""
        self._mail_settings, self._format_digest, self._next_run = mail_settings, format_digest, 0.0

    def __call__(self, database_url: str) -> None:
        """Send what is due."""
        if time.monotonic() >= self._next_run:
            self._next_run = time.monotonic() + self.PAUSE_SECONDS
            send_digests(database_url, self._mail_settings, self._format_digest)


def send_digests(
    database_url: str, mail_settings: MailSettings, format_digest: Callable[[Sequence[NoticeGroup], str], DigestText]
) -> int:
    """Send a digest to each person who is due for one; how many were taken by the server.

    What failed is tried again after a while, longer each time; one process at a time sends.
    """
    sent_count = 0
    with psycopg.connect(database_url, autocommit=True, row_factory=dict_row) as connection:
        lock = connection.execute("SELECT pg_try_advisory_lock(hashtext('otklik mail')) AS mine").fetchone()
        people = (
            connection.execute(RECIPIENTS_SQL, {"every": mail_settings.interval}).fetchall()
            if lock and lock["mine"]
            else []
        )
        for person in people:
            notices = connection.execute(UNREAD_NOTICES_SQL, person).fetchall()
            if not notices:
                continue
            try:
                message = _email_message(mail_settings, person["email"], notices, format_digest)
                with _smtp_connection(mail_settings) as smtp:
                    smtp.send_message(message)
            except (smtplib.SMTPException, OSError, ValueError) as error:
                connection.execute(RECORD_FAILED_SQL, {**person, "error": type(error).__name__})
                if not isinstance(error, smtplib.SMTPRecipientsRefused | ValueError):
                    break  # the server itself ails: the others wait for the next round
            else:
                connection.execute(RECORD_SENT_SQL, {**person, "ids": [notice["id"] for notice in notices]})
                sent_count += 1
        # At once: the server itself would let go of it some time after the connection is closed.
        connection.execute("SELECT pg_advisory_unlock_all()")
    return sent_count


@contextmanager
def _smtp_connection(mail_settings: MailSettings) -> Iterator[smtplib.SMTP]:
    tls_context = ssl.create_default_context()
    if mail_settings.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            mail_settings.host, mail_settings.port, timeout=SMTP_TIMEOUT_SECONDS, context=tls_context
        )
    else:
        smtp = smtplib.SMTP(mail_settings.host, mail_settings.port, timeout=SMTP_TIMEOUT_SECONDS)
    with smtp:
        if mail_settings.scheme == "smtp":
            smtp.starttls(context=tls_context)
        if mail_settings.user:
            smtp.login(mail_settings.user, mail_settings.password)
        yield smtp


def _email_message(
    mail_settings: MailSettings,
    recipient: str,
    notices: Sequence[dict[str, Any]],
    format_digest: Callable[[Sequence[NoticeGroup], str], DigestText],
) -> EmailMessage:
    subject, body = format_digest(_notice_groups(mail_settings, notices), mail_settings.language)
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, mail_settings.sender, recipient
    message["Date"] = formatdate()
    message["Auto-Submitted"] = "auto-generated"
    # The same digest once more, when the database went away between sending and writing that down, has the same name.
    message_id = hashlib.sha256(repr([notice["id"] for notice in notices]).encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{message_id}@{mail_settings.sender.rpartition('@')[2].strip('>')}>"
    message.set_content(body)
    return message


def _notice_groups(mail_settings: MailSettings, notices: Sequence[dict[str, Any]]) -> list[NoticeGroup]:
    notices_by_step: dict[str, list[dict[str, Any]]] = {}
    for notice in notices:
        notices_by_step.setdefault(notice["step"], []).append(notice)
    return [
        NoticeGroup(
            step_notices[0]["moment"],
            step_notices[0]["after"],
            len(step_notices),
            {notice["number"]: _appeal_url(mail_settings, notice) for notice in step_notices[:MAX_NAMED_APPEALS]},
        )
        for step_notices in notices_by_step.values()
    ]


def _appeal_url(mail_settings: MailSettings, notice: dict[str, Any]) -> str:
    if not mail_settings.public_url:
        return ""
    return f"{mail_settings.public_url}/appeal?" + urlencode(
        {name: notice[name] for name in ("number", "source", "region")}
    )
