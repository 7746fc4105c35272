"""Which cells of a table of people are left out, so that no small group is recognised or worked out from the others.

A cell of fewer than `min_people` is hidden. Who knows the totals could subtract what is shown from them, so others are
hidden with it (complementary suppression), until in each line what is hidden comes to `min_people` in at least two
cells, and until no small cell follows from all lines together. What was shown at an earlier moment isn't considered.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
TOLERANCE = 1e-9


def hidden_groups(sizes: Sequence[int], min_people: int) -> Flags:
    """Which groups of people aren't shown with their sizes, where the total of all is known."""
    hidden: Flags = _hide_in_lines(np.array([sizes], dtype=np.int64), min_people, with_columns=False)[0]
    return hidden


def hidden_cells(counts: Counts, hidden_rows: Flags, min_people: int) -> Flags:
    """Which cells of a table aren't shown: a row a group, a column an answer, of which each person gave one.

    The total of each column is known, and of each row but the `hidden_rows`, no cell of which is shown. A column
    without any answer hides nothing: its total says that each cell is 0.
    """
    used = counts.sum(axis=0) > 0
    hidden = np.zeros(counts.shape, dtype=np.bool_)
    hidden[:, used] = _hide_in_lines(counts[:, used], min_people, with_columns=True, hidden_rows=hidden_rows)
    return hidden


def _hide_in_lines(counts: Counts, min_people: int, *, with_columns: bool, hidden_rows: Flags | None = None) -> Flags:
    if hidden_rows is None:
        hidden_rows = np.zeros(len(counts), dtype=np.bool_)
    hidden = (counts < min_people) | hidden_rows[:, None]
    while True:
        lines = [(counts[row], hidden[row]) for row in np.flatnonzero(~hidden_rows)]
        if with_columns:
            lines += list(zip(counts.T, hidden.T, strict=True))
        changed = [_complete_line(values, flags, min_people) for values, flags in lines]
        if not any(changed) and not (with_columns and _protect_derived(counts, hidden, hidden_rows, min_people)):
            return hidden


def _complete_line(values: Counts, flags: Flags, min_people: int) -> bool:
    """Hide more cells of a line (`flags`, changed in place) that hides too few, the smallest first; whether any."""
    changed = False
    while flags.any() and not flags.all() and (flags.sum() < 2 or values[flags].sum() < min_people):  # noqa: PLR2004
        _hide_smallest(values, flags)
        changed = True
    return changed


def _hide_smallest(values: Counts, flags: Flags) -> None:
    shown = np.flatnonzero(~flags)
    flags[shown[values[shown].argmin()]] = True


def _protect_derived(counts: Counts, hidden: Flags, hidden_rows: Flags, min_people: int) -> bool:
    """Hide one cell more where a small one follows from the totals and all that is shown; whether one did."""
    rows, columns = np.nonzero(hidden)
    if not len(rows):
        return False
    shown_rows = np.flatnonzero(~hidden_rows)
    equations = np.vstack(
        [rows[None, :] == shown_rows[:, None], columns[None, :] == np.arange(counts.shape[1])[:, None]]
    ).astype(np.float64)
    _left, singular, right = np.linalg.svd(equations)
    free = right[(singular > TOLERANCE).sum() :]
    # A cell is known where nothing that fits the totals changes it; so is what the hidden rows have of a column.
    known = [
        (int(row), int(column))
        for row, column, direction in zip(rows, columns, free.T, strict=True)
        if not hidden_rows[row] and counts[row, column] < min_people and np.abs(direction).max(initial=0) < TOLERANCE
    ]
    for number in range(counts.shape[1]):
        of_hidden_rows = (columns == number) & hidden_rows[rows]
        is_small = of_hidden_rows.any() and counts[hidden_rows, number].sum() < min_people
        if is_small and np.abs(free[:, of_hidden_rows].sum(axis=1)).max(initial=0) < TOLERANCE:
            known.append((int(np.flatnonzero(hidden_rows)[0]), number))
    for place in known:
        for values, flags in ((counts[:, place[1]], hidden[:, place[1]]), (counts[place[0]], hidden[place[0]])):
            if not flags.all():
                _hide_smallest(values, flags)
                return True
    return False
