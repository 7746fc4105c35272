"""Hostile texts in a browser: on every screen they are text, and nothing else comes of them."""

import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from playwright.sync_api import Dialog, Page, expect

from components.text.escape import WORD_JOINER, clean_line, clean_text
from otklik.database.server import child_process
from otklik.pages import PAGES
from tests.browser.conftest import OpenContext, PageProblems
from tests.support.paths import PROJECT_ROOT
from tests.support.screens.hostile_texts import EVIL_HOST, HOSTILE_TEXTS, LONG_TEXT
from tests.support.servers.data_folders import data_folder_with_cluster
from tests.support.servers.databases import free_port
from tests.support.servers.running_app import RunningApp, is_healthy, run_otklik, running_app
from tests.support.waiting import wait_for

KINDS = ("bold", "middle", "caption", "notice", "label", "metric", "choice", "text")


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of all texts in every kind of place."""
    port = free_port()
    log = tmp_path_factory.mktemp("gallery") / "log"
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--global.developmentMode=false"]
    with log.open("wb") as output:
        process = child_process.start(
            [sys.executable, "-m", "streamlit", "run", "tests/browser/escape_gallery.py", *options],
            parent_death_signal=signal.SIGKILL,
            env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
            cwd=PROJECT_ROOT,
            output=output,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: is_healthy(address), f"a healthy page, see {log}")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def spaced(text: str) -> str:
    """Without what can't be seen: kinds of blanks, and where words are held together."""
    return re.sub(r"\s+", " ", text.replace(WORD_JOINER, "")).strip()


def dismissed(heard: PageProblems, dialog: Dialog) -> None:
    """What no page should ask."""
    heard.errors.append(f"a dialog: {dialog.message}")
    dialog.dismiss()


def shown(page: Page) -> dict[str, str]:
    """The text in each container of the gallery by its key."""
    found: dict[str, str] = page.evaluate("""() => Object.fromEntries(
        [...document.querySelectorAll('[class*="st-key-"]')].flatMap((one) => [...one.classList]
            .filter((name) => /^st-key-[a-z]+-\\d+$/.test(name))
            .map((name) => [name.slice(7), one.querySelector('[data-testid="stMetricLabel"]') || one])
            .map(([name, place]) => [name, place.textContent])))""")
    return found


def test_each_text_reads_in_markdown_as_it_was_written(gallery: str, page: Page, heard: PageProblems) -> None:
    page.on("dialog", partial(dismissed, heard))
    page.goto(gallery)
    expect(page.locator(f".st-key-text-{len(HOSTILE_TEXTS) - 1}")).to_be_visible()
    # What Markdown needs besides (emoji, formulas) comes later, where it is needed.
    page.wait_for_load_state("networkidle")
    wait_for(lambda: all(shown(page).values()), "every text")
    texts = shown(page)
    for n, text in enumerate(HOSTILE_TEXTS):
        for kind in KINDS:
            said = clean_line(text) if kind != "text" else clean_text(text)
            expected = f"a {said} b" if kind == "middle" else said
            assert spaced(texts[f"{kind}-{n}"]) == spaced(expected), (kind, text)
    main = page.get_by_test_id("stMain")
    for made in ("img", "a", "iframe", "script", "style", "h1", "em", "code", "del", "table", "li", "blockquote", "hr"):
        assert main.locator(made).count() == 0, made
    assert page.evaluate("window.hurt") is None
    assert not [one for one in heard.outside_requests if EVIL_HOST in one]
    assert not [one for one in heard.errors if "dialog" in one]


@pytest.fixture(scope="module")
def infested() -> Iterator[RunningApp]:
    """A small Otklik, every name, number and text of which is a hostile one."""
    with data_folder_with_cluster() as data:
        filled = run_otklik("demo", "--appeals", "400", data=data)
        assert filled.returncode == 0, filled.stderr
        with running_app(data) as started:
            plant(started.database_url)
            yield started


