"""Digests by e-mail, sent through a real mail server on this machine."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Connection, text

from otklik.database.access import people
from otklik.i18n import set_language
from otklik.launcher.maintenance import maintenance_jobs
from otklik.notifications.mail_settings import MailSettings, mail_settings
from otklik.notifications.mailer import send_digests
from otklik.settings import Settings
from tests.support import factories
from tests.support.servers.databases import free_port

NOW = datetime.now(UTC)


class Box:
    """The handler of a mail server that keeps its messages, and refuses the addresses in `refuses`."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuses: set[str] = set()

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's own name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the same
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 taken"


@pytest.fixture
def box() -> Iterator[tuple[Box, MailSettings]]:
    handler = Box()
    controller: Any = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, local_server(controller.port)
    controller.stop()
    set_language("en")


def local_server(port: int) -> MailSettings:
    return MailSettings("smtp+plain", "127.0.0.1", port, "", "", "otklik@example.org", "https://otklik.example.org")


@pytest.fixture
def notified(connection: Connection) -> Connection:
    """An official of each of two regions, notified of three late appeals in one and of one in the other."""
    for region, numbers in (("XA", ("A-1", "A-2", "A-3")), ("XB", ("B-1",))):
        factories.territory(connection, region)
        name = region.lower()
        facts: dict[str, object] = {"name": name, "role": "official", "territories": [region]}
        people.save_person_as_owner(connection, None, {**facts, "email": f"{name}@example.org"})
        for minutes, number in enumerate(numbers, 1):
            key = factories.appeal(
                connection,
                region=region,
                holder="office",
                number=number,
                body="My name is Ivan, call +7 900 000-00-00",
                received_at=NOW - timedelta(days=9),
                deadline_at=NOW - timedelta(minutes=20 - minutes),
            )
            connection.execute(
                text("INSERT INTO applicant (region_id, appeal_id, full_name) VALUES (:region, :id, 'Ivan')"),
                {"region": key.region_id, "id": key.id},
            )
    connection.execute(text("UPDATE escalation_state SET evaluated_at = now() - interval '1 hour'"))
    connection.execute(text("SELECT escalate(now(), '0', '00:00', '00:00')"))
    return connection


def pass_an_hour(connection: Connection) -> None:
    """Move the times of all sent and failed digests into the past by an hour and a minute."""
    connection.execute(
        text("UPDATE digest SET sent_at = sent_at - interval '61 minutes', tried_at = tried_at - interval '61 minutes'")
    )


def test_each_person_gets_one_digest_without_personal_data(
    notified: Connection, url: str, box: tuple[Box, MailSettings]
) -> None:
    server, address = box
    assert send_digests(url, address) == 2
    first, second = server.taken
    assert (first["To"], first["From"], second["To"]) == ("xa@example.org", "otklik@example.org", "xb@example.org")
    assert first["Subject"] == "Otklik: 3 appeals to look at"
    assert first.get_content().splitlines() == [
        "The deadline has passed: 3",
        *(
            f"  {number}  https://otklik.example.org/appeal?number={number}&source=otklik&region=XA"
            for number in ("A-1", "A-2", "A-3")
        ),
        "",
        "Notices that you mark as read in Otklik aren't mailed.",
    ]
    assert second["Subject"] == "Otklik: 1 appeal to look at"
    assert "Ivan" not in str(first)
    assert send_digests(url, address) == 0
    pass_an_hour(notified)
    assert send_digests(url, address) == 0
    assert len(server.taken) == 2


def test_a_new_notice_is_mailed_after_an_hour(notified: Connection, url: str, box: tuple[Box, MailSettings]) -> None:
    server, address = box
    send_digests(url, address)
    notified.execute(text("UPDATE notice SET mailed_at = NULL WHERE appeal_id = 4"))
    assert send_digests(url, address) == 0
    pass_an_hour(notified)
    assert send_digests(url, address) == 1
    assert server.taken[-1]["To"] == "xb@example.org"


