"""Sends digests of unread notices by e-mail: one a person, without personal data, until the server takes it."""

import hashlib
import smtplib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate

import psycopg
from psycopg.rows import DictRow, dict_row

from otklik.notifications import digests
from otklik.notifications.mail_settings import MailSettings
from otklik.notifications.texts import digest_text

SMTP_TIMEOUT_SECONDS = 20


class Mailer:
    """A job of the launcher (otklik/launcher/maintenance.py): sends the digests that are due, every half minute."""

    PAUSE_SECONDS = 30.0

    def __init__(self, mail_settings: MailSettings) -> None:
        """Nothing is sent before the first call."""
        self._mail_settings, self._next_run = mail_settings, 0.0

    def __call__(self, database_url: str) -> None:
        """Send what is due, unless the last call is less than half a minute ago."""
        if time.monotonic() >= self._next_run:
            self._next_run = time.monotonic() + self.PAUSE_SECONDS
            send_digests(database_url, self._mail_settings)


def send_digests(database_url: str, mail_settings: MailSettings) -> int:
    """Send a digest to each person who is due for one; the number of digests that the mail server took.

    A failed one is tried again later (`otklik.notifications.digests.due_recipients`). One process at a time sends.
    """
    sent_count = 0
    with psycopg.connect(database_url, autocommit=True, row_factory=dict_row) as connection:
        people = digests.due_recipients(connection, mail_settings.interval) if digests.try_lock(connection) else []
        for person in people:
            notices = digests.unread_notices(connection, person["id"])
            if not notices:
                continue
            try:
                message = _email_message(mail_settings, person["email"], notices)
                with _smtp_connection(mail_settings) as smtp:
                    smtp.send_message(message)
            except (smtplib.SMTPException, OSError, ValueError) as error:
                digests.record_failed(connection, person["id"], type(error).__name__)
                if not isinstance(error, smtplib.SMTPRecipientsRefused | ValueError):
                    break  # the fault is the mail server's, not the recipient's: the others wait for the next round
            else:
                digests.record_sent(connection, person["id"], [notice["id"] for notice in notices])
                sent_count += 1
        # The server would release the lock only some time after the connection is closed.
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


def _email_message(mail_settings: MailSettings, recipient: str, notices: Sequence[DictRow]) -> EmailMessage:
    subject, body = digest_text(digests.notice_groups(notices, mail_settings.public_url), mail_settings.language)
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, mail_settings.sender, recipient
    message["Date"] = formatdate()
    message["Auto-Submitted"] = "auto-generated"
    # A digest that is sent twice, because the database went away before it was recorded, has the same id both times.
    message_id = hashlib.sha256(repr([notice["id"] for notice in notices]).encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{message_id}@{mail_settings.sender.rpartition('@')[2].strip('>')}>"
    message.set_content(body)
    return message
