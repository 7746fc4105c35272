"""The mail server that digests are sent by, from the settings."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from otklik.settings import SMTP_PORTS, Settings


@dataclass(frozen=True)
class MailSettings:
    """A mail server and what its mails need: sender, address of the screens for links ("" for none), pace, language.

    `scheme` is one of `otklik.settings.SMTP_PORTS`; `interval` is the time at least between two mails to a person.
    """

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str
    public_url: str = ""
    interval: timedelta = timedelta(hours=1)
    language: str = "en"


def mail_settings(settings: Settings) -> MailSettings | None:
    """The mail server of the settings; None without one."""
    if not settings.smtp_url:
        return None
    parts = urlsplit(settings.smtp_url)
    return MailSettings(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or SMTP_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=settings.mail_from,
        public_url=settings.public_url.rstrip("/"),
        interval=timedelta(minutes=settings.mail_minutes),
        language=settings.mail_language,
    )
