"""Notices as the screens show them and as e-mails group them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_NOTICES = 100
"""The largest number of unread notices that is read from the database; more are shown as `99+`."""


@dataclass(frozen=True)
class Notice:
    """One notice of one appeal; `source`, `region` and `number` are the appeal's address, other names are translated.

    `moment` and `after` are those of its step (`otklik.notifications.escalation.EscalationStep`); it is shown from
    `shown_at` on.
    """

    id: int
    number: str
    source: str
    region: str
    moment: str
    after: timedelta
    shown_at: datetime
    topic: str
    territory: str


@dataclass(frozen=True)
class NoticeGroup:
    """The appeals of one person's digest at one step: how many, and the URLs of the first ones by their number.

    A URL is "" where `otklik.notifications.mail_settings.MailSettings.public_url` is.
    """

    moment: str
    after: timedelta
    appeal_count: int
    urls: Mapping[str, str]
