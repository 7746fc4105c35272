"""An official opens a problem, decides on it, and finds its late remedy on the overview, as a person does it."""

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.running_app import RunningApp

pytestmark = pytest.mark.serial

TITLE, REMEDY = "The bridge is closed again", "Strengthen the bridge"
OFFICIAL = "as=official&lang=en"
OURS = f"(SELECT id FROM problem WHERE title = '{TITLE}')"


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


def form(page: Page, button: str) -> Locator:
    """The form with this button."""
    return page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name=button, exact=True))


def submit(page: Page, button: str, message: str) -> None:
    """Press the form's button, and wait for the message that it was done."""
    form(page, button).get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(message)).to_be_visible()


def test_from_a_problem_to_its_late_remedy_in_the_morning(page: Page, database: psycopg.Connection) -> None:
    page.goto(f"/problems?{OFFICIAL}&territory=RU-KHM&topic=roads.surface")
    page.get_by_text("Open a problem", exact=True).click()
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
