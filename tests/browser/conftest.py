"""A real browser on a real Otklik, started as a person starts it.

`page` is a tab in the demo. To sign in, ask for `signed_in`: `signed_in("manager")` is a tab in which the person
`manager@example.org` has signed in through an OpenID Connect provider, on an Otklik on the same demo data; likewise
for staff and administrator (everywhere), official (RU-FD-URAL) and screen. `signing` is that Otklik:
`signing.person("anna@example.org", "official", "RU-KHM")` adds a person who can sign in, or changes them.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import TypedDict
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, ViewportSize, expect, sync_playwright

from tests.support.screens.still_skeletons import keep_skeletons_still
from tests.support.servers.data_folders import data_folder_with_demo
from tests.support.servers.running_app import RunningApp, running_app
from tests.support.servers.sign_in_provider import Provider, SignInApp, running_provider, running_sign_in_app, sign_in
from tests.support.waiting import PATIENCE_SECONDS

PATIENCE = 1000 * PATIENCE_SECONDS
"""Milliseconds until a test gives up, for whatever has no other limit: expectations, clicks, navigation."""

expect.set_options(timeout=PATIENCE)

APPEAL_COUNT = 20_000
"""Enough that each panel has something to show, and made in seconds."""


class Visitor(TypedDict):
    """How a browser context presents itself."""

    locale: str
    timezone_id: str
    viewport: ViewportSize


CHROMIUM_FLAGS = (
    "--no-sandbox",  # as root, and in containers, there is none to be had
    "--disable-quic",
    "--no-first-run",
    # The browser itself asks outside for updates and the like: what remains is what our pages ask.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Maps and charts need WebGL, also without a graphics card.
    "--use-gl=angle",
    "--use-angle=gl-egl",
    "--ignore-gpu-blocklist",
    # Drawn to be looked at by programs: what the graphics card would put together costs a processor much.
    "--disable-gpu-compositing",
)

VISITOR: Visitor = {"locale": "en-GB", "timezone_id": "UTC", "viewport": {"width": 1440, "height": 900}}
"""In the time zone of a browser is what pages show as today: that of this machine would make tests depend on it."""

TERRITORIES_BY_ROLE: dict[str, tuple[str, ...]] = {
    "staff": (),
    "manager": ("RU-KHM",),
    "official": ("RU-FD-URAL",),
    "administrator": (),
    "screen": (),
}
"""The territories of the person of each role; none is everywhere."""


@dataclass
class PageProblems:
    """What a page did that no page should do."""

    errors: list[str] = field(default_factory=list)
    outside_requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def app() -> Iterator[RunningApp]:
    """One Otklik with demo data for the whole run, its page of applicants switched on."""
    with (
        data_folder_with_demo(APPEAL_COUNT) as data,
        running_app(data, OTKLIK_CITIZEN_PAGE="yes") as instance,
    ):
        yield instance


@pytest.fixture(scope="session")
def chromium() -> Iterator[BrowserType]:
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    """A browser whose contexts share nothing, for tests with several people at once."""
    new_browser = chromium.launch(executable_path=chromium_program(), args=list(CHROMIUM_FLAGS))
    yield new_browser
    new_browser.close()


def chromium_program() -> str:
    """The path of Chromium's program."""
    program = shutil.which("chromium")
    assert program, "the browser tests need Chromium: apt-get install chromium libgl1-mesa-dri libegl1"
    return program


OpenContext = Callable[[str], BrowserContext]


