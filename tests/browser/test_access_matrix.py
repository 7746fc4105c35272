"""Every page for every role, from a real server: opened or refused, and nothing of another territory on the way to it.

Everybody here sees the region XA alone. What lies in XB is marked, in names, numbers and texts, and the marks are
searched for in all that the server sends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Cookie, Page, Response, WebSocket, expect
from sqlalchemy import Connection
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from otklik.database.access import devices, people
from otklik.database.engine import database_engine
from otklik.pages import PAGES
from otklik.permissions import RIGHTS_BY_ROLE, ROLES
from tests.browser.conftest import OpenContext
from tests.support import factories
from tests.support.servers.data_folders import data_folder_with_cluster
from tests.support.servers.sign_in_provider import Provider, SignInApp, running_sign_in_app, sign_in
from tests.support.servers.streamlit_client import PageRun, open_page
from tests.support.waiting import wait_for

OURS, THEIRS = "Nativeland", "Foreignland"
REFUSED = "This page is not open to you."
NAMES = {"people", "screens"}
"""Where an administrator gives territories to people or scenes: their names are words there, not rows."""
TRY = "territory=XB&organisation=office-XB&number=Foreignland-open"
"""What somebody may write into an address who wants to see more."""
CONTENT_TYPES = {"metric", "dataframe", "vega_lite_chart", "deck_gl_json_chart", "selectbox", "text_input"}
"""The elements of Streamlit's protocol that hold figures or rows, or ask for a choice."""
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
    with data_folder_with_cluster() as data, running_sign_in_app(data, provider) as started:
        owner = database_engine(started.app.database_url)
        with owner.begin() as connection:
            plant(connection)
        owner.dispose()
        for role in ROLES:
            started.add_person(f"{role}@example.org", role, "XA")
        yield started


@dataclass(frozen=True)
class Visit:
    """What somebody has after signing in: the cookies, and the entries of the page menu in their order."""

    cookies: list[Cookie]
    menu: list[str]


VisitOf = Callable[[str], Visit]


@pytest.fixture(scope="module")
def visit_of(emptied_context: OpenContext, small: SignInApp) -> VisitOf:
    """Gives the visit of the person of a role; each signs in once."""

    @cache
    def visit_by_sign_in(role: str) -> Visit:
        context = emptied_context(small.app.url)
        page = context.new_page()
        sign_in(page, f"{role}@example.org")
        expect(page.get_by_test_id("stMetric").first).to_be_visible()
        links = page.get_by_test_id("stTopNavLink").all_inner_texts()
        page.close()
        return Visit(context.cookies(), [link.strip() for link in links])

    return visit_by_sign_in


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
        wait_for(self._is_run, "the end of a run")
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
def test_a_page_is_open_to_whom_it_is_meant_for_and_shows_one_territory(
    role: str, small: SignInApp, visit_of: VisitOf
) -> None:
    for name in PAGES:
        run = open_page(small.app.url, name, TRY, visit_of(role).cookies)
        sent_bytes = run.sent_bytes()
        is_open = name in RIGHTS_BY_ROLE[role]
        assert (REFUSED.encode() in sent_bytes) == (not is_open), name
        assert is_open or not content_of(run), name
        assert PAGES[name].title.encode() in sent_bytes, name
        assert OURS.encode() in sent_bytes, "the search finds what is there"
        marks = (f"{THEIRS}-", f"{THEIRS} text") if name in NAMES and is_open else (THEIRS,)
        assert not [mark for mark in marks if mark.encode() in without_request(sent_bytes)], name


def test_signed_out_there_is_no_page(small: SignInApp) -> None:
    for name in PAGES:
        run = open_page(small.app.url, name, f"{TRY}&as=administrator")
        sent_bytes = run.sent_bytes()
        assert b"Sign in with City Hall" in sent_bytes
        assert not content_of(run), name
        assert not [mark for mark in (OURS, THEIRS) if mark.encode() in without_request(sent_bytes)], name


def content_of(run: PageRun) -> set[str]:
    """The types of a page's elements that hold figures or rows, or ask for a choice."""
    return CONTENT_TYPES & set(run.element_types())


def without_request(sent_bytes: bytes) -> bytes:
    """What was sent but for what was asked, which comes back in the address and in the note of ignored values."""
    return sent_bytes.replace(TRY.encode(), b"").replace(TRY.partition("number=")[2].encode(), b"")


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_has_the_pages_that_are_open(role: str, visit_of: VisitOf) -> None:
    titles = [declared.title for name, declared in PAGES.items() if name in RIGHTS_BY_ROLE[role] and declared.listed]
    # A wall screen has none: nobody stands there to use it.
    assert visit_of(role).menu == ([] if role == "screen" else titles)


def shown(page: Page) -> int:
    """How much of a page there is."""
    parts = ("stMetric", "stDataFrame", "stVegaLiteChart", "stDeckGlJsonChart", "stSelectbox", "stTextInput")
    return sum(page.get_by_test_id(part).count() for part in parts)


def test_a_deep_link_on_a_fresh_server_lets_nobody_in(
    new_context: OpenContext, small: SignInApp, provider: Provider
) -> None:
    with running_sign_in_app(small.app.data, provider) as fresh:
        page = new_context(fresh.app.url).new_page()
        sent = Sent(page)
        page.goto("/overdue?as=administrator")
        expect(page.get_by_role("button", name="Sign in with City Hall")).to_be_visible()
        assert not shown(page)
        assert OURS.encode() not in sent.all()


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
    open_context: OpenContext, small: SignInApp, enrolled: tuple[str, Callable[[], None]]
) -> None:
    secret, revoke = enrolled
    page = open_context(small.app.url).new_page()
    sent = Sent(page)
    page.goto(f"/satisfaction?device={secret}&lang=en")
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
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
    expect(page.get_by_text(REFUSED)).to_be_visible()
    page.goto("/")
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    revoke()
    expect(page.get_by_text("This screen's link is not valid any more.")).to_be_visible()
    assert not shown(page)
    page.get_by_role("link", name="Forget this link").click()
    wait_for(lambda: not [one for one in page.context.cookies() if one["name"] == "otklik_device"], "no cookie")
    assert secret.encode() not in small.app.log.read_bytes()
