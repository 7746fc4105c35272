"""Which cells of a table of people are left out, so that no small group is recognised or worked out from the others.

A cell of fewer than `min_people` is hidden, and others with it (complementary suppression), since totals are known:
the interval that the totals and all shown cells leave for a hidden one has to be at least `min_people` wide, or as wide
as the totals alone leave it. In a table the interval follows from the maximum flow between the cell's row and column:
L. H. Cox (1995), "Network models for complementary cell suppression", JASA 90, 1453-1462.

Where earlier states of the table were shown, and later ones will be, `Room` says how much each cell has changed since.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
UNBOUNDED = 1 << 30


class Room(NamedTuple):
    """How far a reader can't tell where a hidden cell lies: so many people `below` its count, and so many `above`.

    Below: those counted since the cell was last shown. Above: those counted after this state, of which a later one
    will tell; unbounded in the last state.
    """

    below: Counts
    above: Counts


def hidden_groups(sizes: Sequence[int], min_people: int, room: Room | None = None) -> Flags:
    """Which groups of people aren't shown with their sizes, where the total of all is known."""
    values = np.array(sizes, dtype=np.int64)
    room = room or _whole_room(values)
    hidden: Flags = (values < min_people) | (room.above < min_people)
    _complete_line(values, hidden, room, min_people)
    return hidden


def hidden_cells(counts: Counts, hidden_rows: Flags, min_people: int, room: Room | None = None) -> Flags:
    """Which cells of a table aren't shown: a row a group, a column an answer, of which each person gave one.

    The total of each column is known, and of each row but the `hidden_rows`, no cell of which is shown; what these have
    together follows from the totals and is protected like a cell. A column without any answer hides nothing: its total
    says that each cell is 0.
    """
    room = room or _whole_room(counts)
    used = counts.sum(axis=0) > 0
    hidden = np.zeros(counts.shape, dtype=np.bool_)
    if not used.any():
        return hidden
    # All hidden rows are one row of the table, whose total follows from the others.
    tables = (counts, room.below, room.above)
    values, below, above = (
        np.vstack([table[~hidden_rows], table[hidden_rows].sum(axis=0)[None, :].repeat(hidden_rows.any(), axis=0)])
        for table in (table[:, used] for table in tables)
    )
    flags = (values < min_people) | (above < min_people)
    is_rest = np.zeros(len(values), dtype=np.bool_)
    is_rest[len(counts) - hidden_rows.sum() :] = True
    flags[is_rest] = True
    _complete_table(values, flags, Room(below, above), min_people, is_rest)
    shown = np.ones((len(counts), int(used.sum())), dtype=np.bool_)
    shown[~hidden_rows] = flags[~is_rest]
    hidden[:, used] = shown
    return hidden


def _whole_room(counts: Counts) -> Room:
    return Room(counts, np.full_like(counts, UNBOUNDED))


def _complete_table(values: Counts, flags: Flags, room: Room, min_people: int, is_rest: Flags) -> None:
    """Hide more cells (`flags`, changed in place) until the interval of each hidden cell is wide enough."""
    lines: list[tuple[slice | int, slice | int]] = [(int(row), slice(None)) for row in np.flatnonzero(~is_rest)]
    lines += [(slice(None), column) for column in range(values.shape[1])]
    while True:
        # Changes of `flags[line]`, a view, are changes of `flags`.
        changed = [
            _complete_line(values[line], flags[line], Room(room.below[line], room.above[line]), min_people)
            for line in lines
        ]
        if not any(changed) and not _widen_one(values, flags, room, min_people, is_rest):
            return


def _complete_line(values: Counts, flags: Flags, room: Room, min_people: int) -> bool:
    """Hide more cells of a line whose total is known, the smallest first; whether any."""
    changed = False
    while flags.any() and not flags.all() and not _is_line_open(room.below[flags], room.above[flags], min_people):
        _hide_smallest(values, flags)
        changed = True
    return changed


def _is_line_open(below: Counts, above: Counts, min_people: int) -> bool:
    """Whether hidden cells of a line can take so many people from one another that each interval is wide enough."""
    widths = np.minimum(above, below.sum() - below) + np.minimum(below, above.sum() - above)
    return len(below) > 1 and bool((widths >= min_people).all())


def _hide_smallest(values: Counts, flags: Flags) -> None:
    shown = np.flatnonzero(~flags)
    flags[shown[values[shown].argmin()]] = True


def _widen_one(values: Counts, flags: Flags, room: Room, min_people: int, is_rest: Flags) -> bool:
    """Hide one cell more where the interval of a hidden one is too narrow and needn't be; whether one was."""
    everything = np.ones_like(flags)
    for row, column in zip(*np.nonzero(flags), strict=True):
        # Hidden rows may be known together where they are enough people.
        if is_rest[row] and values[row, column] >= min_people:
            continue
        if flags[row].all() and flags[:, column].all():
            continue
        width = interval_width(flags, room, (row, column), min_people)
        if width >= min_people or width >= interval_width(everything, room, (row, column), min_people):
            continue
        in_lines = np.zeros_like(flags)
        in_lines[row], in_lines[:, column] = True, True
        candidates = np.argwhere(in_lines & ~flags)
        flags[tuple(candidates[values[in_lines & ~flags].argmin()])] = True
        return True
    return False


def interval_width(flags: Flags, room: Room, cell: tuple[int, int], at_most: int) -> int:
    """How wide the interval of a hidden cell is, at most so wide; `flags` are the hidden cells of the table.

    More people in the cell are fewer in another one of its row, more in one of that column, and so on, until there are
    fewer in one of its own column.
    """
    from scipy.sparse import csr_matrix  # noqa: PLC0415 -- a tenth of a second, which most pages need not spend
    from scipy.sparse.csgraph import maximum_flow  # noqa: PLC0415

    rows, columns = flags.shape
    others = flags.copy()
    others[cell] = False
    capacities = np.zeros((rows + columns, rows + columns), dtype=np.int32)
    capacities[:rows, rows:] = np.where(others, np.minimum(room.below, at_most), 0)
    capacities[rows:, :rows] = np.where(others, np.minimum(room.above, at_most), 0).T
    graph = csr_matrix(capacities)
    more = maximum_flow(graph, cell[0], rows + cell[1]).flow_value
    fewer = maximum_flow(graph, rows + cell[1], cell[0]).flow_value
    return int(min(min(more, room.above[cell]) + min(fewer, room.below[cell]), at_most))
