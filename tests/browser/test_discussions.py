"""From a comment whose answer is late, in the morning, to its answer, and to a file that has both."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import Page, expect

from otklik.database.engine import database_engine
from tests.support.participation.discussions import DAY, comment, discussion, react
from tests.support.servers.running_app import RunningApp

pytestmark = pytest.mark.serial

NUMBER = "browser-1"
MANAGER = "as=manager&lang=en"
UGRA = ZoneInfo("Asia/Yekaterinburg")
OURS = f"(SELECT id FROM discussion WHERE number = '{NUMBER}')"
TABLES = ("discussion_event", "comment_reaction", "discussion_comment", "discussion_participant", "discussion")


@pytest.fixture
def owner(app: RunningApp) -> Iterator[psycopg.Connection]:
    """The owner's connection, with a discussion of Ugra that has a late answer; takes it away after the test."""
    engine = database_engine(app.database_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        discussion_id = discussion(
            connection, "RU-KHM", "roads.surface", number=NUMBER, title="Which bridge first", answer_days=3
        )
        late = datetime.now(UGRA).date() - 5 * DAY
        comment_id = comment(connection, discussion_id, "anna", "The old one shakes", due=late)
        comment(connection, discussion_id, "boris", "Thank you for asking", state="pending")
        for name in ("vera", "gleb"):
            react(connection, comment_id, name)
    engine.dispose()
    with psycopg.connect(app.database_url, autocommit=True) as connection:
        yield connection
        connection.execute("ALTER TABLE discussion_event DISABLE TRIGGER discussion_events_are_append_only")
        for table in TABLES:
            column = "id" if table == "discussion" else "discussion_id"
            connection.execute(f"DELETE FROM {table} WHERE {column} IN {OURS}".encode())
        connection.execute("ALTER TABLE discussion_event ENABLE TRIGGER discussion_events_are_append_only")


def test_from_a_late_answer_in_the_morning_to_the_answer_and_a_file(page: Page, owner: psycopg.Connection) -> None:
    page.goto(f"/overview?{MANAGER}&territory=RU-KHM&topic=roads.surface")
    late = page.locator(".st-key-late-comments")
    expect(late).to_contain_text("1 comment is unanswered past its deadline")
    late.get_by_role("link", name="Which bridge first").click()
    expect(page.locator(".st-key-discussion-head")).to_contain_text("Which bridge first")
    expect(page.get_by_text("answer late by 5 days").first).to_be_visible()
    # A reaction shows by itself.
    react_now = "SELECT react_to_comment(id, sha256('one more'), 'portal', NULL, 'agree') FROM discussion_comment"
    owner.execute(f"{react_now} WHERE discussion_id IN {OURS} AND state = 'published'".encode())
    expect(page.get_by_text("3 agree").first).to_be_visible()
    page.get_by_text("Answer this comment").click()
    page.get_by_role("textbox", name="Official answer").fill("It is repaired first")
    page.get_by_role("button", name="Publish the answer").click()
    expect(page.get_by_text("The answer is published.")).to_be_visible()
    expect(page.get_by_text("No comment waits here.")).to_be_visible()
    publish = page.get_by_role("button", name="Publish", exact=True)
    expect(publish).to_have_count(1)
    publish.click()
    expect(page.get_by_text("Nothing awaits moderation.")).to_be_visible()
    page.get_by_role("radio", name="All comments").click()
    expect(page.get_by_text("It is repaired first").first).to_be_visible()
    expect(page.get_by_text("Thank you for asking").first).to_be_visible()
    page.locator("[class*='st-key-take-Comments-and']").get_by_role("button").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Rows (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert [(row["Comment"], row["Agree"], row["Official answer"]) for row in rows] == [
        ("The old one shakes", "3", "It is repaired first"),
        ("Thank you for asking", "0", ""),
    ]
    kinds = owner.execute(f"SELECT kind FROM discussion_event WHERE discussion_id IN {OURS} ORDER BY id".encode())
    assert kinds.fetchall() == [("answered",), ("published",)]
