"""The applicant's word on an answer, and taking it up again: once, in time, beside what the centre says."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, text
from starlette.applications import Starlette

from otklik.citizen.appeal_view import reopening_deadline
from otklik.database.access import visits
from otklik.database.access.receipts import issue_receipt
from tests.otklik.citizen.conftest import NUMBER, Browser, rows
from tests.support import factories
from tests.support.figures.cube_checks import assert_cubes_match

APPEAL = "SELECT status.code, a.closed_at, a.reopened, a.rating FROM appeal AS a JOIN status ON status.id = status_id"


def test_an_answer_is_rated_once_beside_its_official_outcome(
    connection: Connection, url: str, browser: Browser, secret: str
) -> None:
    browser.open(secret)
    page = browser.get().body.decode()
    assert "Was the matter resolved?" in page
    for incomplete in ({}, {"rating": "5"}, {"verdict": "maybe", "rating": "5"}, {"verdict": "no", "rating": "6"}):
        assert browser.post("rating", {**incomplete}).status == 400
    assert browser.post("rating", {"verdict": "no"}).status == 409, "a rating is wanted too"
    response = browser.post("rating", {"verdict": "no", "rating": "2", "comment": " It still leaks. "})
    assert response.headers["location"] == "/my-appeal?lang=en&done=rating"
    assert rows(
        connection,
        "SELECT v.resolved, outcome.code, a.rating, a.rated_at = v.given_at, v.answered_at = a.closed_at"
        " FROM verdict AS v JOIN appeal AS a ON a.id = appeal_id JOIN outcome ON outcome.id = v.outcome_id",
    ) == [("no", "resolved", 2, True, True)]
    assert rows(connection, "SELECT kind, actor, reason, after FROM event WHERE kind = 'rated'") == [
        ("rated", "applicant", "It still leaks.", {"rating": 2, "verdict": "no"})
    ]
    page = browser.get("done=rating").body.decode()
    assert "Thank you." in page
    assert "Your rating: 2 – Bad · Resolved, as you say: No" in page
    assert "Was the matter resolved?" not in page
    assert_cubes_match(url)


def test_a_rating_that_is_there_already_stays(connection: Connection, app: Starlette) -> None:
    now = datetime.now(UTC)
    closed = now - timedelta(days=2)
    key = factories.appeal(
        connection, number="R", received_at=now - timedelta(days=9), closed_at=closed, rating=4, rated_at=closed
    )
    browser = Browser(app)
    browser.open(issue_receipt(connection, *key), "R")
    page = browser.get().body.decode()
    assert "Was the matter resolved?" in page
    assert "How good was the answer?" not in page
    assert browser.post("rating", {"verdict": "partly", "rating": "1"}).status == 303
    assert rows(connection, "SELECT rating, rated_at FROM appeal") == [(4, closed)]
    assert rows(connection, "SELECT after FROM event") == [({"verdict": "partly"},)]


def test_it_is_taken_up_again_once_and_rated_anew(
    connection: Connection, url: str, browser: Browser, secret: str
) -> None:
    browser.open(secret)
    browser.post("rating", {"verdict": "no", "rating": "1"})
    assert "you can have the appeal taken up again" in browser.get().body.decode()
    assert browser.post("reopening", {"reason": "  "}).status == 400
    assert browser.post("reopening", {"reason": "It still leaks."}).status == 303
    assert rows(connection, APPEAL) == [("reconsideration", None, 1, 1)]
    page = browser.get("done=reopening").body.decode()
    assert "taken up again and is being considered once more" in page
    assert "It still leaks." in page
    assert browser.post("rating", {"verdict": "yes", "rating": "5"}).status == 409
    assert browser.post("reopening", {"reason": "once more"}).status == 409
    (reopened,) = rows(connection, "SELECT actor, reason, before->>'outcome', set_here FROM event JOIN appeal"
                       " ON appeal.id = appeal_id WHERE kind = 'reopened'")  # fmt: skip
    assert reopened[:3] == ("applicant", "It still leaks.", "resolved")
    assert "status" in str(reopened[3])
    # The next answer has a verdict and a rating of its own; those of the first stay counted.
    connection.execute(
        text(
            "UPDATE appeal SET status_id = (SELECT id FROM status WHERE code = 'answered'), closed_at = now(),"
            " outcome_id = (SELECT id FROM outcome WHERE code = 'explained')"
        )
    )
    assert "you can have the appeal taken up again" not in browser.get().body.decode()
    assert browser.post("rating", {"verdict": "yes", "rating": "5"}).status == 303
    verdicts = "SELECT v.resolved, code FROM verdict AS v JOIN outcome ON outcome.id = outcome_id ORDER BY given_at"
    assert rows(connection, verdicts) == [("no", "resolved"), ("yes", "explained")]
    assert rows(connection, "SELECT rating FROM given_rating ORDER BY rated_at") == [(1,), (5,)]
    assert_cubes_match(url)


@pytest.mark.parametrize(
    ("days", "setting", "is_allowed"),
    [(29, None, True), (31, None, False), (31, "40", True), (8, "7", False)],
)
def test_reopening_is_possible_for_some_days(
    connection: Connection, app: Starlette, days: int, setting: str | None, *, is_allowed: bool
) -> None:
    if setting:
        connection.execute(
            text("INSERT INTO setting VALUES ('reopening_days', CAST(:days AS jsonb))"), {"days": setting}
        )
    now = datetime.now(UTC)
    key = factories.appeal(
        connection, number="D", received_at=now - timedelta(days=99), closed_at=now - timedelta(days=days)
    )
    browser = Browser(app)
    browser.open(issue_receipt(connection, *key), "D")
    assert ("Take it up again" in browser.get().body.decode()) is is_allowed
    assert browser.post("reopening", {"reason": "why not"}).status == (303 if is_allowed else 409)


@pytest.mark.parametrize(("status", "outcome"), [("rejected", "rejected"), ("answered", "duplicate")])
def test_what_was_no_answer_isnt_taken_up_again(
    connection: Connection, app: Starlette, status: str, outcome: str
) -> None:
    now = datetime.now(UTC)
    key = factories.appeal(
        connection, number="N", received_at=now - timedelta(days=9), closed_at=now, status=status, outcome=outcome
    )
    browser = Browser(app)
    browser.open(issue_receipt(connection, *key), "N")
    assert browser.post("reopening", {"reason": "why not"}).status == 409
    assert browser.post("rating", {"verdict": "no", "rating": "1"}).status == (409 if status == "rejected" else 303)


def test_two_forms_at_once_count_once(connection: Connection, browser: Browser, secret: str) -> None:
    browser.open(secret)
    appeal = visits.visited_appeal(browser.token)
    assert appeal
    deadline, by_rule = reopening_deadline(appeal, datetime.now(UTC))
    start, changes = Barrier(4), []

    def send(n: int) -> None:
        start.wait()
        changes.append(
            visits.rate_answer(browser.token, 1, "no", "")
            if n % 2
            else visits.reopen_appeal(browser.token, "now", deadline, by_rule=by_rule)
        )

    threads = [Thread(target=send, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert changes.count("done") in (1, 2), "the rating isn't possible after the re-opening"
    assert rows(connection, "SELECT reopened FROM appeal") == [(1,)]
    assert rows(connection, "SELECT deadline_at FROM appeal") == [(deadline,)]


def test_without_a_rule_there_is_as_long_again(connection: Connection, app: Starlette) -> None:
    connection.execute(text("DELETE FROM deadline_rule WHERE code = 'any'"))
    now = datetime.now(UTC)
    key = factories.appeal(
        connection, number="K", received_at=now - timedelta(days=9), deadline_at=now - timedelta(days=2), closed_at=now
    )
    browser = Browser(app)
    browser.open(issue_receipt(connection, *key), "K")
    assert browser.post("reopening", {"reason": "not yet"}).status == 303
    ((deadline, set_here),) = rows(connection, "SELECT deadline_at, set_here FROM appeal")
    assert isinstance(deadline, datetime)
    assert timedelta(days=7) <= deadline - now < timedelta(days=7, minutes=5)
    assert set_here == ["status", "deadline"]
    assert "A person set it to" in browser.get().body.decode()


def test_a_rule_gives_the_new_deadline_and_explains_it(connection: Connection, app: Starlette) -> None:
    now = datetime.now(UTC)
    key = factories.appeal(connection, number="K", received_at=now - timedelta(days=5), closed_at=now)
    browser = Browser(app)
    browser.open(issue_receipt(connection, *key), "K")
    assert browser.post("reopening", {"reason": "not yet"}).status == 303
    assert rows(connection, "SELECT set_here FROM appeal") == [(["status"],)]
    page = browser.get().body.decode()
    assert "Rule “Any appeal”, when re-opened: 15 calendar days" in page
    assert NUMBER not in page
