"""Observed and expected cases: adjusted for topics, shrunk where cases are few, small members never on top."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sqlalchemy import Connection, Integer, column, select, values
from statsmodels.stats.proportion import proportion_confint

from otklik.database.transactions import query_dataframe
from otklik.small_numbers import wilson_interval
from queries.filters import Filters
from queries.resolution import observed_expected
from queries.resolution.shrinkage import gamma_quantile, shrunk_ratios
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
    names = ("member", "topic", "cases", "observed")
    cell_rows = select(values(*(column(name, Integer) for name in names)).data(cells).alias("told")).subquery()
    answer = query_dataframe(
        observed_expected.expected_cases_query(cell_rows, {"a": (cell_rows.c.cases, cell_rows.c.observed)})
    )
    return answer.set_index("member").sort_index().rename(columns=lambda name: name.removeprefix("a_"))


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


def moments(observed: list[int], expected: list[float]) -> tuple[float, float]:
    """Marshall's estimates of the mean and of the variance between members, written out."""
    m = sum(observed) / sum(expected)
    s2 = sum(e * (o / e - m) ** 2 for o, e in zip(observed, expected, strict=True)) / sum(expected)
    return m, s2 - m / (sum(expected) / len(expected))


def test_ratios_are_drawn_together_and_bounded_as_an_independent_computation_does() -> None:
    observed, expected = [30, 8, 1, 60, 12, 0], [15.0, 10.0, 0.4, 75.0, 10.0, 0.6]
    rows = shrunk_ratios(pd.DataFrame({"observed": observed, "expected": expected}))
    m, a = moments(observed, expected)
    posterior = stats.gamma(np.array(observed) + m * m / a, scale=1 / (np.array(expected) + m / a))
    assert rows["shrunk"].to_numpy() == pytest.approx(posterior.mean())
    ends = posterior.interval(0.95)
    assert rows["low"].to_numpy() == pytest.approx(ends[0], rel=0.01)
    assert rows["high"].to_numpy() == pytest.approx(ends[1], rel=0.01)
    # One case where 0.4 was expected doesn't make a member 2.5 times as bad: it is shrunk to the middle.
    assert rows["ratio"].idxmax() == 2
    assert rows["shrunk"].idxmax() == 0


@pytest.mark.parametrize("shape", [1.0, 3.0, 20.0, 500.0])
def test_the_gamma_quantiles_are_near_the_exact_ones(shape: float) -> None:
    for z in (-1.959964, 1.959964):
        assert gamma_quantile(np.array([shape]), z)[0] == pytest.approx(
            stats.gamma.ppf(stats.norm.cdf(z), shape), rel=0.03, abs=0.015
        )


def test_differences_that_are_chance_are_none() -> None:
    rows = shrunk_ratios(pd.DataFrame({"observed": [9, 11, 10], "expected": [10.0, 10.0, 10.0]}))
    assert rows["shrunk"].tolist() == [1, 1, 1]
    assert shrunk_ratios(pd.DataFrame({"observed": [0.0], "expected": [0.0]})).empty


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
    rows = observed_expected.adjusted_ratios(MARCH, "organisation", "closed_on_time_rate").set_index("code")
    assert "one" not in rows.index
    assert rows["group"].to_dict() == {"easy": 30, "hard": 30, "both": 30}
    # Half of its cases were late, of a topic of which 35 in 60 were.
    assert rows["expected"]["hard"] == pytest.approx(17.5)
    assert rows["observed"]["hard"] == 15
    assert rows["ratio"]["hard"] < 1 < rows["ratio"]["both"]
    assert (rows["low"] <= rows["shrunk"]).all()
    assert (rows["shrunk"] <= rows["high"]).all()


def test_groups_of_volume_stand_apart_the_largest_first(connection: Connection) -> None:
    answered(connection, "large", "forms", late=10, of=100)
    answered(connection, "small", "forms", late=29, of=30)
    rows = observed_expected.adjusted_ratios(MARCH, "organisation", "closed_on_time_rate")
    assert rows[["code", "group"]].to_numpy().tolist() == [["large", 100], ["small", 30]]
    regions = observed_expected.adjusted_ratios(MARCH, "region", "closed_on_time_rate")
    assert regions[["code", "cases", "observed", "expected", "ratio"]].to_numpy().tolist() == [["XA", 130, 39, 39, 1]]


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("name", observed_expected.COUNTS_GOOD_CASES)
def test_every_figure_that_is_compared_has_an_empty_table(name: str) -> None:
    assert observed_expected.adjusted_ratios(MARCH, "organisation", name).empty


@pytest.mark.parametrize("name", observed_expected.COUNTS_GOOD_CASES)
def test_organisations_of_a_region_have_what_the_region_has(connection: Connection, name: str) -> None:
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
            reopened=int(n % 11 == 0),
        )
    counted = [
        observed_expected.member_cases(MARCH, kind, observed_expected.METRIC_MOMENTS[name]).sum()
        for kind in ("organisation", "region")
    ]
    for part in observed_expected.CASE_COLUMNS:
        assert counted[0][f"{name}_{part}"] == pytest.approx(counted[1][f"{name}_{part}"])
        assert counted[0][f"{name}_{part}"] > 0
