"""From a poll that closes soon, in the morning, to its results by territory, and to a file that says the same."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from playwright.sync_api import Page, expect

from otklik.database.engine import database_engine
from otklik.database.functions.votes import Answer
from tests.support.participation.polls import DAY, poll, question, vote
from tests.support.servers.running_app import RunningApp

pytestmark = pytest.mark.serial

NUMBER = "browser-1"
STAFF = "as=staff&lang=en"
OURS = f"(SELECT id FROM poll WHERE number = '{NUMBER}')"
# Of two options, by town: enough people in each cell.
VOTES = {"RU-KHM-SURGUT": (31, 22), "RU-KHM-KOGALYM": (14, 18), "RU-KHM-URAY": (12, 11)}


@pytest.fixture
def votes(app: RunningApp) -> Iterator[psycopg.Connection]:
    """The owner's connection, with a poll of Ugra that closes tomorrow; takes it away after the test."""
    engine = database_engine(app.database_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        poll_id = poll(
            connection,
            "RU-KHM",
            "roads.surface",
            number=NUMBER,
            title="Which bridge first",
            closes_at=datetime.now(UTC) + DAY,
            quorum_votes=5000,
        )
        single = question(connection, poll_id, "single", "The old one", "The new one")
        # Nobody sees the poll before all have voted: its first step is of the first two thirds of them.
        with engine.begin() as voting:
            for batch in range(3):
                for town, by_option in VOTES.items():
                    town_id = voting.exec_driver_sql(f"SELECT id FROM territory WHERE code = '{town}'").scalar_one()
                    for option, count in zip(single.options, by_option, strict=True):
                        for number in range(count):
                            name = f"{batch} {town} {option} {number}"
                            vote(voting, poll_id, name, [Answer(single.id, option)], municipality_id=town_id)
    engine.dispose()
    with psycopg.connect(app.database_url, autocommit=True) as owner:
        yield owner
        for table in ("poll_answer", "poll_ballot", "poll_question", "poll"):
            column = "id" if table == "poll" else "poll_id"
            if table == "poll_question":
                of_questions = f"(SELECT id FROM poll_question WHERE poll_id IN {OURS})"
                owner.execute(f"DELETE FROM poll_option WHERE question_id IN {of_questions}".encode())
            owner.execute(f"DELETE FROM {table} WHERE {column} IN {OURS}".encode())


def test_from_the_morning_to_results_by_territory_and_a_file(page: Page, votes: psycopg.Connection) -> None:
    page.goto(f"/overview?{STAFF}&territory=RU-KHM&topic=roads.surface")
    page.locator(".st-key-closing-polls").get_by_role("link", name="Which bridge first").click()
    head = page.locator(".st-key-poll-head")
    expect(head).to_contain_text("Which bridge first")
    expect(page.get_by_text("324 votes").first).to_be_visible()
    expect(page.get_by_text("Who voted isn't who lives here")).to_be_visible()
    # A vote shows by itself.
    votes.execute(f"SELECT cast_vote({OURS}, sha256('one more'), 'portal', NULL, 0, 0, '[]')".encode())
    expect(page.get_by_text("325 votes").first).to_be_visible()
    votes.execute(f"SELECT withdraw_vote({OURS}, sha256('one more'))".encode())
    expect(page.get_by_text("324 votes").first).to_be_visible()
    expect(page.get_by_text("They are as of 216 votes")).to_be_visible()
    page.get_by_role("radio", name="By territory").click()
    page.locator("[class*='st-key-take-Question']").get_by_role("button").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Rows (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    shown = {(row["Name"], row["Option"]): int(row["Votes"]) for row in rows}
    names = {"RU-KHM-SURGUT": "Surgut", "RU-KHM-KOGALYM": "Kogalym", "RU-KHM-URAY": "Uray"}
    assert shown == {
        (names[town], option): 2 * count
        for town, by_option in VOTES.items()
        for option, count in zip(("The old one", "The new one"), by_option, strict=True)
    }
    assert {row["State"] for row in rows} == {"Running"}
