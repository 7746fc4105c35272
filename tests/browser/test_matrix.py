"""Every page for every role, in a browser: opened or refused, and nothing of another territory on the way to it.

Everybody here sees the region XA alone. What lies in XB is marked, in names, numbers and texts, and the marks are
searched for in all that the server sends.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Page, Response, StorageState, WebSocket, expect
from sqlalchemy import Connection
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from otklik.database.access import devices, people
from otklik.database.engine import database_engine
from otklik.pages import PAGES
from otklik.permissions import RIGHTS_BY_ROLE, ROLES
from tests.browser.conftest import OpenContext
from tests.support import factories
from tests.support.databases import shared_temp_folder
from tests.support.running_app import RunningApp, running_app
from tests.support.sign_in_provider import TIMEOUT_MS, Provider, SignInApp, running_sign_in_app, sign_in
from tests.support.waiting import wait_for

OURS, THEIRS = "Nativeland", "Foreignland"
REFUSED = "This page is not open to you."
NAMES = {"people"}
"""Where an administrator gives territories to people: their names are words there, not rows."""
TRY = "territory=XB&organisation=office-XB&number=Foreignland-open"
"""What somebody may write into an address who wants to see more."""
DAY = timedelta(days=1)


def plant(connection: Connection) -> None:
    """Add to both regions alike: open, late, at risk, closed, with low and high ratings, points and texts."""
    now = datetime.now(UTC)
    for region, mark in (("XA", OURS), ("XB", THEIRS)):
        factories.territory(connection, region, name=f"{mark} region", population=1000, lon=60.0, lat=60.0)
        factories.territory(connection, f"{region}-1", "municipality", region, name=f"{mark} town")
        factories.organisation(connection, f"office-{region}", region=region, name=f"{mark} office")
        states: dict[str, dict[str, Any]] = {
            "open": {"deadline_at": now + 9 * DAY},
            "late": {"received_at": now - 9 * DAY, "deadline_at": now - DAY},
            "risk": {"received_at": now - 9 * DAY, "deadline_at": now + DAY / 2},
            "good": {"received_at": now - 5 * DAY, "deadline_at": now + DAY, "closed_at": now - 2 * DAY, "rating": 5},
            "bad": {"received_at": now - 5 * DAY, "deadline_at": now - 4 * DAY, "closed_at": now - DAY, "rating": 1},
        }
        place: dict[str, Any] = {"region": region, "municipality": f"{region}-1", "lon": 60.0, "lat": 60.0}
        for name, columns in states.items():
            written = {"number": f"{mark}-{name}", "body": f"{mark} text", "holder": f"office-{region}"}
            factories.appeal(connection, **{"received_at": now - DAY, **place, **written, **columns})


@pytest.fixture(scope="module")
def small(provider: Provider) -> Iterator[SignInApp]:
    """An Otklik with two regions and a person of each role for one of them."""
    with shared_temp_folder() as folder, running_sign_in_app(folder / "data", provider) as started:
        owner = database_engine(started.app.database_url)
        with owner.begin() as connection:
            plant(connection)
        owner.dispose()
        for role in ROLES:
            started.add_person(f"{role}@example.org", role, "XA")
        yield started


Entered = Callable[[str | None], Page]


@pytest.fixture(scope="module")
def states() -> dict[str, StorageState]:
    """The browsers' memory after signing in, by role: each signs in once."""
    return {}


@pytest.fixture
def entered(browser: Browser, open_context: OpenContext, small: SignInApp, states: dict[str, StorageState]) -> Entered:
    """Gives a tab in which the person of a role has signed in, or nobody."""

    def enter(role: str | None) -> Page:
        if role is not None and role not in states:
            first = browser.new_context(base_url=small.app.url, locale="en-GB")
            sign_in(first.new_page(), f"{role}@example.org")
            states[role] = first.storage_state()
            first.close()
        context = open_context(small.app.url)
        if role is not None:
            context.add_cookies([cast("Any", cookie) for cookie in states[role]["cookies"]])
        return context.new_page()

    return enter


class Sent:
    """All that the server sends to a tab, but for Streamlit's own files."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[bytes] = []
        self._files: list[Response] = []
        page.on("websocket", self._listen)
        page.on("response", self._keep)

    def by_a_whole_run(self) -> bytes:
        """What came by the end of the page's first whole run."""
        wait_for(self._is_run, "the end of a run", TIMEOUT_MS / 1000)
        return self.all()

    def all(self) -> bytes:
        return b"\n".join([*self._frames, *(one.body() for one in self._files)])

    def _is_run(self) -> bool:
        self._page.evaluate("0")  # lets the events in
        return any(_ends_a_run(one) for one in self._frames)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._hear)

    def _hear(self, payload: bytes | str) -> None:
        self._frames.append(payload if isinstance(payload, bytes) else payload.encode())

    def _keep(self, response: Response) -> None:
        if "/static/" not in response.url and response.status == 200:
            self._files.append(response)


