"""Observed and expected cases: adjusted for topics, shrunk where cases are few, small members never on top."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Integer, column, select, values
from statsmodels.stats.proportion import proportion_confint

from otklik.database.transactions import query_dataframe
from otklik.small_numbers import wilson_interval
from queries.filters import Filters
from queries.resolution import observed_expected
from tests.support import factories

DAY = timedelta(days=1)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
MARCH = Filters(date(2024, 3, 1), date(2024, 4, 1))

# Deaths from skin cancer and person-years in Florida and in the United States in 2000, by age.
FLORIDA = [0, 0, 4, 14, 43, 72, 70, 126, 136, 73]
LIVING = [953785, 1997935, 1885014, 1957573, 2356649, 2088000, 1548371, 1447432, 1087524, 335944]
STATES = [0, 1, 41, 186, 626, 1199, 1303, 1637, 1624, 803]
ALL_LIVING = [19175798, 41077577, 39183891, 39892024, 45148527, 37677952, 24274684, 18390986, 12361180, 4239587]


def expected(cells: list[tuple[int, int, int, int]]) -> pd.DataFrame:
    """One row per member, from cells of member, topic, cases and observed."""
    names = ("holder_id", "region_id", "topic_id", "regime_id", "age_band", "a_cases", "a_observed")
    data = [(member, 1, topic, 1, 0, cases, observed) for member, topic, cases, observed in cells]
    cell_rows = select(values(*(column(name, Integer) for name in names)).data(data).alias("told")).subquery()
    answer = query_dataframe(observed_expected.expected_cases_query(cell_rows, ["a"]))
    answer = answer[answer["holder_id"].notna()].drop(columns="region_id").set_index("holder_id").sort_index()
    return answer.rename(columns=lambda name: name.removeprefix("a_"))


@pytest.mark.usefixtures("connection")
def test_the_published_example_of_an_indirect_standardisation() -> None:
    """SAS/STAT 12.1 User's Guide, "Getting Started: STDRATE Procedure": expected events by age, their sum and ratio."""
    here = [(1, age, LIVING[age], FLORIDA[age]) for age in range(10)]
    elsewhere = [(2, age, ALL_LIVING[age] - LIVING[age], STATES[age] - FLORIDA[age]) for age in range(10)]
    row = expected(here + elsewhere).loc[1]
    assert row["expected"] == pytest.approx(528.726, abs=5e-4)
    assert row["observed"] / row["expected"] == pytest.approx(1.0175, abs=5e-5)


@pytest.mark.usefixtures("connection")
def test_expected_is_what_each_topic_leads_to_on_the_whole() -> None:
    rows = expected([(1, 7, 90, 9), (1, 8, 10, 8), (2, 7, 10, 1), (2, 8, 90, 32), (3, 9, 0, 0)])
    # One in ten of topic 7 and two in five of topic 8, for every member.
    assert rows["expected"].tolist() == pytest.approx([9 + 4, 1 + 36, 0])
    assert rows["observed"].tolist() == [17, 33, 0]


@pytest.mark.parametrize(("hits", "cases"), [(0, 1), (1, 1), (3, 10), (29, 30), (300, 1000)])
def test_wilsons_interval_is_that_of_an_independent_implementation(hits: int, cases: int) -> None:
    assert wilson_interval(hits, cases) == pytest.approx(proportion_confint(hits, cases, method="wilson"))


def answered(connection: Connection, holder: str, topic: str, late: int, of: int) -> None:
    for n in range(of):
        factories.appeal(
            connection,
            holder=holder,
            topic=topic,
            received_at=NOON - DAY,
            deadline_at=NOON if n >= late else NOON - DAY / 2,
            closed_at=NOON,
        )


def test_one_of_one_is_not_in_the_table_and_hard_topics_are_no_fault(connection: Connection) -> None:
    answered(connection, "easy", "forms", late=3, of=60)
    answered(connection, "hard", "heat", late=15, of=30)
    answered(connection, "both", "heat", late=20, of=30)
    answered(connection, "one", "forms", late=1, of=1)
    rows = observed_expected.adjusted_ratios(MARCH, "organisation", "on_time_rate").set_index("code")
    assert "one" not in rows.index
    assert rows["excess_probability"]["hard"] < rows["excess_probability"]["both"]
    # Half of its cases were late, of a topic of which 35 in 60 were.
    assert rows["expected"]["hard"] == pytest.approx(17.5)
    assert rows["observed"]["hard"] == 15
    assert rows["ratio"]["hard"] < 1 < rows["ratio"]["both"]
    assert (rows["low"] <= rows["shrunk"]).all()
    assert (rows["shrunk"] <= rows["high"]).all()


