"""The page as HTML and its headers: nothing runs in it, nothing is loaded from anywhere, and no browser keeps it."""

import base64
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from otklik.citizen.status_texts import RATINGS, VERDICTS
from otklik.i18n import LANGUAGES, _, current_language
from otklik.pages import CITIZEN_PATH

FOLDER = Path(__file__).parent


def html_page(template: str, status: int = 200, **texts: object) -> HTMLResponse:
    """The response with a template of this folder in the current language; texts in it are escaped."""
    style = _style()
    html = (
        _environment()
        .get_template(template)
        .render(
            {"problem": "", "notice": "", "number": "", "ratings": RATINGS, "verdicts": VERDICTS, **texts},
            language=current_language(),
            languages=LANGUAGES,
            path=CITIZEN_PATH,
            style=Markup(style),  # noqa: S704 -- our own file
        )
    )
    style_hash = base64.b64encode(sha256(style.encode()).digest()).decode()
    return HTMLResponse(
        html,
        status,
        {
            "Cache-Control": "no-store",
            "Content-Language": current_language(),
            "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{style_hash}'; img-src data:;"
            " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        },
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = _
    return environment


@cache
def _style() -> str:
    return (FOLDER / "page.css").read_text(encoding="utf-8")