def test_notices_read_closed_old_or_out_of_territory_are_not_mailed(
    notified: Connection, url: str, box: tuple[Box, MailSettings]
) -> None:
    server, address = box
    notified.execute(text("UPDATE notice SET read_at = now() WHERE appeal_id = 1"))
    notified.execute(text("UPDATE notice SET shown_at = now() - interval '25 hours' WHERE appeal_id = 2"))
    answered = "(SELECT id FROM status WHERE code = 'answered')"
    notified.execute(text(f"UPDATE appeal SET closed_at = now(), status_id = {answered} WHERE id = 3"))
    notified.execute(
        text("DELETE FROM person_territory WHERE territory_id = (SELECT id FROM territory WHERE code = 'XB')")
    )
    assert send_digests(url, address) == 0
    assert server.taken == []


def test_a_digest_is_sent_again_after_the_server_was_away(
    notified: Connection, url: str, box: tuple[Box, MailSettings]
) -> None:
    server, address = box
    assert send_digests(url, local_server(free_port())) == 0
    tried = notified.execute(text("SELECT tries, error FROM digest")).all()
    assert [tuple(row) for row in tried] == [(1, "ConnectionRefusedError")]
    # The person whose digest failed waits for two minutes, the other one's was not tried.
    assert send_digests(url, address) == 1
    pass_an_hour(notified)
    assert send_digests(url, address) == 1
    assert sorted(str(message["To"]) for message in server.taken) == ["xa@example.org", "xb@example.org"]
    left = notified.execute(text("SELECT DISTINCT tries, error, sent_at IS NULL FROM digest"))
    assert [tuple(row) for row in left] == [(0, None, False)]


def test_a_refused_recipient_does_not_hold_up_the_others(
    notified: Connection, url: str, box: tuple[Box, MailSettings]
) -> None:
    server, address = box
    server.refuses = {"xa@example.org"}
    assert send_digests(url, address) == 1
    assert [message["To"] for message in server.taken] == ["xb@example.org"]
    assert notified.scalar(text("SELECT error FROM digest WHERE tries = 1")) == "SMTPRecipientsRefused"


def test_two_processes_send_it_once(notified: Connection, url: str, box: tuple[Box, MailSettings]) -> None:
    server, address = box
    notified.execute(text("SELECT pg_advisory_lock(hashtext('otklik mail'))"))
    assert send_digests(url, address) == 0
    notified.execute(text("SELECT pg_advisory_unlock(hashtext('otklik mail'))"))
    assert send_digests(url, address) == 2
    assert len(server.taken) == 2


@pytest.mark.usefixtures("notified")
def test_a_digest_is_in_the_language_of_the_setting(url: str, box: tuple[Box, MailSettings]) -> None:
    server, address = box
    send_digests(url, MailSettings(**{**vars(address), "language": "ru", "public_url": ""}))
    assert server.taken[0]["Subject"] == "Отклик: 3 обращения требуют внимания"
    assert server.taken[0].get_content().splitlines()[:2] == ["Срок истёк: 3", "  A-1"]


@pytest.mark.usefixtures("notified")
def test_appeals_beyond_ten_are_counted(connection: Connection, url: str, box: tuple[Box, MailSettings]) -> None:
    server, address = box
    for minute in range(12):
        received = NOW - timedelta(days=9)
        due = NOW - timedelta(minutes=30 + minute)
        factories.appeal(connection, region="XB", number=f"M-{minute:02d}", received_at=received, deadline_at=due)
    connection.execute(text("SELECT escalate(now(), '0', '00:00', '00:00')"))
    send_digests(url, address)
    lines = server.taken[1].get_content().splitlines()
    assert (lines[0], len(lines), lines[11]) == ("The deadline has passed: 13", 14, "  and 3 more")


def test_a_mail_server_of_the_settings() -> None:
    assert mail_settings(Settings(smtp_url=None)) is None
    settings = Settings(
        smtp_url="smtps://otklik%40x:a%2Fb@mail.example.org",
        mail_from="otklik@example.org",
        public_url="https://o.example.org/",
        mail_minutes=30,
        mail_language="hr",
    )
    assert mail_settings(settings) == MailSettings(
        *("smtps", "mail.example.org", 465, "otklik@x", "a/b", "otklik@example.org", "https://o.example.org"),
        timedelta(minutes=30),
        "hr",
    )


def test_the_launcher_mails_only_with_a_mail_server() -> None:
    mail_server = Settings(smtp_url="smtp://mail.example.org", mail_from="otklik@example.org")
    assert len(maintenance_jobs(mail_server)) == len(maintenance_jobs(Settings(smtp_url=None))) + 1
