"""The mail server that digests leave by, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from otklik.errors import InvalidSetting

DEFAULT_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
"""By scheme: TLS from the start, TLS after STARTTLS, and none, for a relay on the same machine."""


@dataclass(frozen=True)
class MailSettings:
    """A mail server, who writes, where the screens are (for links; "" for none), how often at most, which language."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str
    public_url: str = ""
    interval: timedelta = timedelta(hours=1)
    language: str = "en"


def read_mail_settings(environ: Mapping[str, str] = os.environ) -> MailSettings | None:
    """The mail server of OTKLIK_SMTP_URL and what goes with it; None without one. Raises BadSetting."""
    url = environ.get("OTKLIK_SMTP_URL")
    if not url:
        return None
    try:
        url_parts = urlsplit(url)
        port = url_parts.port or DEFAULT_PORTS[url_parts.scheme]
    except (ValueError, KeyError) as error:
        raise InvalidSetting("OTKLIK_SMTP_URL should look like smtps://user:password@mail.example.org:465.") from error
    sender = environ.get("OTKLIK_MAIL_FROM", "")
    if not url_parts.hostname or "@" not in sender or not sender.isprintable():
        raise InvalidSetting("With OTKLIK_SMTP_URL, OTKLIK_MAIL_FROM says who writes, such as otklik@example.org.")
    minutes = environ.get("OTKLIK_MAIL_MINUTES") or "60"
    if not minutes.isdecimal() or not 1 <= int(minutes) <= 10_080:
        raise InvalidSetting(f"OTKLIK_MAIL_MINUTES is {minutes!r}: it should be a number from 1 to 10080.")
    return MailSettings(
        url_parts.scheme,
        url_parts.hostname,
        port,
        unquote(url_parts.username or ""),
        unquote(url_parts.password or ""),
        sender,
        (environ.get("OTKLIK_PUBLIC_URL") or "").rstrip("/"),
        timedelta(minutes=int(minutes)),
        environ.get("OTKLIK_MAIL_LANGUAGE") or "en",
    )
