"""An official opens a problem from a surge, decides on it, finds its late remedy, and makes its dossier."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.support.servers.running_app import RunningApp

pytestmark = pytest.mark.serial

TITLE, REMEDY = "The bridge is closed again", "Strengthen the bridge"
OFFICIAL = "as=official&lang=en"
OURS = f"(SELECT id FROM problem WHERE title = '{TITLE}')"


SURGE_OBSERVED = 4321
RUN_SQL = """
    INSERT INTO detection_run (country_id, day, cells, threshold, code_version)
    SELECT id, %s, 1, 0.0001, 'browser' FROM territory WHERE code = 'RU' ON CONFLICT DO NOTHING"""
ALARM_SQL = """
    INSERT INTO surge_alarm (country_id, day, territory_id, topic_id, window_days, observed, expected, usual_low,
        usual_high, dispersion, probability)
    SELECT country.id, %s, place.id, topic.id, 7, %s, 2, 0, 4, 1, 1e-9
    FROM territory AS country, territory AS place, topic
    WHERE country.code = 'RU' AND place.code = 'RU-KHM' AND topic.code = 'roads.surface'"""
FORGET_SQL = (f"surge_alarm WHERE observed = {SURGE_OBSERVED}", "detection_run WHERE code_version = 'browser'")


@pytest.fixture
def database(app: RunningApp) -> Iterator[psycopg.Connection]:
    """The owner's connection; takes the problem away after the test."""
    with psycopg.connect(app.database_url, autocommit=True) as connection:
        yield connection
        connection.execute("ALTER TABLE problem_event DISABLE TRIGGER problem_events_are_append_only")
        for table in ("problem_event", "problem_remedy"):
            connection.execute(f"DELETE FROM {table} WHERE problem_id IN {OURS}".encode())
        connection.execute("ALTER TABLE problem_event ENABLE TRIGGER problem_events_are_append_only")
        connection.execute(f"DELETE FROM problem WHERE id IN {OURS}".encode())


@pytest.fixture
def surge(database: psycopg.Connection) -> Iterator[date]:
    """The first day of a surge of the topic in the region, found yesterday; it is taken away after the test."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    database.execute(RUN_SQL.encode(), [yesterday])
    database.execute(ALARM_SQL.encode(), [yesterday, SURGE_OBSERVED])
    database.execute("SELECT pg_notify('otklik_announcements', 'surges')")
    yield yesterday - timedelta(days=6)
    for rows in FORGET_SQL:
        table = rows.split()[0]
        database.execute(f"ALTER TABLE {table} DISABLE TRIGGER detection_is_append_only".encode())
        database.execute(f"DELETE FROM {rows}".encode())
        database.execute(f"ALTER TABLE {table} ENABLE TRIGGER detection_is_append_only".encode())
    database.execute("SELECT pg_notify('otklik_announcements', 'surges')")


def form(page: Page, button: str) -> Locator:
    """The form with this button."""
    return page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name=button, exact=True))


def submit(page: Page, button: str, message: str) -> None:
    """Press the form's button, and wait for the message that it was done."""
    form(page, button).get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(message)).to_be_visible()


def test_from_a_surge_to_a_late_remedy_in_the_morning_and_the_dossier(
    page: Page, database: psycopg.Connection, surge: date
) -> None:
    page.goto(f"/overview?{OFFICIAL}&territory=RU-KHM")
    expect(page.get_by_text("4,321 appeals within 7 days").first).to_be_visible()
    page.locator(f'a[href*="surge={surge.isoformat()}"][href*="topic=roads.surface"]').first.click()
    opening = form(page, "Open the problem")
    opening.get_by_label("Title").fill(TITLE)
    opening.get_by_label("What is wrong, and how it was noticed").fill("A crack across the road")
    opening.get_by_role("combobox").click()
    page.get_by_role("option", name="Official of the Ural district").click()
    submit(page, "Open the problem", "The problem is opened.")
    for status in ("Confirmed", "Decided"):
        form(page, "Take the step").get_by_label("Reason").fill(f"{status} on the spot")
        submit(page, "Take the step", "The problem has taken the step.")
        expect(page.locator(".st-key-problem-head").get_by_text(status, exact=True)).to_be_visible()
    page.get_by_text("Add a remedy", exact=True).click()
    adding = form(page, "Add the remedy")
    adding.get_by_label("What is to be done").fill(REMEDY)
    adding.get_by_label("Or by whom").fill("Road office")
    adding.get_by_label("Reason").fill("Cheaper than a new one")
    submit(page, "Add the remedy", "The remedy is added.")
    number = database.execute(f"SELECT * FROM {OURS} AS ours".encode()).fetchone()
    assert number
    assert f"problem={number[0]}" in page.url

    database.execute("UPDATE problem_remedy SET due = CURRENT_DATE - 2 WHERE title = %s", [REMEDY])
    page.goto(f"/overview?{OFFICIAL}&territory=RU-KHM")
    page.locator(".st-key-overdue-remedies").get_by_role("link", name=REMEDY).click()
    expect(page.locator(".st-key-problem-head")).to_contain_text(TITLE)
    expect(page.get_by_text("overdue, was due").first).to_be_visible()
    since = database.execute(f"SELECT since, surge_starts FROM problem WHERE id IN {OURS}".encode()).fetchone()
    assert since == (surge, surge)

    page.get_by_role("button", name="Problem dossier").locator("visible=true").first.click()
    page.get_by_role("button", name="PDF for reading", exact=True).click()
    ready = page.get_by_role("button", name="Download: PDF for reading")
    expect(ready).to_be_visible()
    with page.expect_download() as download:
        ready.click()
    pages = PdfReader(download.value.path()).pages
    dossier, letter = (" ".join(pdf_page.extract_text().split()) for pdf_page in pages)
    for text in (TITLE, REMEDY, "overdue, was due", "Confirmed → Decided"):
        assert text in dossier
    assert f"To: Road office On: {TITLE}" in letter
