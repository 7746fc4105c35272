"""Candidates for a new holder: who they are, their order and their workload."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import Connection

from otklik.actions.candidates import holder_options
from otklik.actions.model import Experience
from tests.support import factories
from tests.support.appeals.appeal_versions import DAY, create_appeal

NOON = datetime.combine(datetime.now(UTC).date(), time(12), UTC)


def close_appeals(
    connection: Connection, holder: str, topic: str, count: int, days: float = 28, municipality: str | None = None
) -> None:
    """Appeals of region XA that the holder closed two days ago, after so many days."""
    for _ in range(count):
        factories.appeal(
            connection,
            holder=holder,
            topic=topic,
            received_at=NOON - (2 + days) * DAY,
            closed_at=NOON - 2 * DAY,
            municipality=municipality,
        )


@pytest.mark.usefixtures("anna")
def test_candidates_that_may_take_most_come_first_then_by_experience_and_pace(connection: Connection) -> None:
    appeals = [create_appeal(connection, municipality="XA-1") for _ in range(4)] + [create_appeal(connection)]
    for holder, topic, count in (("roads", "roads", 14), ("housing", "roads", 28), ("agency", "parks", 56)):
        close_appeals(connection, holder, topic, count)
    for holder, count in (("roads", 2), ("housing", 1), ("agency", 1)):
        for n in range(count):
            factories.appeal(
                connection, holder=holder, received_at=NOON - 9 * DAY, deadline_at=NOON + (1 - 5 * n) * DAY
            )
    holders = {
        holder.candidate.code: (
            holder.takes_count,
            holder.experience.closed if holder.experience else 0,
            holder.candidate.open,
            holder.candidate.overdue,
            holder.candidate.closed_per_day,
            holder.candidate.days_to_clear,
        )
        for holder in holder_options(appeals).ranked()
    }
    assert list(holders.items()) == [
        ("housing", (5, 28, 1, 0, 1.0, 1.0)),
        ("roads", (5, 14, 2, 1, 0.5, 4.0)),
        ("agency", (5, 0, 1, 0, 2.0, 0.5)),
        ("town", (4, 0, 0, 0, 0.0, None)),
    ]


@pytest.mark.usefixtures("anna")
def test_experience_on_the_topic_and_in_the_place_goes_before_pace_and_proposes_a_holder(
    connection: Connection,
) -> None:
    route, stop, lonely = (
        create_appeal(connection, municipality="XA-1", topic=topic) for topic in ("bus.route", "bus.stop", "welfare")
    )
    # The quickest of all knows nothing of buses.
    close_appeals(connection, "agency", "parks", 50, days=1)
    close_appeals(connection, "town", "bus.route", 2, days=4, municipality="XA-1")
    close_appeals(connection, "housing", "bus.route", 1, days=6, municipality="XA-1")
    close_appeals(connection, "roads", "bus.route", 9, municipality="XA-2")
    options = holder_options([route, stop, lonely])
    assert {
        number: proposal and (proposal, options.ranked([(number.region_id, number.id)])[0].experience)
        for number in (route, stop, lonely)
        for proposal in [options.proposals[number.region_id, number.id]]
    } == {
        route: ("town", Experience("topic_here", 2, 4.0)),
        stop: ("town", Experience("related_here", 2, 4.0)),
        lonely: None,
    }
    ranked = options.ranked([(route.region_id, route.id)])
    assert [(holder.candidate.code, holder.experience) for holder in ranked[:4]] == [
        ("town", Experience("topic_here", 2, 4.0)),
        ("housing", Experience("topic_here", 1, 6.0)),
        ("roads", Experience("topic_in_region", 9, 28.0)),
        ("agency", None),
    ]
    # Two appeals of one subject don't count the same experience twice.
    again = create_appeal(connection, municipality="XA-1", topic="bus.route")
    both = holder_options([route, again]).ranked()[0]
    assert (both.takes_count, both.experience) == (2, Experience("topic_here", 2, 4.0))


@pytest.mark.usefixtures("anna")
def test_names_are_in_the_language(connection: Connection) -> None:
    factories.organisation(connection, "парк", "regional", "XA", names={"ru": "Парки", "en": "Parks"})
    names = {
        language: {
            candidate.name for candidate in holder_options([create_appeal(connection)], language).candidates.values()
        }
        for language in ("ru", "en", "hr")
    }
    assert {language: names[language] & {"Парки", "Parks"} for language in names} == {
        "ru": {"Парки"},
        "en": {"Parks"},
        "hr": {"Parks"},
    }


@pytest.mark.usefixtures("anna")
def test_an_appeal_out_of_territory_has_no_candidates(connection: Connection) -> None:
    options = holder_options([create_appeal(connection, region="XB", holder="elsewhere")])
    assert (options.ranked(), options.proposals) == ([], {})
