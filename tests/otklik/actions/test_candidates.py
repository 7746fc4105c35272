"""Candidates for a new holder: who they are, their order and their workload."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from sqlalchemy import Connection

from otklik.actions.candidates import holder_candidates
from tests.support import factories
from tests.support.appeal_versions import DAY, create_appeal

NOON = datetime.combine(datetime.now(UTC).date(), time(12), UTC)


@pytest.mark.usefixtures("anna")
def test_candidates_that_may_take_most_come_first_then_by_experience_and_pace(connection: Connection) -> None:
    appeals = [create_appeal(connection, municipality="XA-1") for _ in range(4)] + [create_appeal(connection)]
    closed: dict[str, Any] = {"received_at": NOON - 30 * DAY, "closed_at": NOON - 2 * DAY}
    for holder, topic, count in (("roads", "roads", 14), ("housing", "roads", 28), ("agency", "parks", 56)):
        for _ in range(count):
            factories.appeal(connection, holder=holder, topic=topic, **closed)
    for holder, count in (("roads", 2), ("housing", 1), ("agency", 1)):
        for n in range(count):
            factories.appeal(
                connection, holder=holder, received_at=NOON - 9 * DAY, deadline_at=NOON + (1 - 5 * n) * DAY
            )
    candidates = {
        candidate.code: (
            candidate.takes_count,
            candidate.answered,
            candidate.open,
            candidate.overdue,
            candidate.closed_per_day,
            candidate.days_to_clear,
        )
        for candidate in holder_candidates(appeals)
    }
    assert list(candidates.items()) == [
        ("housing", (5, 28, 1, 0, 1.0, 1.0)),
        ("roads", (5, 14, 2, 1, 0.5, 4.0)),
        ("agency", (5, 0, 1, 0, 2.0, 0.5)),
        ("town", (4, 0, 0, 0, 0.0, None)),
    ]


@pytest.mark.usefixtures("anna")
def test_names_are_in_the_language(connection: Connection) -> None:
    factories.organisation(connection, "парк", "regional", "XA", names={"ru": "Парки", "en": "Parks"})
    names = {
        language: {candidate.name for candidate in holder_candidates([create_appeal(connection)], language)}
        for language in ("ru", "en", "hr")
    }
    assert {language: names[language] & {"Парки", "Parks"} for language in names} == {
        "ru": {"Парки"},
        "en": {"Parks"},
        "hr": {"Parks"},
    }


@pytest.mark.usefixtures("anna")
def test_an_appeal_out_of_territory_has_no_candidates(connection: Connection) -> None:
    assert holder_candidates([create_appeal(connection, region="XB", holder="elsewhere")]) == []