def plant(database: str) -> None:
    """Put the texts in the place of what the demo's things are called and say."""
    one = "(%(texts)s::text[])[1 + mod({of}, %(n)s)]"
    told = {"texts": list(HOSTILE_TEXTS), "n": len(HOSTILE_TEXTS), "long": LONG_TEXT}
    with psycopg.connect(database) as connection:
        for table in ("territory", "topic", "organisation"):
            connection.execute(f"UPDATE {table} SET names = '{{}}', name = {one.format(of='id')}", told)
        text = one.format(of="id::int")
        connection.execute(f"UPDATE appeal SET number = {text} || ' ' || id, body = {text}", told)
        connection.execute("UPDATE appeal SET body = %(long)s WHERE mod(id, 50) = 7", told)
        # On some days, none of so small a demo is late, and the lists of late appeals would be empty.
        connection.execute(
            "UPDATE appeal SET deadline_at = now() - interval '1 day'"
            " WHERE is_open AND received_at < now() - interval '2 days' AND mod(id, 2) = 0"
        )
        connection.execute(
            "INSERT INTO event (region_id, appeal_id, at, kind, actor, reason)"
            f" SELECT region_id, id, now(), 'note', left({text}, 100), {text} FROM appeal",
            told,
        )
        connection.execute(
            f"SELECT person_save(NULL, jsonb_build_object('name', left({one.format(of='n')}, 200), 'role',"
            f" 'staff', 'email', 'h' || n || '@example.org'), {one.format(of='n')}) FROM generate_series(0, 95) AS n",
            told,
        )
        connection.execute("UPDATE person SET role = 'screen' WHERE email = 'h0@example.org'")
        scenes = json.dumps([{"page": "wall", "query": "", "seconds": 60}])
        connection.execute(
            f"INSERT INTO playlist (name, scenes) SELECT left({one.format(of='n')}, 50) || n, %(scenes)s::jsonb"
            " FROM generate_series(0, 95) AS n",
            told | {"scenes": scenes},
        )
        connection.execute(
            "INSERT INTO device (person_id, name, token_hash, playlist_id)"
            f" SELECT person.id, left({one.format(of='n')}, 100) || n, sha256(n::text::bytea), playlist.id"
            " FROM generate_series(0, 95) AS n, person, playlist"
            " WHERE email = 'h0@example.org' AND mod(playlist.id, 96) = n",
            told,
        )
        connection.execute(
            "INSERT INTO data_source (name, kind, mapping, options, run_every, is_paused, failure_count, error)"
            f" SELECT 'city-' || n, 'folder', {one.format(of='n')}, '{{}}', '1 day', true, 1, {one.format(of='n')}"
            " FROM generate_series(0, 95) AS n",
            told,
        )
        connection.execute(
            "INSERT INTO file_import (source_id, file, mapping, data_source, new_count, changed_count,"
            " unchanged_count, rejected_count, new_ids)"
            f" SELECT (SELECT min(id) FROM source), {one.format(of='n')}, {one.format(of='n')}, '', 1, 0, 0, 0, '{{}}'"
            " FROM generate_series(0, 95) AS n",
            told,
        )


@pytest.fixture
def visitor(open_context: OpenContext, infested: RunningApp, heard: PageProblems) -> Page:
    """A tab at the infested Otklik; `heard` records what no page should do."""
    opened = open_context(infested.url).new_page()
    opened.set_viewport_size({"width": 1440, "height": 2400})
    host = urlsplit(infested.url).netloc
    opened.on("dialog", partial(dismissed, heard))
    opened.on("pageerror", lambda error: heard.errors.append(str(error)))
    opened.on(
        "request",
        lambda asked: None if urlsplit(asked.url).netloc in ("", host) else heard.outside_requests.append(asked.url),
    )
    return opened


def inert(page: Page) -> None:
    """Nothing on the page was made of a hostile text."""
    made = page.evaluate("""() => [...document.querySelectorAll(
        'img[src="x"], [src*="evil"], a[href*="evil"], a[href^="javascript"], a[href^="data"], iframe, object, math,'
        + ' [onerror], [onload], [ontoggle], [data-testid="stMain"] script, [data-testid="stMain"] style')]
        .map((one) => one.outerHTML.slice(0, 200))""")
    assert made == []
    assert page.evaluate("window.hurt") is None
    assert page.get_by_test_id("stException").count() == 0


HOSTILE_ONE = """
    SELECT number FROM appeal WHERE length(body) < 1000 ORDER BY number LIKE '%evil%' DESC, number LIMIT 1"""
ADDRESSES = [*PAGES, "regions?territory=RU-KHM", "regions?territory=RU-FD-URAL&level=region", "audit?entry=9"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_comes_of_hostile_texts_on_a_page(
    address: str, visitor: Page, heard: PageProblems, infested: RunningApp
) -> None:
    if address == "appeal":
        with psycopg.connect(infested.database_url) as connection:
            found = connection.execute(HOSTILE_ONE).fetchone()
        assert found
        address = f"appeal?number={quote(found[0])}"
    visitor.goto(f"/{address}{'&' if '?' in address else '?'}as=administrator&period=all")
    main = visitor.get_by_test_id("stMain")
    expect(main.get_by_role("heading").first).to_be_visible()
    expect(visitor.get_by_test_id("stSkeleton")).to_have_count(0)
    visitor.wait_for_load_state("networkidle")
    seen = [spaced(clean_line(text))[:20] for text in HOSTILE_TEXTS]
    wait_for(lambda: any(text in spaced(main.text_content() or "") for text in seen), "a hostile text on the page")
    inert(visitor)
    drawings = visitor.locator("[data-testid=stVegaLiteChart], [data-testid=stDeckGlJsonChart]")
    for n in range(drawings.count()):
        box = drawings.nth(n).bounding_box()
        assert box
        for across, down in ((0.3, 0.3), (0.45, 0.5), (0.3, 0.7)):
            visitor.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        inert(visitor)
    assert heard.outside_requests == []
    assert heard.errors == []
