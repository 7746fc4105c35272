from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from tests.support import factories

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=2)


def test_an_appeal_without_words_is_open_and_in_progress(connection: Connection) -> None:
    key = factories.appeal(connection)
    row = connection.execute(text("SELECT status, is_open, outcome, rating FROM report.appeals")).one()
    assert row == ("in_progress", True, None, None)
    assert connection.execute(text("SELECT region_id, id FROM appeal")).one() == key


def test_a_closed_and_rated_appeal_needs_no_more_than_that(connection: Connection) -> None:
    factories.territory(connection, "RU-KHM", timezone="Asia/Yekaterinburg")
    factories.appeal(
        connection,
        region="RU-KHM",
        municipality="RU-KHM-SURGUT",
        topic="roads.surface.pothole",
        holder="city",
        first_holder="region",
        received_at=NOON,
        closed_at=LATER,
        rating=5,
    )
    row = connection.execute(
        text(
            "SELECT region, municipality, category, subcategory, fact, organisation, first_organisation, status,"
            " outcome, closed_at, rating, rated_at FROM report.appeals"
        )
    ).one()
    names = ("RU-KHM", "RU-KHM-SURGUT", "roads", "roads.surface", "roads.surface.pothole")
    assert row == (*names, "city", "region", "answered", "resolved", LATER, 5, LATER)


def test_a_territory_named_twice_is_one(connection: Connection) -> None:
    first = factories.appeal(connection, topic="roads.winter")
    second = factories.appeal(connection, topic="roads.surface")
    assert first.region_id == second.region_id
    assert first.id != second.id
    assert connection.scalar(text("SELECT count(*) FROM topic")) == 3


def test_history_is_kept_with_its_appeal(connection: Connection) -> None:
    key = factories.appeal(connection)
    factories.event(connection, key, "moved", after={"status": "in_progress"})
    row = connection.execute(text("SELECT appeal_id, kind, after->>'status' FROM event")).one()
    assert row == (key.id, "moved", "in_progress")