def _ends_a_run(frame: bytes) -> bool:
    said = ForwardMsg()
    said.ParseFromString(frame)
    return said.WhichOneof("type") == "script_finished" and said.script_finished == said.FINISHED_SUCCESSFULLY


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_whom_it_is_meant_for_and_shows_one_territory(name: str, role: str, entered: Entered) -> None:
    page = entered(role)
    sent = Sent(page)
    page.goto(f"/{name}?{TRY}")
    told = sent.by_a_whole_run()
    expect(page.get_by_role("heading", name=PAGES[name].title, exact=True)).to_be_visible(timeout=TIMEOUT_MS)
    if name in RIGHTS_BY_ROLE[role]:
        assert REFUSED.encode() not in told
    else:
        expect(page.get_by_text(REFUSED)).to_be_visible(timeout=TIMEOUT_MS)
        assert not shown(page)
    assert OURS.encode() in told, "the search finds what is there"
    marks = (f"{THEIRS}-", f"{THEIRS} text") if name in NAMES and name in RIGHTS_BY_ROLE[role] else (THEIRS,)
    # What was asked for is told back in the address and in what is ignored of it.
    told = told.replace(TRY.encode(), b"").replace(TRY.partition("number=")[2].encode(), b"")
    assert not [mark for mark in marks if mark.encode() in told]


@pytest.mark.parametrize("name", PAGES)
def test_signed_out_there_is_no_page(name: str, entered: Entered) -> None:
    page = entered(None)
    sent = Sent(page)
    page.goto(f"/{name}?{TRY}&as=administrator")
    expect(page.get_by_role("button", name="Sign in with City Hall")).to_be_visible(timeout=TIMEOUT_MS)
    assert not shown(page)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    told = sent.all().replace(TRY.encode(), b"")
    assert OURS.encode() not in told
    assert THEIRS.encode() not in told


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_has_the_pages_that_are_open(role: str, entered: Entered) -> None:
    page = entered(role)
    page.goto("/")
    expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=TIMEOUT_MS)
    links = page.get_by_test_id("stTopNavLink")
    titles = [declared.title for name, declared in PAGES.items() if name in RIGHTS_BY_ROLE[role] and declared.listed]
    # A wall screen has none: nobody stands there to use it.
    assert [one.strip() for one in links.all_inner_texts()] == ([] if role == "screen" else titles)


def shown(page: Page) -> int:
    """How much of a page there is."""
    parts = ("stMetric", "stDataFrame", "stVegaLiteChart", "stDeckGlJsonChart", "stSelectbox", "stTextInput")
    return sum(page.get_by_test_id(part).count() for part in parts)


def test_a_deep_link_on_a_fresh_server_has_the_menu(browser: Browser, app: RunningApp) -> None:
    with running_app(app.data) as fresh:
        context = browser.new_context(base_url=fresh.url, locale="en-GB")
        page = context.new_page()
        page.goto("/queue?territory=RU-KHM&as=manager")
        expect(page.get_by_role("heading", name="Queue", exact=True)).to_be_visible(timeout=TIMEOUT_MS)
        expect(page.get_by_test_id("stTopNavLink").filter(has_text="Overview")).to_be_visible(timeout=TIMEOUT_MS)
        assert page.url.endswith("/queue?territory=RU-KHM&as=manager")
        context.close()


def test_a_deep_link_on_a_fresh_server_lets_nobody_in(browser: Browser, small: SignInApp, provider: Provider) -> None:
    with running_sign_in_app(small.app.data, provider) as fresh:
        context = browser.new_context(base_url=fresh.app.url, locale="en-GB")
        page = context.new_page()
        sent = Sent(page)
        page.goto("/overdue?as=administrator")
        expect(page.get_by_role("button", name="Sign in with City Hall")).to_be_visible(timeout=TIMEOUT_MS)
        assert not shown(page)
        assert OURS.encode() not in sent.all()
        context.close()


@pytest.fixture
def enrolled(small: SignInApp) -> Iterator[tuple[str, Callable[[], None]]]:
    """The secret of a new device, and what revokes it."""
    owner = database_engine(small.app.database_url)
    with owner.begin() as connection:
        facts: dict[str, object] = {"name": "Hall", "role": "screen", "territories": ["XA"]}
        of = people.save_person_as_owner(connection, None, facts)
        secret = devices.enrol_device_as_owner(connection, of, "Hall, left")

    def revoke() -> None:
        with owner.begin() as connection:
            (number,) = connection.exec_driver_sql("SELECT max(id) FROM device").one()
            assert devices.revoke_device_as_owner(connection, number)

    yield secret, revoke
    owner.dispose()


def test_a_wall_screen_shows_figures_until_it_is_revoked(
    entered: Entered, small: SignInApp, enrolled: tuple[str, Callable[[], None]]
) -> None:
    secret, revoke = enrolled
    page = entered(None)
    sent = Sent(page)
    page.goto(f"/satisfaction?device={secret}&lang=en")
    expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=TIMEOUT_MS)
    expect(page.get_by_text("Hall · Nativeland region")).to_be_visible()
    told = sent.by_a_whole_run()
    # Nothing to press, nothing of others, and the secret neither in the address nor in what comes back.
    assert page.url == f"{small.app.url}/satisfaction?lang=en"
    for part in ("stTopNavLink", "stSelectbox", "stPopover", "stButtonGroup"):
        expect(page.get_by_test_id(part)).to_have_count(0)
    assert OURS.encode() in told
    assert THEIRS.encode() not in told
    assert secret.encode() not in told
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "otklik_device"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    # A restarted screen comes back by itself; pages with appeals stay shut.
    page.goto("/queue")
    expect(page.get_by_text(REFUSED)).to_be_visible(timeout=TIMEOUT_MS)
    page.goto("/")
    expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=TIMEOUT_MS)
    revoke()
    expect(page.get_by_text("This screen's link is not valid any more.")).to_be_visible(timeout=30_000)
    assert not shown(page)
    page.get_by_role("link", name="Forget this link").click()
    wait_for(lambda: not [one for one in page.context.cookies() if one["name"] == "otklik_device"], "no cookie")
    assert secret.encode() not in small.app.log.read_bytes()
