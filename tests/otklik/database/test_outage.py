"""A database that stays away: the reason is logged once, and known until a query succeeds."""

import logging

import pytest

from otklik.database import outage as module
from otklik.database.outage import Outage
from otklik.errors import DatabaseUnavailable

REFUSAL = DatabaseUnavailable('role "otklik_app" does not exist')


def test_a_lasting_reason_is_logged_once_and_forgotten_with_the_next_success(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LASTING_SECONDS", 0.0)
    outage = Outage()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            outage.note_failure(REFUSAL)
        assert outage.lasting_reason == str(REFUSAL)
        outage.note_success()
        assert outage.lasting_reason == ""
    assert [record.getMessage() for record in caplog.records] == [
        f"The database stays away: {REFUSAL}",
        "The database is back.",
    ]


def test_a_restart_of_the_server_is_no_news(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage()
    outage.note_failure(REFUSAL)
    outage.note_success()
    assert outage.lasting_reason == ""
    assert caplog.records == []
