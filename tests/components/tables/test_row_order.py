"""Tables of members by a figure: few cases last in both orders, the worst first, the order in the address."""

import pandas as pd
import pytest

from components.tables.columns import columns_named
from components.tables.row_order import RowOrder, worst_first
from queries.metrics.catalogue import METRICS

ROWS = pd.DataFrame(
    {"name": ["Ä", "b", "C", "d"], "satisfaction": [0.5, float("nan"), 0.9, 0.1], "small": [False, True, False, False]}
)


@pytest.mark.parametrize(
    ("column", "is_descending", "names"),
    [
        ("satisfaction", False, ["d", "Ä", "C", "b"]),
        ("satisfaction", True, ["C", "Ä", "d", "b"]),
        ("name", False, ["C", "d", "Ä", "b"]),
        ("name", True, ["Ä", "d", "C", "b"]),
    ],
)
def test_few_cases_are_last_in_both_orders(column: str, names: list[str], *, is_descending: bool) -> None:
    rows = RowOrder(column, is_descending).sorted_rows(ROWS, columns_named("name", "satisfaction"), ROWS["small"])
    assert rows["name"].tolist() == names


@pytest.mark.parametrize(
    ("metric", "is_descending"),
    [("satisfaction", False), ("on_time_rate", False), ("overdue", True), ("answer_mean", True), ("received", True)],
)
def test_the_worst_comes_first(metric: str, *, is_descending: bool) -> None:
    assert worst_first(METRICS[metric]) == RowOrder(metric, is_descending)
