"""The overview: exact rows for a few appeals, every filter, and few statements for any number of rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection

from queries import overview
from queries.filters import Filters
from queries.queue.newest import newest_appeals
from queries.summaries.metric_values import metric_values
from queries.summaries.received_today import received_by_hour
from tests.support import factories
from tests.support.figures.oracle import DAY
from tests.support.figures.reference_data import BASE_MOMENT
from tests.support.servers.executed_statements import executed_statements

LATELY = Filters(BASE_MOMENT.date() - 7 * DAY, BASE_MOMENT.date() + 2 * DAY)
ANSWERS: dict[str, Callable[[Filters], Any]] = {
    "figures": overview.kpis,
    "daily": overview.flow_by_day,
    "hourly": lambda filters: received_by_hour(filters).by_hour,
    "topics": overview.topic_ranking,
    "territories": overview.territory_ranking,
    "newest": newest_appeals,
}
NARROWING = {
    "territory": "XA",
    "topic": "roads",
    "organisation": "city",
    "regime": "law59",
    "channel": "app",
}
# The statements that each query may need with an empty cache: its own, and some reference data.
MOST = {"figures": 14, "daily": 9, "hourly": 7, "topics": 7, "territories": 7, "newest": 11}


def same(left: object, right: object) -> bool:
    if isinstance(left, pd.DataFrame):
        return isinstance(right, pd.DataFrame) and left.equals(right)
    return left == right


@pytest.fixture
def two(connection: Connection) -> None:
    """Two appeals that differ in everything, and one a year earlier."""
    now = datetime.now(UTC)
    first: dict[str, Any] = {"region": "XA", "municipality": "XA-1", "topic": "roads.pothole", "holder": "city"}
    other: dict[str, Any] = {"region": "XB", "municipality": "XB-1", "topic": "heat.cold", "holder": "ministry"}
    factories.appeal(connection, received_at=now, **first, channel="app", regime="law59")
    factories.appeal(connection, received_at=now, **other, deadline_at=now - DAY)
    factories.appeal(connection, received_at=now - 365 * DAY, closed_at=now - 2 * DAY, **other)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("field", NARROWING)
def test_every_filter_narrows_every_answer(two: None, name: str, field: str) -> None:
    assert two is None
    chosen: dict[str, Any] = {field: NARROWING[field]}
    unknown: dict[str, Any] = {field: "unknown"}
    narrowed = ANSWERS[name](replace(LATELY, **chosen))
    assert not same(narrowed, ANSWERS[name](LATELY))
    assert not same(narrowed, ANSWERS[name](replace(LATELY, **unknown)))


@pytest.mark.parametrize("name", ANSWERS)
def test_a_period_narrows_all_but_the_newest_and_the_hours_of_today(two: None, name: str) -> None:
    assert two is None
    earlier = ANSWERS[name](replace(LATELY, start=LATELY.start - 300 * DAY, end=LATELY.start))
    assert same(earlier, ANSWERS[name](LATELY)) == (name in ("newest", "hourly"))


def test_only_the_figures_compare(two: None) -> None:
    assert two is None
    none, year = replace(LATELY, compare="none"), replace(LATELY, compare="year")
    assert {name for name, ask in ANSWERS.items() if not same(ask(none), ask(year))} == {"figures"}
    assert [answer.previous for answer in overview.kpis(none)] == [None] * len(overview.KPI_IDS)
    assert overview.kpis(year)[0].previous == 1
    assert overview.kpis(replace(LATELY, compare="previous"))[0].previous == 0


def different(name: str) -> int:
    """The number of different statements of a query; one repeated after a change of the data counts once."""
    return len({str(question) for question in executed_statements(lambda: ANSWERS[name](LATELY))})


@pytest.mark.parametrize("name", ANSWERS)
def test_the_number_of_questions_doesnt_grow(connection: Connection, two: None, name: str) -> None:
    assert two is None
    before = different(name)
    for n in range(20):
        factories.appeal(connection, region=f"R{n}", municipality=f"R{n}-1", topic=f"t{n}.a", holder=f"h{n}")
    assert different(name) == before <= MOST[name]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_empty_database_has_answers(connection: Connection, name: str) -> None:
    factories.territory(connection)
    answer = ANSWERS[name](LATELY)
    assert len(answer) == {"figures": 8, "daily": len(answer), "hourly": 24}.get(name, 0)


def test_at_risk_is_known_of_now_alone(connection: Connection) -> None:
    now = datetime.now(UTC)
    factories.appeal(connection, received_at=now - 20 * DAY, deadline_at=now - 9 * DAY)
    factories.appeal(connection, received_at=now - 20 * DAY, deadline_at=now + DAY)
    overdue, at_risk = metric_values(LATELY, ("overdue", "at_risk"))
    assert (overdue.value, at_risk.value, at_risk.previous) == (1, 1, None)
    overdue, at_risk = metric_values(replace(LATELY, end=LATELY.end - 4 * DAY), ("overdue", "at_risk"))
    assert (overdue.value, at_risk.value) == (1, None)


def test_topics_are_those_a_step_below_and_the_chosen_one_itself(connection: Connection) -> None:
    for topic in ("roads", "roads.surface", "roads.surface.pothole", "roads.surface.pothole", "heat"):
        factories.appeal(connection, topic=topic)
    for chosen, shown in {
        None: {"roads": 4, "heat": 1},
        "roads": {"roads.surface": 3, "roads": 1},
        "roads.surface": {"roads.surface.pothole": 2, "roads.surface": 1},
        "roads.surface.pothole": {"roads.surface.pothole": 2},
    }.items():
        found = overview.topic_ranking(replace(LATELY, topic=chosen))
        assert dict(zip(found["code"], found["received"], strict=True)) == shown
        assert list(found["received"]) == sorted(shown.values(), reverse=True)
        assert found["name"].notna().all()


def test_a_rate_over_29_is_small_and_over_30_is_not(connection: Connection) -> None:
    now = datetime.now(UTC)
    for topic, due in {"small": 29, "large": 30, "none": 0}.items():
        for _ in range(due):
            factories.appeal(
                connection, topic=topic, received_at=now - 2 * DAY, deadline_at=now - DAY, closed_at=now - DAY
            )
        factories.appeal(connection, topic=topic)
    found = overview.topic_ranking(LATELY).set_index("code")
    assert found["due"].to_dict() == {"large": 30, "small": 29, "none": 0}
    assert found["small"].to_dict() == {"large": False, "small": True, "none": True}
    assert found["on_time_rate"].fillna(-1).to_dict() == {"large": 1, "small": 1, "none": -1}


def test_territories_are_those_a_step_below(connection: Connection) -> None:
    factories.territory(connection, "D", "district", "X")
    factories.territory(connection, "DA", "region", "D")
    for region, town in (("DA", "DA-1"), ("DA", "DA-2"), ("DA", "DA-2"), ("XA", None)):
        factories.appeal(connection, region=region, municipality=town)
    for chosen, shown in {None: {"D": 3, "XA": 1}, "D": {"DA": 3}, "DA": {"DA-2": 2, "DA-1": 1}, "DA-1": {}}.items():
        found = overview.territory_ranking(replace(LATELY, territory=chosen))
        assert dict(zip(found["code"], found["received"], strict=True)) == shown


def test_the_newest_come_first_in_their_own_time(connection: Connection) -> None:
    factories.territory(connection, "XA", timezone="Asia/Kamchatka")
    for age in range(15):
        factories.appeal(connection, number=f"N{age}", received_at=BASE_MOMENT - timedelta(hours=age))
    found = newest_appeals(LATELY)
    assert list(found["number"]) == [f"N{age}" for age in range(12)]
    assert [(at, at.utcoffset()) for at in found["received_at"][:1]] == [(BASE_MOMENT, timedelta(hours=12))]
    assert list(found.columns) == [
        *("number", "received_at", "topic", "territory", "organisation", "channel", "status", "office"),
    ]
