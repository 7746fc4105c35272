"""No group of fewer than ten people is shown or follows from what is shown; and what needn't be hidden is shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.statistics.suppression import Counts, Flags, hidden_cells, hidden_groups

MIN_PEOPLE = 10


def derivable_cells(counts: Counts, hidden: Flags, hidden_rows: Flags) -> list[tuple[int, int]]:
    """The hidden cells of fewer than ten people that follow from the totals and all shown cells, by their rank.

    Known are the totals of columns and those of rows that aren't hidden. A cell is determined if its unit vector lies
    in the space of the equations.
    """
    places = [(int(row), int(column)) for row, column in zip(*np.nonzero(hidden), strict=True)]
    equations = [[float(cell[1] == column) for cell in places] for column in range(counts.shape[1])]
    equations += [[float(cell[0] == row) for cell in places] for row in np.flatnonzero(~hidden_rows)]
    matrix = np.array(equations).reshape(len(equations), len(places))
    rank = np.linalg.matrix_rank(matrix) if places else 0
    return [
        place
        for number, place in enumerate(places)
        if counts[place] < MIN_PEOPLE
        and np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(places))[number]])) == rank
    ]


def test_hiding_small_cells_alone_gives_them_away_and_complementary_suppression_does_not() -> None:
    counts = np.array([[40, 30, 3], [50, 40, 20], [60, 20, 15]])
    shown_rows = np.zeros(3, dtype=np.bool_)
    naive = counts < MIN_PEOPLE
    assert derivable_cells(counts, naive, shown_rows) == [(0, 2)]
    hidden = hidden_cells(counts, shown_rows, MIN_PEOPLE)
    assert derivable_cells(counts, hidden, shown_rows) == []
    # The smallest cells that protect it.
    assert hidden.tolist() == [[False, True, True], [False, False, False], [False, True, True]]


def test_a_small_group_takes_the_next_one_along() -> None:
    assert hidden_groups([200, 50, 30, 4], MIN_PEOPLE).tolist() == [False, False, True, True]
    assert hidden_groups([200, 5], MIN_PEOPLE).tolist() == [True, True]
    assert hidden_groups([3], MIN_PEOPLE).tolist() == [True]
    assert not hidden_groups([10, 10, 11], MIN_PEOPLE).any()
    # Two small ones protect each other only if they are ten together.
    assert hidden_groups([200, 50, 6, 4], MIN_PEOPLE).tolist() == [False, False, True, True]
    assert hidden_groups([200, 50, 5, 4], MIN_PEOPLE).tolist() == [False, True, True, True]


def test_what_the_hidden_groups_have_in_common_is_protected_too() -> None:
    # The two hidden groups have 16 people together, of whom 2 chose the last option: the column would say so.
    counts = np.array([[5, 3, 0], [4, 2, 2], [40, 30, 25], [50, 20, 30]])
    rows = hidden_groups(counts.sum(axis=1).tolist(), MIN_PEOPLE)
    assert rows.tolist() == [True, True, False, False]
    hidden = hidden_cells(counts, rows, MIN_PEOPLE)
    assert hidden[2:, 2].any()


def test_nothing_is_hidden_where_nobody_is_in_a_small_group() -> None:
    counts = np.array([[10, 20, 0], [30, 11, 0]])
    assert not hidden_cells(counts, np.zeros(2, dtype=np.bool_), MIN_PEOPLE).any()


def test_a_chain_of_hidden_cells_that_ends_in_a_known_one_is_lengthened() -> None:
    # Each line hides two cells, and yet the one between both blocks would follow from the totals.
    rng = np.random.default_rng(7)
    for _ in range(200):
        counts = rng.poisson(14, (6, 5))
        rows = hidden_groups(counts.sum(axis=1).tolist(), MIN_PEOPLE)
        assert derivable_cells(counts, hidden_cells(counts, rows, MIN_PEOPLE), rows) == []


tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=7)
)


@given(tables)
def test_no_small_cell_is_shown_or_derivable(table: list[list[int]]) -> None:
    counts = np.array(table)
    rows = hidden_groups(counts.sum(axis=1).tolist(), MIN_PEOPLE)
    hidden = hidden_cells(counts, rows, MIN_PEOPLE)
    used = counts.sum(axis=0) > 0
    assert hidden[:, used][counts[:, used] < MIN_PEOPLE].all()
    assert hidden[np.ix_(rows, used)].all()
    # Where a total itself is small, what follows from it is no secret of the table.
    for row, column in derivable_cells(counts[:, used], hidden[:, used], rows):
        assert counts[:, used][:, column].sum() < MIN_PEOPLE or hidden[:, used][:, column].all(), (row, column)


@pytest.mark.parametrize("sizes", [[0, 0], [9, 9, 9], [1], [100, 9, 9]])
def test_hidden_groups_are_ten_people_together_or_all(sizes: list[int]) -> None:
    hidden = hidden_groups(sizes, MIN_PEOPLE)
    together = sum(size for size, is_hidden in zip(sizes, hidden, strict=True) if is_hidden)
    assert hidden.all() or together == 0 or together >= MIN_PEOPLE
