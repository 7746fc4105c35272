"""Hostile texts in a browser: on every screen they are text, and nothing else comes of them."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from components.plain import JOINER, clean, line
from database import child
from tests.browser.conftest import Heard
from tests.hostile import EVIL, TEXTS
from tests.running import healthy
from tests.servers import free_port
from tests.waiting import wait_for

PROJECT = Path(__file__).parents[2]
KINDS = ("bold", "middle", "caption", "notice", "label", "metric", "choice", "text")


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of all texts in every kind of place."""
    port = free_port()
    log = tmp_path_factory.mktemp("gallery") / "log"
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--global.developmentMode=false"]
    with log.open("wb") as output:
        process = child.start(
            [sys.executable, "-m", "streamlit", "run", "tests/browser/gallery.py", *options],
            at_death=9,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            cwd=PROJECT,
            output=output,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: healthy(address), f"a healthy page, see {log}", 60)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def spaced(text: str) -> str:
    """Without what can't be seen: kinds of blanks, and where words are held together."""
    return re.sub(r"\s+", " ", text.replace(JOINER, "")).strip()


def shown(page: Page) -> dict[str, str]:
    """The text in each container of the gallery by its key."""
    found: dict[str, str] = page.evaluate("""() => Object.fromEntries(
        [...document.querySelectorAll('[class*="st-key-"]')].flatMap((one) => [...one.classList]
            .filter((name) => /^st-key-[a-z]+-\\d+$/.test(name))
            .map((name) => [name.slice(7), one.querySelector('[data-testid="stMetricLabel"]') || one])
            .map(([name, place]) => [name, place.textContent])))""")
    return found


def test_each_text_reads_in_markdown_as_it_was_written(gallery: str, page: Page, heard: Heard) -> None:
    page.on("dialog", lambda dialog: heard.errors.append(f"a dialog: {dialog.message}") or dialog.dismiss())
    page.goto(gallery)
    expect(page.locator(f".st-key-text-{len(TEXTS) - 1}")).to_be_visible(timeout=60_000)
    # What Markdown needs besides (emoji, formulas) comes later, where it is needed.
    page.wait_for_load_state("networkidle")
    wait_for(lambda: all(shown(page).values()), "every text", 60)
    texts = shown(page)
    for n, text in enumerate(TEXTS):
        for kind in KINDS:
            said = line(text) if kind != "text" else clean(text)
            expected = f"a {said} b" if kind == "middle" else said
            assert spaced(texts[f"{kind}-{n}"]) == spaced(expected), (kind, text)
    main = page.get_by_test_id("stMain")
    for made in ("img", "a", "iframe", "script", "style", "h1", "em", "code", "del", "table", "li", "blockquote", "hr"):
        assert main.locator(made).count() == 0, made
    assert page.evaluate("window.hurt") is None
    assert not [one for one in heard.outside if EVIL in one]
    assert not [one for one in heard.errors if "dialog" in one]
