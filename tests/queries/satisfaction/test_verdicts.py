"""The gap between what the centre calls resolved and what applicants say: counted as SQL counts it, with its list."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Connection, text

from otklik.database.access import people, scope
from queries.filters import Filters
from queries.satisfaction import drilldown, verdicts
from tests.support import factories

MARCH = Filters(date(2024, 3, 1), date(2024, 4, 1))
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
# The same figure, from the tables alone: each verdict on the local day on which it was given.
PLAIN_SQL = """
    SELECT count(*) FILTER (WHERE o.resolved AND v.resolved = 'no') AS disputed,
        count(*) FILTER (WHERE o.resolved AND v.resolved = 'yes') AS confirmed,
        count(*) FILTER (WHERE o.resolved) AS judged, count(*) AS verdicts
    FROM verdict AS v JOIN appeal AS a USING (region_id) JOIN territory ON territory.id = v.region_id
    LEFT JOIN outcome AS o ON o.id = v.outcome_id
    WHERE a.id = v.appeal_id AND (v.given_at AT TIME ZONE timezone)::date >= :start
        AND (v.given_at AT TIME ZONE timezone)::date < :end"""


def answer(connection: Connection, said: str, given_at: datetime, outcome: str = "resolved", **columns: object) -> None:
    key = factories.appeal(
        connection,
        received_at=NOON - 20 * DAY,
        closed_at=NOON - 10 * DAY,
        outcome=outcome,
        **columns,  # type: ignore[arg-type]
    )
    factories.verdict(connection, key, said, given_at, outcome)


def test_the_gap_equals_sql_on_random_rows(connection: Connection) -> None:
    pick = Random(7).choice  # noqa: S311 - data for tests
    for region, zone in (("XA", "Asia/Kamchatka"), ("XB", "America/New_York")):
        factories.territory(connection, region, timezone=zone)
    edges = [datetime(2024, month, 1, tzinfo=UTC) for month in (3, 4)]
    for _ in range(80):
        given_at = pick(edges) + timedelta(hours=pick(range(-14, 15))) + pick((-SECOND, timedelta(0), SECOND))
        answer(
            connection,
            pick(("yes", "partly", "no")),
            given_at,
            pick(("resolved", "resolved", "explained")),
            region=pick(("XA", "XB")),
        )
    plain = connection.execute(text(PLAIN_SQL), {"start": MARCH.start, "end": MARCH.end}).mappings().one()
    disputed, confirmed, total = verdicts.verdict_values(MARCH)
    assert (disputed.numerator, disputed.denominator) == (plain["disputed"], plain["judged"])
    assert confirmed.numerator == plain["confirmed"]
    assert total.value == plain["verdicts"]
    assert 0 < plain["disputed"] < plain["judged"] < plain["verdicts"] < 80
    for said, appeals in verdicts.verdict_counts(MARCH).itertuples(index=False):
        assert len(drilldown.appeals_behind_bar(MARCH, "verdict", said)) == appeals


def test_the_list_has_what_the_centre_calls_resolved_and_the_applicant_doesnt(connection: Connection) -> None:
    answer(connection, "no", NOON, number="NO", rating=2)
    answer(connection, "no", NOON + DAY, number="LATER", channel="app")
    answer(connection, "yes", NOON, number="YES")
    answer(connection, "no", NOON, "explained", number="EXPLAINED")
    rows = drilldown.appeals_behind_bar(MARCH, "verdict", "no")
    assert rows["number"].tolist() == ["LATER", "NO"]
    assert rows["closed_at"].tolist() == [NOON - 10 * DAY] * 2
    on_app = replace(MARCH, channel="app")
    assert drilldown.appeals_behind_bar(on_app, "verdict", "no")["number"].tolist() == ["LATER"]
    disputed, confirmed, total = verdicts.verdict_values(on_app)
    assert (disputed.value, confirmed.value, total.value) == (1, 0, 1)


def test_a_verdict_stays_counted_when_the_appeal_is_taken_up_again(connection: Connection) -> None:
    answer(connection, "no", NOON)
    before = [value.value for value in verdicts.verdict_values(MARCH)]
    connection.execute(
        text(
            "UPDATE appeal SET closed_at = NULL, outcome_id = NULL, reopened = 1,"
            " status_id = (SELECT id FROM status WHERE code = 'reconsideration')"
        )
    )
    connection.execute(text("NOTIFY otklik_appeals"))
    assert [value.value for value in verdicts.verdict_values(replace(MARCH, language="ru"))] == before == [1, 0, 1]


def test_few_verdicts_are_an_interval_and_none_are_unknown(connection: Connection) -> None:
    factories.territory(connection, "XA")
    assert not verdicts.has_verdicts()
    assert [value.value for value in verdicts.verdict_values(MARCH)] == [None, None, 0]
    answer(connection, "no", NOON)
    disputed = verdicts.verdict_values(replace(MARCH, language="ru"))[0]
    assert disputed.low is not None
    assert 0 < disputed.low < 1


@pytest.mark.parametrize("sees", ["XA", "XB"])
def test_only_verdicts_of_the_viewers_territories_are_seen(connection: Connection, sees: str) -> None:
    answer(connection, "no", NOON, region="XA")
    territory_id = factories.territory(connection, sees)
    connection.execute(text("UPDATE person SET everywhere = false WHERE subject = 'official' AND issuer = 'demo'"))
    person = people.person_of_sign_in(people.DEMO_ISSUER, "official")
    assert person
    connection.execute(text("DELETE FROM person_territory WHERE person_id = :id"), {"id": person.scope.person_id})
    connection.execute(
        text("INSERT INTO person_territory VALUES (:id, :territory)"),
        {"id": person.scope.person_id, "territory": territory_id},
    )
    official = people.person_of_sign_in(people.DEMO_ISSUER, "official")
    assert official
    with scope.acting_as(official.scope):
        assert verdicts.has_verdicts() is (sees == "XA")