def test_one_list_of_all_sizes_the_surest_excess_first(connection: Connection) -> None:
    answered(connection, "large", "forms", late=12, of=110)
    answered(connection, "usual", "forms", late=6, of=40)
    answered(connection, "small", "forms", late=22, of=30)
    rows = observed_expected.adjusted_ratios(MARCH, "organisation", "on_time_rate")
    assert rows["code"].tolist() == ["small", "usual", "large"]
    assert rows["excess_probability"].is_monotonic_decreasing
    assert rows["low"][0] > 1
    regions = observed_expected.adjusted_ratios(MARCH, "region", "on_time_rate")
    assert regions["code"].tolist() == ["XA"]
    assert regions[["cases", "observed", "expected", "ratio"]].to_numpy()[0] == pytest.approx([180, 40, 40, 1])


def test_hard_regimes_and_young_appeals_are_no_fault(connection: Connection) -> None:
    for holder, regime, resolved in (
        ("a", "ordinary", 20),
        ("b", "law59", 10),
        ("c", "law59", 10),
        ("c", "ordinary", 20),
    ):
        for n in range(30):
            closed_at = NOON + DAY if n < resolved else None
            factories.appeal(connection, holder=holder, regime=regime, received_at=NOON, closed_at=closed_at)
    rows = observed_expected.adjusted_ratios(MARCH, "organisation", "resolution_rate").set_index("code")
    assert rows["ratio"].tolist() == pytest.approx([1, 1, 1])
    # Appeals of last week, none of them resolved yet, are compared with one another alone.
    now = datetime.now(UTC)
    for holder in ("a", "b"):
        for _ in range(30):
            factories.appeal(connection, holder=holder, regime="ordinary", received_at=now - 5 * DAY)
    ever = Filters(MARCH.start, now.date() + DAY)
    rows = observed_expected.adjusted_ratios(ever, "organisation", "resolution_rate").set_index("code")
    assert rows["cases"].to_dict() == {"a": 60, "b": 60, "c": 60}
    assert rows["ratio"].tolist() == pytest.approx([1, 1, 1])


def test_resolved_after_thirty_days_is_not_resolved_in_time(connection: Connection) -> None:
    for n in range(30):
        factories.appeal(connection, received_at=NOON, closed_at=NOON + (30 if n % 2 else 30.001) * DAY)
    rows = observed_expected.adjusted_ratios(MARCH, "organisation", "resolution_rate")
    assert rows["observed"].tolist() == [15]


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("name", observed_expected.COMPARED_SHARES)
def test_every_figure_that_is_compared_has_an_empty_table(name: str) -> None:
    assert observed_expected.adjusted_ratios(MARCH, "organisation", name).empty


@pytest.mark.parametrize("name", observed_expected.COMPARED_SHARES)
def test_organisations_of_a_region_have_what_the_region_has(connection: Connection, name: str) -> None:
    returned: dict[str, Any] = {"reopened": 1, "first_answered_at": NOON + DAY, "first_returned_at": NOON + 2 * DAY}
    for n in range(60):
        factories.appeal(
            connection,
            topic=("roads", "heat")[n % 2],
            holder=("city", "town")[n % 3 > 0],
            first_holder=("city", "town")[n % 5 > 0],
            received_at=NOON,
            deadline_at=NOON + (n % 7) * DAY,
            closed_at=NOON + 3 * DAY if n % 4 else None,
            outcome=("resolved", "explained")[n % 2] if n % 4 else None,
            rating=1 + n % 5 if n % 4 else None,
            **(returned if n % 11 == 0 else {}),
        )
    counted = [
        observed_expected.member_cases(MARCH, kind, observed_expected.COMPARED_SHARES[name].moment).sum()
        for kind in ("organisation", "region")
    ]
    for part in observed_expected.CASE_COLUMNS:
        assert counted[0][f"{name}_{part}"] == pytest.approx(counted[1][f"{name}_{part}"])
        assert counted[0][f"{name}_{part}"] > 0
