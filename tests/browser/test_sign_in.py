"""Signing in through a real provider, and everything that ends it."""

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import OpenContext
from tests.support.servers.running_app import RunningApp
from tests.support.servers.sign_in_provider import Provider, SignInApp, running_sign_in_app, sign_in
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial

SIGN_IN = "Sign in with City Hall"
COOKIE = "_streamlit_user"
SignedIn = Callable[..., Page]


def signed_out(page: Page) -> None:
    """Nothing but the way in."""
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    nothing_is_shown(page)


def nothing_is_shown(page: Page) -> None:
    expect(page.get_by_test_id("stMetric")).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)


def figures(page: Page) -> None:
    expect(page.get_by_test_id("stMetric").first).to_be_visible()


def territories(page: Page) -> list[str]:
    """What the filter can be set to."""
    page.get_by_role("combobox", name="Territory", exact=True).click()
    expect(page.get_by_role("option").first).to_be_visible()
    return [one.strip() for one in page.get_by_role("option").all_text_contents()]


def menu(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def log_out(page: Page, name: str) -> None:
    ours = page.get_by_role("button", name="Log out").and_(page.get_by_test_id("stBaseButton-secondary"))
    # The provider asks as well.
    theirs = page.locator("form button, form input[type=submit]").first

    def is_open() -> bool:
        # A menu that is just closing takes the click and does nothing.
        with suppress(Error):
            page.get_by_role("button", name=name).click(timeout=3_000)
            ours.wait_for(timeout=3_000)
        return ours.is_visible()

    page.bring_to_front()  # a tab behind another one opens no menu
    wait_for(is_open, "the menu")
    ours.click()
    theirs.click()
    signed_out(page)


def test_a_manager_signs_in_sees_one_territory_and_logs_out_in_all_tabs(signed_in: SignedIn) -> None:
    page = signed_in("manager")
    figures(page)
    assert territories(page)[0] == "Khanty-Mansi (Ugra)"
    assert not {"Russia", "Moscow", "Tyumen Region"} & set(territories(page))
    page.keyboard.press("Escape")
    menu(page, "Person manager")
    expect(page.get_by_text("Manager · Khanty-Mansi (Ugra)")).to_be_visible()
    page.keyboard.press("Escape")
    other = page.context.new_page()
    other.goto("/queue")
    figures(other)
    log_out(page, "Person manager")
    expect(other.get_by_text("Your sign-in is over. Sign in again.")).to_be_visible()
    nothing_is_shown(other)
    page.goto("/queue")
    signed_out(page)


def test_signing_in_leads_to_the_page_that_was_asked_for(signed_in: SignedIn) -> None:
    page = signed_in("staff", "/queue?territory=RU-KHM&lang=en")
    expect(page).to_have_url(re.compile(r"/queue\?territory=RU-KHM&lang=en$"))
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    expect(page.get_by_test_id("stTopNavLink").filter(has_text="Overview")).to_be_visible()


def test_the_demo_is_out_of_reach(page: Page, signing: SignInApp) -> None:
    page.goto(f"{signing.app.url}/?as=administrator")
    signed_out(page)


def test_a_sign_in_that_grows_too_old_ends_on_the_open_screen(page: Page, app: RunningApp, provider: Provider) -> None:
    with running_sign_in_app(app.data, provider, OTKLIK_SIGN_IN_HOURS="0.002") as signing:
        signing.add_person("brief@example.org", "manager", "RU-KHM")
        sign_in(page, "brief@example.org", signing.app.url)
        # By itself, whether or not anything changes meanwhile: at night nothing does.
        expect(page.get_by_text("Your sign-in is over. Sign in again.")).to_be_visible()
        signed_out(page)
        page.reload()
        expect(page.get_by_text("Your sign-in is over. Sign in again.")).to_be_visible()


def test_a_tampered_cookie_is_none(signed_in: SignedIn) -> None:
    page = signed_in("administrator")
    figures(page)
    (cookie,) = [one for one in page.context.cookies() if one["name"] == COOKIE]
    assert cookie["httpOnly"]
    payload, _, signature = cookie["value"].rpartition(".")
    changed = payload[:-4] + ("AAAA" if payload[-4:] != "AAAA" else "BBBB")
    page.context.add_cookies(
        [{"name": COOKIE, "value": f"{changed}.{signature}", "url": page.url, "httpOnly": True, "sameSite": "Lax"}]
    )
    page.reload()
    signed_out(page)


@pytest.fixture
def anna(signing: SignInApp) -> str:
    """Somebody of one's own, to change."""
    signing.add_person("anna@example.org", "manager", "RU-KHM")
    return "anna@example.org"


def test_a_person_who_is_changed_has_it_on_the_open_screen(signed_in: SignedIn, signing: SignInApp, anna: str) -> None:
    page = signed_in(anna)
    figures(page)
    chosen = page.get_by_role("combobox", name="Territory", exact=True)
    expect(chosen).to_have_value(re.compile("Ugra"))
    signing.add_person(anna, "manager", "RU-SVE")
    expect(chosen).to_have_value(re.compile("Sverdlovsk"))
    figures(page)
    signing.add_person(anna, "manager", "RU-SVE", is_active=False)
    expect(page.get_by_text("You are signed in, but may no longer use Otklik.")).to_be_visible()
    nothing_is_shown(page)
    page.goto("/queue")
    expect(page.get_by_text("You are signed in, but may no longer use Otklik.")).to_be_visible()
    nothing_is_shown(page)
    signing.add_person(anna, "manager", "RU-KHM")
    page.goto("/queue")
    figures(page)
    signing.add_person(anna, "screen", "RU-KHM")
    expect(page.get_by_text("This page is not open to you.")).to_be_visible()
    nothing_is_shown(page)


@pytest.mark.parametrize("verified", [True, False])
def test_who_is_unknown_is_told_whom_to_ask_and_can_leave(
    signed_in: SignedIn,
    signing: SignInApp,
    verified: bool,  # noqa: FBT001 -- pytest hands it over
) -> None:
    stranger = "stranger@example.org" if verified else "claimed@example.org"
    if not verified:
        signing.add_person(stranger, "administrator")
    signing.provider.set_claims(stranger, email_verified=verified)
    page = signed_in(stranger)
    expect(page.get_by_text("You are signed in, but Otklik doesn't know you yet.")).to_be_visible()
    expect(page.get_by_text("Ask Vera of the help desk.")).to_be_visible()
    expect(page.get_by_text("does not vouch for this e-mail")).to_have_count(0 if verified else 1)
    nothing_is_shown(page)
    page.get_by_role("button", name="Log out").click()
    page.locator("form button, form input[type=submit]").first.click()
    signed_out(page)


@pytest.fixture
def sent(page: Page) -> list[bytes]:
    """All that the websockets of the page bring."""
    frames: list[bytes] = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda frame: frames.append(frame if isinstance(frame, bytes) else frame.encode())
        ),
    )
    return frames


def test_no_secret_is_in_the_log_or_on_the_way_to_the_browser(
    page: Page, new_context: OpenContext, signing: SignInApp, sent: list[bytes]
) -> None:
    sign_in(page, "manager@example.org", signing.app.url)
    figures(page)
    tokens = [one["value"].rpartition(".")[0] for one in page.context.cookies() if one["name"].startswith(COOKIE)]
    # Refused at the provider, and come back with nonsense.
    other = new_context(signing.app.url).new_page()
    other.goto("/oauth2callback?code=forged&state=forged")
    signed_out(other)
    log = signing.app.log.read_bytes()
    told = b"".join(sent)
    assert told
    for secret in (*signing.secret_values, *tokens):
        assert secret.encode() not in log
        assert secret.encode() not in told