@pytest.fixture(scope="session")
def emptied_context(chromium: BrowserType) -> Iterator[OpenContext]:
    """Gives the run's one browser context at an address, without cookies and storage; `open_context` closes its tabs.

    It keeps the scripts that it has compiled, which halves what a page costs.
    """
    contexts: dict[str, BrowserContext] = {}
    with TemporaryDirectory(prefix="otklik-browser-") as folder:

        def context_emptied_at(base_url: str) -> BrowserContext:
            if base_url not in contexts:
                contexts[base_url] = chromium.launch_persistent_context(
                    f"{folder}/{len(contexts)}",
                    executable_path=chromium_program(),
                    args=list(CHROMIUM_FLAGS),
                    base_url=base_url,
                    **VISITOR,
                )
                _prepare(contexts[base_url])
            _forget_visitors(contexts[base_url], base_url)
            return contexts[base_url]

        yield context_emptied_at
        for context in contexts.values():
            context.close()


@pytest.fixture
def open_context(emptied_context: OpenContext) -> Iterator[OpenContext]:
    """Gives the run's one browser context at an address, as if nobody had used it yet.

    It keeps the scripts that it has compiled and nothing else: pages are closed, cookies and storage emptied. Whoever
    else is there in a test has a `new_context`.
    """
    used_contexts: dict[str, BrowserContext] = {}

    def open_empty_context(base_url: str) -> BrowserContext:
        if base_url not in used_contexts:
            used_contexts[base_url] = emptied_context(base_url)
        return used_contexts[base_url]

    yield open_empty_context
    for context in used_contexts.values():
        # The first tab keeps the browser open.
        for tab in context.pages[1:]:
            tab.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[OpenContext]:
    """Opens a further browser context at an address, which shares nothing with any other, until the end of the test."""
    contexts: list[BrowserContext] = []

    def open_new_context(base_url: str) -> BrowserContext:
        context = browser.new_context(base_url=base_url, **VISITOR)
        _prepare(context)
        contexts.append(context)
        return context

    yield open_new_context
    for context in contexts:
        context.close()


def _prepare(context: BrowserContext) -> None:
    keep_skeletons_still(context)
    context.set_default_timeout(PATIENCE)


def _forget_visitors(context: BrowserContext, base_url: str) -> None:
    context.clear_cookies()
    session = context.new_cdp_session(context.pages[0])
    session.send("Storage.clearDataForOrigin", {"origin": base_url, "storageTypes": "local_storage,indexeddb"})
    session.detach()


@pytest.fixture
def heard() -> PageProblems:
    return PageProblems()


@pytest.fixture
def page(open_context: OpenContext, app: RunningApp, heard: PageProblems) -> Page:
    """A tab of a browser that nobody has used yet; `heard` records its errors and its requests outside."""
    tab = open_context(app.url).new_page()
    host = urlsplit(app.url).netloc
    tab.on("console", lambda message: heard.errors.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: heard.errors.append(str(error)))
    tab.on(
        "request",
        lambda request: (
            None if urlsplit(request.url).netloc in ("", host) else heard.outside_requests.append(request.url)
        ),
    )
    return tab


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """An OpenID Connect provider."""
    with running_provider() as instance:
        yield instance


@pytest.fixture(scope="session")
def signing(app: RunningApp, provider: Provider) -> Iterator[SignInApp]:
    """A second Otklik on the demo's database, to which people sign in."""
    with running_sign_in_app(app.data, provider) as instance:
        for role, territories in TERRITORIES_BY_ROLE.items():
            instance.add_person(f"{role}@example.org", role, *territories)
        yield instance


@pytest.fixture
def signed_in(open_context: OpenContext, new_context: OpenContext, signing: SignInApp) -> Callable[[str], Page]:
    """Signs in the person of a role, or of an e-mail, in a browser that nobody has used yet.

    The first of a test has the context that keeps compiled scripts; each further person has one of their own.
    """
    unused_contexts = [open_context(signing.app.url)]

    def open_signed_in_tab(role_or_email: str, url: str = "/") -> Page:
        tab = (unused_contexts.pop() if unused_contexts else new_context(signing.app.url)).new_page()
        sign_in(tab, role_or_email if "@" in role_or_email else f"{role_or_email}@example.org", url)
        return tab

    return open_signed_in_tab
