"""Who could take appeals, in which order, and how much each has to do."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from sqlalchemy import Connection

from otklik.actions.candidates import holder_candidates
from tests.support import factories
from tests.support.appeal_versions import DAY, create_appeal

NOON = datetime.combine(datetime.now(UTC).date(), time(12), UTC)


@pytest.mark.usefixtures("anna")
def test_candidates_are_those_who_may_take_most_the_experienced_and_quick_first(connection: Connection) -> None:
    cases = [create_appeal(connection, municipality="XA-1") for _ in range(4)] + [create_appeal(connection)]
    closed: dict[str, Any] = {"received_at": NOON - 30 * DAY, "closed_at": NOON - 2 * DAY}
    for holder, topic, many in (("roads", "roads", 14), ("housing", "roads", 28), ("agency", "parks", 56)):
        for _ in range(many):
            factories.appeal(connection, holder=holder, topic=topic, **closed)
    for holder, many in (("roads", 2), ("housing", 1), ("agency", 1)):
        for n in range(many):
            factories.appeal(
                connection, holder=holder, received_at=NOON - 9 * DAY, deadline_at=NOON + (1 - 5 * n) * DAY
            )
    found = {
        one.code: (one.takes_count, one.answered, one.open, one.overdue, one.closed_per_day, one.days_to_clear)
        for one in holder_candidates(cases)
    }
    assert list(found.items()) == [
        ("housing", (5, 28, 1, 0, 1.0, 1.0)),
        ("roads", (5, 14, 2, 1, 0.5, 4.0)),
        ("agency", (5, 0, 1, 0, 2.0, 0.5)),
        ("town", (4, 0, 0, 0, 0.0, None)),
    ]


@pytest.mark.usefixtures("anna")
def test_names_and_places_speak_the_language(connection: Connection) -> None:
    factories.organisation(connection, "парк", "regional", "XA", names={"ru": "Парки", "en": "Parks"})
    names = {
        language: {one.name for one in holder_candidates([create_appeal(connection)], language)}
        for language in ("ru", "en", "hr")
    }
    assert {language: names[language] & {"Парки", "Parks"} for language in names} == {
        "ru": {"Парки"},
        "en": {"Parks"},
        "hr": {"Parks"},
    }


@pytest.mark.usefixtures("anna")
def test_what_is_not_seen_finds_nobody(connection: Connection) -> None:
    assert holder_candidates([create_appeal(connection, region="XB", holder="elsewhere")]) == []
