"""Notices as the screens show them and as e-mails group them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

MAX_COUNTED = 5_000
"""The largest number of unread notices, new and old ones together, that is counted for a person."""


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


class SurgeKey(NamedTuple):
    """A surge by one of its alarms."""

    territory_id: int
    topic_id: int
    day: date


@dataclass(frozen=True)
class SurgeNotice:
    """A surge in the person's territories, with the figures of its last alarm; names are translated."""

    key: SurgeKey
    territory: str
    topic: str
    territory_code: str
    topic_code: str
    window_days: int
    observed: int
    usual_low: int
    usual_high: int


@dataclass(frozen=True)
class RemedyNotice:
    """An overdue remedy of a problem that the person owns or decides about; the territory's name is translated.

    It was due at the end of the day `due`.
    """

    id: int
    problem_id: int
    title: str
    territory: str
    due: date


@dataclass(frozen=True)
class SourceNotice:
    """A data source that can't be read, or from which nothing has come for longer than usual, since that moment."""

    id: int
    name: str
    since: datetime
    is_unreadable: bool


@dataclass(frozen=True)
class UnreadNotices:
    """A person's unread notices of open appeals, of surges, of overdue remedies, and of silent data sources.

    `newest` are the first notices of appeals that crossed a step since the person's day began, newest first, and
    `surges` the first of those found since, `remedies` all that are overdue since the day before or longer, `sources`
    all that are silent now; all are counted in `new_count`, but those of appeals and surges of before, such as all that
    an import brought, in `backlog_count`.
    """

    newest: Sequence[Notice]
    new_count: int
    backlog_count: int
    surges: Sequence[SurgeNotice] = ()
    remedies: Sequence[RemedyNotice] = ()
    sources: Sequence[SourceNotice] = ()


@dataclass(frozen=True)
class NoticeGroup:
    """The appeals of one person's digest at one step: how many, and the URLs of the first ones by their number.

    A URL is "" where `otklik.notifications.mail_settings.MailSettings.public_url` is.
    """

    moment: str
    after: timedelta
    appeal_count: int
    urls: Mapping[str, str]
