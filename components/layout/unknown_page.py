"""The answer to an address at which there is no page, in the visitor's language."""

from html import escape
from pathlib import Path
from urllib.parse import urlencode

from components.url.links import VIEWER_PARAMS
from otklik.i18n import LANGUAGES, _, set_language
from otklik.pages import PAGES

OTHER_PATHS = frozenset({"home", "oauth2callback", "healthz", "static", "media", "component", "auth", "wall", "screen"})
"""First parts of paths that are no pages of Streamlit's and that something else answers."""
TEMPLATE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Otklik</title><style>
:root {{ color-scheme: light dark; background: light-dark(#FFFFFF, #0F1720); color: light-dark(#111827, #EEF2F6); }}
body {{ font: 16px/1.6 "Source Sans", system-ui, sans-serif; max-width: 35rem; margin: 15vh auto; padding: 0 1rem; }}
a {{ color: light-dark(#1A4F9F, #8FBFFF); }}
</style></head><body><h1>{logo}</h1><p>{message}</p><ul>{links}</ul></body></html>
"""


# The name in it is text, which a screen reader reads.
LOGO = (Path(__file__).parent / "logo.svg").read_text(encoding="utf-8")


def is_unknown_page(path: str, other_paths: frozenset[str] = frozenset()) -> bool:
    """Whether a path looks like a page's and is none; those of files and of Streamlit's own are not for us to say.

    `other_paths`: the paths that are served besides `OTHER_PATHS`.
    """
    name = path.strip("/")
    return bool(name) and "/" not in name and "." not in name and name not in OTHER_PATHS | other_paths | PAGES.keys()


def unknown_page(query_params: dict[str, str], accept_language: str) -> str:
    """The page as HTML, with links to the pages that there are.

    In the language of the address, or else of the browser (its header `Accept-Language`), or else English.
    """
    candidates = (query_params.get("lang", ""), *(part.strip()[:2].lower() for part in accept_language.split(",")))
    language = set_language(next((code for code in candidates if code in LANGUAGES), "en"))
    query = urlencode([(name, query_params[name]) for name in VIEWER_PARAMS if name in query_params])
    links = "".join(
        f'<li><a href="/{name}{"?" if query else ""}{escape(query)}">{escape(_(page.title))}</a></li>'
        for name, page in PAGES.items()
        if page.listed
    )
    return TEMPLATE.format(
        language=language, logo=LOGO, message=escape(_("There is no such page. These there are:")), links=links
    )
