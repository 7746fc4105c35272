"""What colours a territory: its shrunken value, in classes about the target or the overall value."""

import numpy as np
import pandas as pd

from components.maps.legend import legend_entries
from components.maps.styling import has_class_choice, style_territories
from queries.metrics.catalogue import METRICS
from queries.statistics.shrinkage import shrunk_shares

ON_TIME = METRICS["on_time_rate"]


def territory_rows(met: list[int], due: list[int]) -> pd.DataFrame:
    cases = np.array(due, dtype=float)
    mean, low, high = shrunk_shares(np.array(met, dtype=float), cases)
    columns = {"value": np.array(met) / cases, "cases": cases, "shrunk": mean, "low": low, "high": high}
    codes = [f"X{index}" for index in range(len(due))]
    return pd.DataFrame(columns).assign(
        code=codes, name=codes, change=np.nan, previous=np.nan, few=cases < 30, change_few=True, received=cases,
        open=0, overdue=0, lacking=pd.Series([()] * len(due), dtype=object),
    )  # fmt: skip


def test_chance_alone_colours_nobody() -> None:
    """Of 83 regions with one true rate, quantiles of raw values paint a fifth as worst; shrunken ones stay together."""
    rng = np.random.default_rng(1)
    due = rng.integers(30, 300, 83)
    rows = territory_rows(list(rng.binomial(due, 0.9)), list(due))
    styled, classes = style_territories(rows, ON_TIME, change=False, theme="light", overall=0.9)
    assert (rows["value"].max() - rows["value"].min()) > 0.15
    assert (styled["shade"].max() - styled["shade"].min()) < 0.04
    assert styled["unclear"].mean() > 0.9
    entries = legend_entries(styled, classes, ON_TIME, change=False, theme="light")
    assert [entry.label for entry in entries if entry.is_hatched] == [
        f"colour says nothing: 95% interval wider than the scale ({styled['unclear'].sum()})"
    ]
    assert [entry.target_label for entry in entries if entry.target_label] == ["overall 90.0%"]


def test_a_region_that_surely_differs_is_not_hatched() -> None:
    rows = territory_rows([9000, 4500, 28], [10000, 10000, 31])
    styled, classes = style_territories(rows, ON_TIME, change=False, theme="light", overall=0.68)
    assert list(styled["unclear"]) == [False] * 3
    assert classes.is_overall
    assert classes.target == 0.68
    assert "Likely 90.0% (95% between 89.4% and 90.6%)" in styled["tip"][0]
    assert list(styled["text"])[:2] == ["90.0%", "45.0%"]  # the list has the values themselves


def test_only_colours_that_say_nothing_are_hatched() -> None:
    """Of 49 regions that differ, the rule of before (any second class in the interval) hatches nearly all."""
    rng = np.random.default_rng(2)
    due = rng.integers(40, 250, 49)
    rows = territory_rows(list(rng.binomial(due, rng.beta(45, 5, 49))), list(due))
    styled, classes = style_territories(rows, ON_TIME, change=False, theme="light", overall=0.9)
    any_second_class = [
        classes.class_index(low) != classes.class_index(high)
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    assert np.mean(any_second_class) > 0.9
    assert styled["unclear"].mean() < 0.1


def test_a_single_class_is_never_hatched() -> None:
    rows = territory_rows([36, 36], [40, 40])
    styled, classes = style_territories(rows, ON_TIME, change=False, theme="light", equal_groups=True)
    assert not classes.bounds
    assert not styled["unclear"].any()


def test_an_overall_value_of_many_digits_is_marked_in_the_legend() -> None:
    rows = territory_rows([900, 800, 700], [1000] * 3)
    styled, classes = style_territories(rows, ON_TIME, change=False, theme="light", overall=2345 / 3001)
    entries = legend_entries(styled, classes, ON_TIME, change=False, theme="light")
    assert [entry.target_label for entry in entries if entry.target_label] == ["overall 78.1%"]


def test_groups_of_equal_size_are_a_choice() -> None:
    rows = territory_rows([900, 800, 700, 600], [1000] * 4)
    about, equal = (
        style_territories(rows, ON_TIME, change=False, theme="light", overall=0.75, equal_groups=choice)[1]
        for choice in (False, True)
    )
    assert 0.75 in about.bounds
    assert equal.target is None
    assert len(equal.bounds) == 3


def test_a_target_goes_before_the_overall_value_and_counts_have_neither() -> None:
    rows = territory_rows([900, 800], [1000] * 2)
    classes = style_territories(rows, METRICS["satisfaction"], change=False, theme="light", overall=0.75)[1]
    assert (classes.target, classes.is_overall) == (0.6, False)
    assert has_class_choice(METRICS["satisfaction"], None, change=False)
    assert not has_class_choice(METRICS["open"], None, change=False)
    assert not has_class_choice(ON_TIME, 0.9, change=True)
