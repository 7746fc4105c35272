"""The wall's page as HTML, and the page in its place for visitors who may not see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from components.auth.sign_in import SignInState
from components.auth.sign_in_page import STATE_MESSAGES
from otklik.i18n import _, current_language
from otklik.i18n.formats import BABEL_LOCALES

FOLDER = Path(__file__).parent
WALL_PATH = "/wall"
CHANNEL_PATH = "/wall/live"
THEMES = ("dark", "light")
"""The first is the default."""
SCENES = ("figures", "surges")
"""What a wall can show; the first is the default."""
REFUSED_CODE = 4403
"""The websocket closes with it when the visitor may no longer see the wall."""
BEAT_SECONDS = 10.0
"""Between two messages that all is known up to now."""
SILENCE_SECONDS = 25.0
"""Without any message, after which the screen says that it is cut off."""
STALE_SECONDS = 30.0
"""The age of what is known, from which the screen says that it is old."""
CUT_SECONDS = 3.0
"""For so long a closed connection may come back before the screen says that it is cut off."""
RETRY_SECONDS = (1.0, 4.0)
"""Between two attempts to connect, at random: not all screens come back at once."""
REFUSAL_RELOAD_SECONDS = 30
REFUSAL_TEMPLATE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="{seconds}"><title>Otklik</title><style>
body {{ background: #0b1220; color: #f3f6fb; font: 5vmin/1.4 "Source Sans", "Liberation Sans", sans-serif;
  display: grid; place-content: center; height: 100vh; margin: 0; padding: 5vmin; text-align: center; }}
a {{ color: #9cc3ff; }}
</style></head><body><h1>Otklik</h1><p>{message}</p><p><a href="/">{link}</a></p></body></html>
"""


@dataclass(frozen=True)
class WallHead:
    """What the page has besides its sections: titles, the time zone of its clock, and the state it was drawn from.

    `filters`: the filters in words. `known_until` and `version` are those of the frame, in milliseconds since 1970 and
    as the server numbers frames.
    """

    title: str
    filters: str
    timezone: str
    theme: str
    version: str
    known_until: int
    scene: str = SCENES[0]


def wall_page(head: WallHead, sections: Mapping[str, str]) -> str:
    """The page with its sections (HTML by id), in the current language."""
    settings = {
        "build": build_id(),
        "version": head.version,
        "at": head.known_until,
        "timezone": head.timezone,
        "locale": BABEL_LOCALES[current_language()].replace("_", "-"),
        "channel": CHANNEL_PATH,
        "refusedCode": REFUSED_CODE,
        "retrySeconds": RETRY_SECONDS,
        "silenceSeconds": SILENCE_SECONDS,
        "staleSeconds": STALE_SECONDS,
        "cutSeconds": CUT_SECONDS,
        "cutText": _("No connection. The figures are from {time}."),
        "staleText": _("The figures are old: they are from {time}."),
    }
    as_of = escape(_("As of {time}")).format(time='<time id="known"></time>')
    return _template("page.html").format(
        language=current_language(),
        theme=head.theme,
        scene=head.scene,
        title=escape(head.title),
        filters=escape(head.filters),
        as_of=as_of,
        style=_template("wall.css"),
        script=_template("wall.js"),
        # Within a script element only its end has to be escaped.
        settings=json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c"),
        **sections,
    )


def refusal_page(state: SignInState) -> str:
    """The page for a visitor who may not see the wall: why, and the way to the sign-in. It tries again by itself."""
    message = _("This page is not open to you.") if state is SignInState.SIGNED_IN else _(STATE_MESSAGES[state])
    return REFUSAL_TEMPLATE.format(
        language=current_language(), seconds=REFUSAL_RELOAD_SECONDS, message=escape(message), link=escape(_("Sign in"))
    )


@cache
def build_id() -> str:
    """An id of this version of the page: an open page with another one loads itself again."""
    return sha256("".join(map(_template, ("page.html", "wall.css", "wall.js"))).encode()).hexdigest()[:12]


@cache
def _template(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
