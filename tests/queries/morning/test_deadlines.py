"""What is due and what was missed: as counted one by one, and as many as their lists have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from queries.counts.due_days import DUE_RANGES
from queries.filters import Filters
from queries.morning.deadlines import METRIC_BY_RANGE, due_values
from queries.queue import open_list
from queries.queue.list_filters import ListCriteria
from tests.support import factories
from tests.support.figures.oracle import DAY
from tests.support.figures.reference_data import local_midnight

ZONES = {"XW": "Europe/Kaliningrad", "XM": "Europe/Moscow", "XE": "Asia/Kamchatka"}
SECOND = timedelta(seconds=1)
NOW = datetime.now(UTC)
FILTERS = Filters(NOW.date(), NOW.date() + DAY)
NARROWED = [
    {},
    {"territory": "XE"},
    {"territory": "XW-1"},
    {"topic": "heat"},
    {"organisation": "city"},
    {"regime": "law59"},
]


@pytest.fixture
def appeals(connection: Connection) -> Connection:
    """Deadlines just before and at each midnight around now, and an hour before and after now; some are closed."""
    for region, zone in ZONES.items():
        factories.territory(connection, region, timezone=zone)
        days = [NOW.astimezone(ZoneInfo(zone)).date() + offset * DAY for offset in range(-3, 10)]
        midnights = [local_midnight(day, zone) for day in days]
        deadlines = [moment - step for moment in midnights for step in (SECOND, 0 * SECOND)]
        for number, deadline in enumerate([*deadlines, NOW - timedelta(hours=1), NOW + timedelta(hours=1), None]):
            factories.appeal(
                connection,
                region=region,
                municipality=f"{region}-1" if number % 3 else None,
                topic=("roads", "heat")[number % 2],
                holder=("office", "city")[number % 2],
                regime=("ordinary", "law59", "law59")[number % 3],
                received_at=NOW - 20 * DAY,
                deadline_at=deadline,
                closed_at=NOW - DAY if number % 7 == 0 else None,
            )
    return connection


def counted(connection: Connection, **codes: str) -> dict[str, int]:
    """The appeals in each range, looked at one by one."""
    rows = connection.execute(
        text("""SELECT a.deadline_at, region.code AS region, coalesce(town.code, '') AS town, topic.code AS topic,
            o.code AS holder, regime.code AS regime FROM appeal AS a
            JOIN territory AS region ON region.id = region_id LEFT JOIN territory AS town ON town.id = municipality_id
            JOIN topic ON topic.id = topic_id JOIN organisation AS o ON o.id = holder_id
            JOIN regime ON regime.id = regime_id WHERE closed_at IS NULL""")
    ).all()
    place = codes.get("territory")
    shown_zones = [zone for region, zone in ZONES.items() if place is None or place.startswith(region)]
    today = min(NOW.astimezone(ZoneInfo(zone)).date() for zone in shown_zones)
    totals = dict.fromkeys(("today", "tomorrow", "week", "missed", "yesterday", "law59"), 0)
    for row in rows:
        narrowing = {"topic": row.topic, "organisation": row.holder, "regime": row.regime}
        if place not in (None, row.region, row.town) or any(
            narrowing[key] != codes[key] for key in narrowing if key in codes
        ):
            continue
        if row.deadline_at is None:
            continue
        day = (row.deadline_at.astimezone(ZoneInfo(ZONES[row.region])).date() - today).days
        is_passed = row.deadline_at < NOW
        totals["today"] += day == 0 and not is_passed
        totals["tomorrow"] += day == 1 and not is_passed
        totals["week"] += 0 <= day < 7 and not is_passed
        totals["missed"] += day >= -1 and is_passed
        totals["yesterday"] += day == -1
        totals["law59"] += is_passed and row.regime == "law59"
    return totals


@pytest.mark.parametrize("codes", NARROWED, ids=str)
def test_figures_are_those_counted_one_by_one(appeals: Connection, codes: dict[str, str]) -> None:
    totals = counted(appeals, **codes)
    expected = {metric_id: totals[code] for code, metric_id in METRIC_BY_RANGE.items()} | {
        "overdue_59fz": totals["law59"]
    }
    values = due_values(replace(FILTERS, **codes))  # type: ignore[arg-type]
    assert {value.metric.id: value.value for value in values} == expected
    assert totals["week"] > totals["today"] + totals["tomorrow"]
    assert totals["missed"] > 0


@pytest.mark.parametrize("codes", NARROWED, ids=str)
def test_each_list_has_as_many_appeals(appeals: Connection, codes: dict[str, str]) -> None:
    totals, filters = counted(appeals, **codes), replace(FILTERS, **codes)  # type: ignore[arg-type]
    found = {code: open_list.capped_count(filters, ListCriteria(due=code)) for code in DUE_RANGES}
    assert found == {code: totals[code] for code in DUE_RANGES}


@pytest.mark.usefixtures("appeals")
def test_under_another_regime_there_is_no_figure_of_59fz() -> None:
    values = due_values(replace(FILTERS, regime="ordinary"))
    assert [value.metric.id for value in values] == list(METRIC_BY_RANGE.values())


def test_what_the_source_gives_no_deadlines_for_is_unknown_not_zero(connection: Connection) -> None:
    factories.territory(connection, lacking='{"city": ["deadline_at"]}')
    factories.appeal(connection)
    assert [(value.value, value.unknown) for value in due_values(FILTERS)] == [(None, "deadline_at")] * 5


def test_an_empty_database_has_zeros(connection: Connection) -> None:
    factories.territory(connection)
    assert [value.value for value in due_values(FILTERS)] == [0] * 5
