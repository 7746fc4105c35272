"""Closing curves against an independent implementation, and with few appeals by hand."""

from random import Random

import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from queries.statistics.kaplan_meier import day_reached, kaplan_meier


def counts(ages: list[int], closed: list[bool]) -> pd.DataFrame:
    rows = pd.DataFrame({"age": ages, "closed": closed, "appeals": 1})
    return rows.groupby("age", as_index=False).sum()


@pytest.mark.parametrize("seed", range(5))
def test_the_curve_is_that_of_an_independent_implementation(seed: int) -> None:
    dice = Random(seed)  # noqa: S311 -- data for tests
    ages = [dice.choice([0, 1, 1, 2, 5, 8, 8, 30, dice.randrange(50)]) for _ in range(400)]
    # The oldest appeal is open: after the last close the variance is unknown.
    closed = [True for _ in ages] + [False]
    ages.append(55)
    reference = SurvfuncRight(ages, closed)
    rows = kaplan_meier(counts(ages, closed), 60).set_index("day")
    # An appeal closed at age n is closed within n + 1 days.
    days = reference.surv_times.astype(int) + 1
    assert rows["share"][days].to_numpy() == pytest.approx(1 - reference.surv_prob)
    assert rows["at_risk"][days].to_numpy() == pytest.approx(reference.n_risk)
    wide = rows["high"][days].to_numpy() - rows["share"][days].to_numpy()
    unclipped = rows["high"][days].to_numpy() < 1
    assert wide[unclipped] == pytest.approx((1.959964 * reference.surv_prob_se)[unclipped])


def test_of_its_last_day_an_open_appeal_counts_for_half() -> None:
    dice = Random(1)  # noqa: S311 -- data for tests
    lasted = [(dice.expovariate(0.1), dice.uniform(0, 20)) for _ in range(20_000)]
    exact = SurvfuncRight([min(times) for times in lasted], [close <= seen for close, seen in lasted])
    rows = kaplan_meier(
        counts([int(min(times)) for times in lasted], [close <= seen for close, seen in lasted]), 20
    ).set_index("day")
    for day in (5, 10, 15):
        reference = 1 - exact.surv_prob[exact.surv_times < day][-1]
        assert rows["share"][day] == pytest.approx(reference, abs=0.002)


def test_open_ones_count_for_as_long_as_they_have_been_open() -> None:
    # One closed on its first day, one open for two days, one closed on its fourth, one open for nine.
    rows = kaplan_meier(counts([0, 2, 3, 9], [True, False, True, False]), 10).set_index("day")
    assert list(rows["share"][[0, 1, 2, 3, 4, 10]]) == pytest.approx([0, 1 / 4, 1 / 4, 1 / 4, 5 / 8, 5 / 8])
    assert list(rows["at_risk"][[0, 1, 2, 3, 4, 5, 10]]) == [4, 4, 3, 3, 2, 1, 1]


@pytest.mark.parametrize(("share", "day"), [(0.25, 1), (0.5, 4), (0.625, 4), (0.7, float("nan"))])
def test_a_share_is_reached_on_the_first_day_that_has_it(share: float, day: float) -> None:
    rows = kaplan_meier(counts([0, 2, 3, 9], [True, False, True, False]), 10)
    assert day_reached(rows, share) == pytest.approx(day, nan_ok=True)
