"""A real browser on a real Otklik, started as a person starts it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.running import App, otklik, running
from tests.servers import open_folder

APPEALS = 20_000
"""Enough that each panel has something to show, and made in seconds."""

FLAGS = (
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
)


@dataclass
class Heard:
    """What a page did that no page should do."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def app() -> Iterator[App]:
    """One Otklik with demo data for the whole run."""
    with open_folder() as folder:
        data = folder / "data"
        filled = otklik("demo", "--appeals", str(APPEALS), data=data)
        assert filled.returncode == 0, filled.stderr
        with running(data) as started:
            yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "the browser tests need Chromium: apt-get install chromium libgl1-mesa-dri libegl1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def page(browser: Browser, app: App, heard: Heard) -> Iterator[Page]:
    """A tab of a browser that nobody has used yet; `heard` records its errors and its requests outside."""
    context = browser.new_context(base_url=app.address, locale="en-GB", viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    host = urlsplit(app.address).netloc
    opened.on("console", lambda message: heard.errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: heard.errors.append(str(error)))
    opened.on(
        "request",
        lambda request: None if urlsplit(request.url).netloc in ("", host) else heard.outside.append(request.url),
    )
    yield opened
    context.close()
