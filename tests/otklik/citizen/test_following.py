"""An applicant follows an appeal by its number and secret: what the page says, in whose words, and what it records."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from starlette.applications import Starlette

from otklik.citizen import routes
from otklik.database.access import visits
from otklik.database.access.receipts import issue_receipt
from otklik.errors import DatabaseUnavailable
from otklik.i18n import LANGUAGES
from tests.otklik.citizen.conftest import NUMBER, Browser, rows
from tests.support import factories

SECRET_FORMS = ("{secret}", " {lower} ", "{bare}", "{spaced}", "{cyrillic}")


def test_it_is_off_unless_it_is_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", "no"):
        monkeypatch.setenv("OTKLIK_CITIZEN_PAGE", value)
        assert routes.citizen_routes() == []


def test_the_page_says_how_the_appeal_stands(connection: Connection, browser: Browser, secret: str) -> None:
    assert "Show my appeal" in browser.get().body.decode()
    response = browser.open(secret)
    assert (response.status, response.headers["location"]) == (303, "/my-appeal?lang=en")
    page = browser.get("lang=en").body.decode()
    for words in (NUMBER, "Answered", "You have been answered.", "The bridge is closed.", "Resolved", "Sent on"):
        assert words in page
    assert "Why this day?" not in page or "<ol>" in page
    (look,) = rows(connection, "SELECT appeal_id FROM appeal_look")
    browser.get("lang=en")
    assert rows(connection, "SELECT appeal_id FROM appeal_look") == [look], "a look is what a secret opened"
    assert browser.post("leave").headers["location"] == "/my-appeal?lang=en&left=1"
    assert rows(connection, "SELECT * FROM receipt_session") == []
    assert NUMBER not in browser.get().body.decode()


@pytest.mark.parametrize("form", SECRET_FORMS)
def test_a_secret_may_be_typed_as_people_type(browser: Browser, secret: str, form: str) -> None:
    bare = secret.replace("-", "")
    typed = form.format(
        secret=secret,
        lower=secret.lower(),
        bare=bare,
        spaced=" ".join(bare),
        cyrillic=bare.replace("A", "А").replace("B", "В").replace("0", "O").replace("1", "l"),
    )
    assert browser.open(typed).status == 303


def test_each_language_has_all_of_the_page(connection: Connection, app: Starlette) -> None:
    now = datetime.now(UTC)
    key = factories.appeal(
        connection, number="OPEN-1", received_at=now - timedelta(days=3), deadline_at=now + timedelta(days=5, hours=1)
    )
    factories.event(connection, key, "received", actor="applicant", at=now - timedelta(days=3))
    factories.event(connection, key, "redirected", actor="chief", reason="internal words", after={"holder": "office"})
    factories.event(connection, key, "note", reason="a note of the centre's")
    browser = Browser(app)
    browser.open(issue_receipt(connection, *key), "OPEN-1")
    pages = {language: browser.get(f"lang={language}").body.decode() for language in LANGUAGES}
    assert "5 days left" in pages["en"]
    assert "Your appeal came in" in pages["en"]
    assert "осталось" in pages["ru"].lower() or "5 дней" in pages["ru"]
    for language, page in pages.items():
        assert f'<html lang="{language}">' in page
        assert "internal words" not in page
        assert "a note of the centre" not in page
    assert "What happened so far" not in pages["ru"] + pages["hr"]
    assert 'lang="hr"' in browser.get().body.decode()
    browser.headers[b"accept-language"] = b"hr-HR,hr;q=0.9"
    assert '<html lang="hr">' in browser.get().body.decode()


def test_a_database_that_is_away_is_said_in_words(
    browser: Browser, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(visits, "open_visit", fail)
    response = browser.open(secret)
    assert (response.status, response.headers["retry-after"]) == (503, "60")
    assert "reached right now" in response.body.decode()
