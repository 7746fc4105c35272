"""The page of a screen that plays a playlist, as HTML."""

import json
from functools import cache
from hashlib import sha256
from html import escape

from components.wall.page import (
    CUT_SECONDS,
    FOLDER,
    REFUSED_CODE,
    RETRY_SECONDS,
    SILENCE_SECONDS,
    build_id,
)
from otklik.i18n import _, current_language
from otklik.i18n.formats import BABEL_LOCALES

SCREEN_CHANNEL_PATH = "/screen/live"
LOAD_SECONDS = 20.0
"""Within which a scene has to be there; until then, and after that, the one before it stays."""
MISSING_SECONDS = 10.0
"""A scene that has become an error page of the browser is loaded again after so long."""
WATCHDOG_SECONDS = 90.0
"""The page loads itself again if it has heard nothing for so long though the server answers."""
PAGE_SECONDS = 6 * 3600.0
"""The page loads itself again at a change of scenes after so long: browsers' memory grows over days."""


def screen_page(theme: str) -> str:
    """The page in the current language; what it is to play, it is told by its websocket."""
    settings = {
        "build": screen_build_id(),
        "locale": BABEL_LOCALES[current_language()].replace("_", "-"),
        "channel": SCREEN_CHANNEL_PATH,
        "refusedCode": REFUSED_CODE,
        "retrySeconds": RETRY_SECONDS,
        "silenceSeconds": SILENCE_SECONDS,
        "cutSeconds": CUT_SECONDS,
        "loadSeconds": LOAD_SECONDS,
        "missingSeconds": MISSING_SECONDS,
        "watchdogSeconds": WATCHDOG_SECONDS,
        "pageSeconds": PAGE_SECONDS,
        "cutText": _("No connection. The figures are from {time}."),
    }
    return _template("screen.html").format(
        language=current_language(),
        theme=theme,
        waiting=escape(_("Loading …")),
        style=_template("screen.css"),
        script=_template("screen.js"),
        # Within a script element only its end has to be escaped.
        settings=json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c"),
    )


@cache
def screen_build_id() -> str:
    """An id of this version of the page and of the wall: an open page with another one loads itself again."""
    templates = "".join(map(_template, ("screen.html", "screen.css", "screen.js")))
    return sha256((templates + build_id()).encode()).hexdigest()[:12]


@cache
def _template(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
