"""Metrics of data quality: exact counts on both sides of each boundary."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, text

from otklik.deadlines.calendars import territory_calendar
from otklik.small_numbers import wilson_interval
from queries.cache.statements import bypass_cubes
from queries.filters import Filters
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.metrics.metric import MetricValue
from queries.quality import issues
from queries.quality.appeal_sums import sums_from_appeals
from tests.support import factories
from tests.support.figures.oracle import Oracle
from tests.support.figures.reference_data import appeal_rows, load_reference_data
from tests.support.servers.executed_statements import executed_statements

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
MARCH = Filters(date(2024, 3, 1), date(2024, 4, 1))


def shown(filters: Filters = MARCH) -> dict[str, tuple[float, float]]:
    return {
        metric_value.metric.id: (metric_value.numerator or 0, metric_value.denominator or 0)
        for metric_value in issues.kpis(filters)
    }


def kpi(metric_id: str, filters: Filters) -> MetricValue:
    (value,) = (value for value in issues.kpis(filters) if value.metric.id == metric_id)
    return value


def test_closed_within_a_minute_of_the_receipt(connection: Connection) -> None:
    for later in (timedelta(0), 60 * SECOND - SECOND, 60 * SECOND, DAY):
        factories.appeal(connection, received_at=NOON, closed_at=NOON + later)
    factories.appeal(connection, received_at=NOON)
    assert shown()["closed_at_once"] == (2, 4)


def close_before(connection: Connection, deadline: datetime, days_before: Iterable[int], region: str = "XA") -> None:
    """One appeal per number, closed so many days before its deadline at five in the afternoon."""
    closed = datetime.combine(deadline.date(), time(17), UTC)
    for days in days_before:
        factories.appeal(
            connection,
            region=region,
            received_at=deadline - 30 * DAY,
            deadline_at=deadline,
            closed_at=closed - days * DAY,
        )


def end_of_day(month: int, day: int) -> datetime:
    """The last second of a day of 2024, as deadlines have it."""
    return datetime(2024, month, day, 23, 59, 59, tzinfo=UTC)


def test_closes_bunch_on_the_last_working_day_though_not_in_its_last_hour(connection: Connection) -> None:
    friday = end_of_day(3, 15)
    # On the last day six times as many as on each of the five working days before.
    close_before(connection, friday, [0] * 12 + [1, 2, 3, 4, 7] * 2)
    assert shown()["closed_at_last"] == (12, 22)
    # The mean of a day before is 2: 10 of the 22 are in excess.
    assert kpi("closed_at_last", MARCH).value == pytest.approx(10 / 22)
    # By the hour before the deadline, as it was counted once, there would be nothing to see.
    assert connection.scalar(text("SELECT min(deadline_at - closed_at) FROM appeal")) == 7 * HOUR - SECOND
    rows = issues.flagged_appeals(MARCH, "closed_at_last")
    assert (len(rows), {closed.day for closed in rows["closed_at"]}) == (12, {15})


def test_an_even_pace_has_no_excess_even_where_the_last_hour_is_the_busiest(connection: Connection) -> None:
    friday = end_of_day(3, 15)
    close_before(connection, friday, [0, 1, 2, 3, 4, 7] * 6)
    connection.execute(text("UPDATE appeal SET closed_at = closed_at + interval '6 hours 59 minutes'"))
    assert shown()["closed_at_last"] == (6, 36)
    assert kpi("closed_at_last", MARCH).value == pytest.approx(0)


def test_the_last_working_day_is_that_of_the_regions_calendar(connection: Connection) -> None:
    factories.territory(connection, "RU", "country")
    factories.territory(connection, "RU-KHM", "region", "RU")
    sunday, women_day = end_of_day(3, 17), end_of_day(3, 8)
    # Friday's closes, and those of the days off after it, are the last ones; the Friday before is the first of the six.
    close_before(connection, sunday, [0, 2, 3, 9, 10])
    assert shown()["closed_at_last"] == (2, 4)
    for region, expected in (("XA", (1, 2)), ("RU-KHM", (2, 3))):
        # A Friday that is a holiday in Russia alone, where the six days begin a day earlier.
        close_before(connection, women_day, [0, 1, 8], region)
        filters = replace(MARCH, territory=region, end=date(2024, 3, 9))
        assert shown(filters)["closed_at_last"] == expected, region


def test_what_could_not_be_closed_on_all_of_the_days_is_left_out(connection: Connection) -> None:
    factories.territory(connection, "RU", "country")
    factories.territory(connection, "RU-KHM", "region", "RU")
    factories.territory(connection, "XB")
    friday = end_of_day(3, 15)
    days: dict[str, Any] = {"closed_at": friday - HOUR, "deadline_at": friday}
    factories.appeal(connection, received_at=friday - 9 * DAY, **days)
    factories.appeal(connection, received_at=friday - 10 * DAY, **days)
    factories.appeal(connection, received_at=friday - 30 * DAY, closed_at=friday + SECOND, deadline_at=friday)
    factories.appeal(connection, received_at=friday - 30 * DAY, closed_at=friday)
    assert shown()["closed_at_last"] == (1, 1)
    # After the first days of January six working days go back into the year before.
    close_before(connection, end_of_day(1, 9), [0, 1], "RU-KHM")
    close_before(connection, end_of_day(1, 9), [0, 1], "XB")
    january = Filters(date(2024, 1, 1), date(2024, 2, 1))
    assert shown(replace(january, territory="RU-KHM"))["closed_at_last"] == (0, 0)
    assert shown(replace(january, territory="XB"))["closed_at_last"] == (1, 2)


def test_a_deadline_counts_when_its_day_is_over(connection: Connection) -> None:
    today = datetime.now(UTC).replace(hour=23, minute=59, second=59, microsecond=0)
    close_before(connection, today, [1])
    month = Filters((today - 20 * DAY).date(), (today + 20 * DAY).date())
    assert shown(month)["closed_at_last"] == (0, 0)
    assert issues.flagged_appeals(month, "closed_at_last").empty


def test_few_closes_have_the_bounds_of_the_excess(connection: Connection) -> None:
    close_before(connection, end_of_day(3, 15), [0, 0, 0, 1, 2])
    excess = kpi("closed_at_last", MARCH)
    low, high = (6 / 5 * (bound - 1 / 6) for bound in wilson_interval(3, 5))
    assert (excess.low, excess.high) == pytest.approx((low, high))


def test_explained_first_and_returned_within_a_week(connection: Connection) -> None:
    def answered(outcome: str, days: float | None = None, last_outcome: str = "resolved") -> None:
        first: dict[str, Any] = {
            "reopened": 1,
            "first_outcome": outcome,
            "first_answered_at": NOON + DAY,
            "first_returned_at": NOON + DAY + (days or 0) * DAY,
        }
        outcome, first = (outcome, {}) if days is None else (last_outcome, first)
        factories.appeal(connection, received_at=NOON, closed_at=NOON + 12 * DAY - SECOND, outcome=outcome, **first)

    answered("explained")
    answered("explained", 7)
    answered("explained", 7.001)
    answered("resolved", 1, "explained")
    # The first one's close is its answer, whose week ends after these days.
    assert shown(replace(MARCH, end=NOON.date() + 9 * DAY))["explained_reopened"] == (1, 2)
    assert issues.flagged_appeals(replace(MARCH, end=NOON.date() + 9 * DAY), "explained_reopened").shape[0] == 1


def test_dates_that_can_not_be(connection: Connection) -> None:
    factories.appeal(connection, received_at=NOON, deadline_at=NOON - SECOND, number="due before")
    factories.appeal(connection, received_at=NOON, deadline_at=NOON)
    closed: dict[str, Any] = {"received_at": NOON, "closed_at": NOON + DAY}
    factories.appeal(connection, **closed, registered_at=NOON + DAY + SECOND, number="registered after")
    factories.appeal(connection, **closed, registered_at=NOON + DAY)
    factories.appeal(connection, **closed, rating=1, rated_at=NOON + HOUR, number="rated before")
    factories.appeal(connection, **closed, rating=1, rated_at=NOON + HOUR, reopened=1)
    factories.appeal(connection, **closed, rating=5, rated_at=NOON + DAY)
    assert shown()["dates_disordered"] == (3, 7)
    rows = issues.flagged_appeals(MARCH, "dates_disordered")
    assert set(rows["number"]) == {"due before", "registered after", "rated before"}
    factories.appeal(connection, received_at=NOON, closed_at=datetime.now(UTC) + DAY, number="from the future")
    assert "from the future" in set(issues.flagged_appeals(replace(MARCH, language="ru"), "dates_disordered")["number"])


def test_places_that_are_missing_and_topics_for_the_rest(connection: Connection) -> None:
    factories.topic(connection, "rest", name="Other matters", names={"ru": "Прочее"})
    factories.topic(connection, "roads.rest", name="Дороги: иное")
    factories.topic(connection, "mother", name="Mothers and brothers")
    for topic in ("roads", "rest.lost", "roads.rest", "mother"):
        factories.appeal(connection, received_at=NOON, topic=topic)
    factories.appeal(connection, received_at=NOON, municipality="XA-1")
    factories.appeal(connection, received_at=NOON, lon=1.0, lat=2.0)
    rows = shown()
    assert [rows[name] for name in ("without_place", "topic_other")] == [(4, 6), (2, 6)]


def test_days_are_those_of_the_region_and_the_filters_hold(connection: Connection) -> None:
    factories.territory(connection, "KAM", timezone="Asia/Kamchatka")
    dawn = datetime(2024, 2, 29, 12, tzinfo=UTC)  # 1 March begins there
    for received in (dawn - SECOND, dawn):
        factories.appeal(connection, region="KAM", received_at=received, closed_at=received, channel="app")
    rows = [shown(filters)["closed_at_once"] for filters in (MARCH, replace(MARCH, channel="portal"))]
    assert rows == [(1, 1), (0, 0)]


def test_the_trend_and_what_it_was_before(connection: Connection) -> None:
    for day, placed in ((1, True), (1, False), (5, False)):
        town = "XA-1" if placed else None
        factories.appeal(connection, received_at=datetime(2024, 3, day, tzinfo=UTC), municipality=town)
    factories.appeal(connection, received_at=datetime(2024, 2, 20, tzinfo=UTC))
    without_place = kpi("without_place", MARCH)
    assert without_place.value == pytest.approx(2 / 3)
    assert (without_place.previous, without_place.series) == (1, [0.5, 1])
    assert without_place.low is not None
    weekly = kpi("without_place", replace(MARCH, start=date(2024, 2, 1)))
    # The weeks from 1 February with an appeal received: that of 20 February, and those of 1 and of 5 March.
    assert weekly.series == [1, 2 / 3]


def test_each_organisation_and_region_those_of_few_last(connection: Connection) -> None:
    for n in range(30):
        factories.appeal(connection, holder="city", received_at=NOON, closed_at=NOON + (DAY if n else timedelta(0)))
    factories.appeal(connection, holder="one", region="XB", received_at=NOON, closed_at=NOON)
    rows = issues.data_quality_by(MARCH, "organisation", "closed_at_once").set_index("code")
    assert rows["small"].to_dict() == {"city": False, "one": True}
    assert rows["closed_at_once"]["city"] == pytest.approx(1 / 30)
    assert rows.loc["one", list(DATA_QUALITY_METRICS)].isna().all()
    assert issues.data_quality_by(MARCH, "region", "closed_at_once")["code"].tolist() == ["XA", "XB"]
    assert issues.flagged_appeals(MARCH, "closed_at_once")["number"].nunique() == 2


def test_the_appeals_of_a_period_are_read_once_by_each_moment(connection: Connection) -> None:
    factories.appeal(connection, received_at=NOON)
    sums_from_appeals(MARCH)
    statements = executed_statements(lambda: sums_from_appeals(MARCH))
    # By the receipt, the close, the deadline and the first answer.
    assert len([one for one in statements if "GROUPING" in one.statement.upper()]) == 4


def test_members_are_sorted_by_the_chosen_share_shrunk_and_not_by_volume(connection: Connection) -> None:
    for holder, closed, at_once in (("large", 60, 1), ("bad", 40, 20), ("few", 30, 3), ("good", 40, 0)):
        for n in range(closed):
            later = timedelta(0) if n < at_once else DAY
            factories.appeal(connection, holder=holder, received_at=NOON, closed_at=NOON + later)
    rows = issues.data_quality_by(MARCH, "organisation", "closed_at_once")
    assert rows["code"].tolist() == ["bad", "few", "large", "good"]


@pytest.mark.usefixtures("connection")
def test_nothing_is_nothing_to_divide_by() -> None:
    assert [one.value for one in issues.kpis(MARCH)] == [None] * len(DATA_QUALITY_METRICS)
    assert issues.data_quality_by(MARCH, "region", "closed_at_once").empty
    assert issues.flagged_appeals(MARCH, "topic_other").empty


def test_what_cubes_count_is_what_the_appeals_say(connection: Connection) -> None:
    then = datetime.now(UTC) - 20 * DAY
    dice = Random(7)  # noqa: S311 -- data for tests
    for n in range(90):
        received = then + dice.uniform(-15, 15) * DAY
        closed = received + dice.choice([SECOND, HOUR, *[10 * DAY - HOUR] * 3, 40 * DAY]) if n % 4 else None
        returned: dict[str, Any] = {"reopened": 1, "first_outcome": "explained", "first_answered_at": received}
        returned["first_returned_at"] = received + dice.choice([1, 7, 8]) * DAY
        factories.appeal(
            connection,
            region=dice.choice(["XA", "KAM"]),
            topic=dice.choice(["roads", "other", "other.rest"]),
            holder=dice.choice(["office", "city"]),
            received_at=received,
            closed_at=closed,
            deadline_at=received + dice.choice([-DAY, HOUR + SECOND, 10 * DAY, 12 * DAY]),
            registered_at=received + dice.choice([SECOND, 2 * DAY]),
            outcome=dice.choice(["resolved", "explained"]) if closed else None,
            **(dice.choice([{}, returned, returned | {"first_outcome": "resolved"}]) if n % 3 else {}),
            lon=None if n % 3 else 37.6,
            lat=None if n % 3 else 55.7,
        )
    month = Filters((then - 14 * DAY).date(), (then + 9 * DAY).date())
    rows = issues.sums_by_step_and_region(month)
    token = bypass_cubes.set(True)
    try:
        raw = sums_from_appeals(month)
    finally:
        bypass_cubes.reset(token)
    order = ["of", "key"]
    raw = raw[raw["of"] != "organisation"].sort_values(order, ignore_index=True)
    rows = rows.sort_values(order, ignore_index=True)[list(raw.columns)]
    rows = rows[rows["of"].ne("step") | rows.drop(columns=order).any(axis="columns")].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, raw, check_dtype=False)
    assert (rows.loc[rows["of"] == "all", ["at_once", "at_last", "explained_reopened", "disordered"]] > 0).all(
        axis=None
    )
    oracle = Oracle(load_reference_data(connection), appeal_rows(connection), datetime.now(UTC))
    excess = kpi("closed_at_last", month)
    calendar = territory_calendar(None)
    assert (excess.numerator, excess.denominator) == oracle.last_day_excess(month.start, month.end, calendar)
