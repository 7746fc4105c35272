"""An applicant follows an appeal on a phone without JavaScript, rates and re-opens it; an open screen shows it."""

from collections.abc import Iterator
from typing import Literal

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from otklik.database.access.receipts import issue_receipt
from otklik.database.engine import database_engine
from otklik.pages import CITIZEN_PATH
from tests.support.servers.running_app import RunningApp

pytestmark = pytest.mark.serial

LOOKS: tuple[tuple[str, Literal["light", "dark"]], ...] = (("en", "light"), ("ru", "dark"), ("hr", "light"))
NUMBER, WORDS, REASON = "FOLLOW-1", "The lamp is still dark.", "Nobody came to the lamp."
COPY_SQL = """
    INSERT INTO appeal (region_id, source_id, number, channel_id, topic_id, municipality_id, regime_id, status_id,
        outcome_id, first_holder_id, holder_id, received_at, registered_at, deadline_at, closed_at, body)
    SELECT a.region_id, a.source_id, %s, a.channel_id, a.topic_id, a.municipality_id, a.regime_id, a.status_id,
        a.outcome_id, a.holder_id, a.holder_id, now() - interval '9 days', now() - interval '8 days',
        now() - interval '1 day', now() - interval '2 days', 'The lamp is dark.'
    FROM appeal AS a JOIN outcome ON outcome.id = a.outcome_id JOIN territory ON territory.id = a.region_id
    WHERE outcome.code = 'resolved' AND a.reopened = 0 AND territory.code = 'RU-KHM' AND a.municipality_id IS NOT NULL
    ORDER BY a.id LIMIT 1 RETURNING region_id, id"""


@pytest.fixture
def secret(app: RunningApp) -> Iterator[str]:
    """The secret of an appeal that was answered as resolved; it is taken away after the test."""
    with psycopg.connect(app.database_url, autocommit=True) as connection:
        key = connection.execute(COPY_SQL, [NUMBER]).fetchone()
        assert key
        engine = database_engine(app.database_url)
        with engine.begin() as owner:
            new_secret = issue_receipt(owner, *key)
        engine.dispose()
        yield new_secret
        connection.execute("ALTER TABLE event DISABLE TRIGGER event_is_append_only")
        connection.execute("DELETE FROM event WHERE (region_id, appeal_id) = (%s, %s)", key)
        connection.execute("ALTER TABLE event ENABLE TRIGGER event_is_append_only")
        connection.execute("DELETE FROM appeal WHERE (region_id, id) = (%s, %s)", key)


@pytest.fixture
def phone(browser: Browser, app: RunningApp) -> Iterator[Page]:
    """A phone's browser that runs no script."""
    context = browser.new_context(
        base_url=app.url, viewport={"width": 390, "height": 844}, java_script_enabled=False, locale="en-GB"
    )
    yield context.new_page()
    context.close()


def open_appeal(page: Page, secret: str) -> None:
    page.goto(CITIZEN_PATH)
    page.get_by_label("Number of the appeal").fill(NUMBER)
    page.get_by_label("Secret").fill(secret)
    page.get_by_role("button", name="Show my appeal").click()
    expect(page.get_by_role("heading", name=f"Appeal {NUMBER}")).to_be_visible()


def test_follow_rate_and_reopen_as_the_centre_watches(page: Page, phone: Page, secret: str) -> None:
    page.goto(f"/appeal?number={NUMBER}&as=staff&lang=en")
    expect(page.get_by_text("Closed", exact=True).first).to_be_visible()
    open_appeal(phone, secret)
    expect(phone.get_by_text("The organisation says that the matter is resolved.")).to_be_visible()
    phone.get_by_role("group", name="Was the matter resolved?").get_by_label("No").check()
    phone.get_by_label("2 – Bad").check()
    phone.get_by_label("In your words").fill(WORDS)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("status")).to_contain_text("Thank you.")
    # Nobody touches the centre's screen.
    history = page.get_by_role("tabpanel", name="As the centre sees it")
    expect(history.get_by_text("Resolved, says the applicant: No")).to_be_visible()
    expect(history.get_by_text(WORDS)).to_be_visible()
    expect(history.get_by_text("Looked at by the applicant")).to_be_visible()
    phone.get_by_text("Have it taken up again").click()
    phone.get_by_label("What is not resolved?").fill(REASON)
    phone.get_by_role("button", name="Take it up again").click()
    expect(phone.get_by_role("status")).to_contain_text("taken up again")
    expect(phone.get_by_text("It was taken up again and is being considered once more.")).to_be_visible()
    expect(page.get_by_text("Under re-consideration").first).to_be_visible()
    expect(history.get_by_text(REASON)).to_be_visible()
    expect(phone.get_by_role("button", name="Send")).to_have_count(0)
    phone.get_by_role("button", name="Leave").click()
    expect(phone.get_by_role("status")).to_contain_text("You have left.")


def test_the_page_is_accessible_and_fits_a_phone(browser: Browser, app: RunningApp, secret: str) -> None:
    for language, scheme in LOOKS:
        context = browser.new_context(
            base_url=app.url, viewport={"width": 390, "height": 844}, color_scheme=scheme, locale="en-GB"
        )
        page = context.new_page()
        page.goto(CITIZEN_PATH)
        assert Axe().run(page).response["violations"] == []
        open_appeal(page, secret)
        page.goto(f"{CITIZEN_PATH}?lang={language}")
        for summary in page.locator("summary").all():
            summary.click()
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        context.close()
