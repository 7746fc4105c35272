"""The figures of a poll by one property of its voters, and which of them are hidden: the one place that decides it.

A figure is how many of a group chose an option, did not choose it, or voted at all. Who didn't choose follows from who
did, so both are figures.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from queries.statistics.suppression import UNBOUNDED, Counts, Flags, Room, hidden_cells, hidden_groups

TURNOUT, ANY = 0, 0
"""The question and the option of the figures that say how many of a group voted."""
NO_ANSWER = -1
"""The option of those who left out a question with one answer."""


class Figure(NamedTuple):
    """A question, an option and a group's key; -n are those who didn't choose option n of a multiple choice."""

    question_id: int
    option_id: int
    key: int


class Count(NamedTuple):
    """People of a figure: `last_shown` was the last count that was shown before, `later` have come since this one."""

    people: int
    last_shown: int = 0
    later: int = UNBOUNDED


NOBODY = Count(0)
Figures = Mapping[Figure, Count]


def with_complements(people: Mapping[Figure, int], kinds: Mapping[int, str]) -> dict[Figure, int]:
    """The figures of options with those of people who chose none of a single choice, or not this one of several.

    `kinds`: by the id of each question. Those who answered in words are figures without a complement.
    """
    sizes = {figure.key: size for figure, size in people.items() if figure.question_id == TURNOUT}
    complete = {Figure(TURNOUT, ANY, key): size for key, size in sizes.items()}
    for question_id, kind in kinds.items():
        chosen = {figure: n for figure, n in people.items() if figure.question_id == question_id}
        if kind == "open":
            complete |= chosen
            continue
        for key, size in sizes.items():
            by_option = {figure.option_id: n for figure, n in chosen.items() if figure.key == key}
            if kind == "multiple":
                for option_id in {figure.option_id for figure in chosen}:
                    n = by_option.get(option_id, 0)
                    complete[Figure(question_id, option_id, key)] = n
                    complete[Figure(question_id, -option_id, key)] = size - n
            else:
                for option_id in {figure.option_id for figure in chosen}:
                    complete[Figure(question_id, option_id, key)] = by_option.get(option_id, 0)
                complete[Figure(question_id, NO_ANSWER, key)] = size - sum(by_option.values())
    return complete


def hidden_figures(figures: Figures, kinds: Mapping[int, str], min_people: int) -> set[Figure]:
    """The figures, complete by `with_complements`, that aren't shown; the totals of all groups are known.

    Of a question that is answered in words, no group is shown.
    """
    keys = sorted(figure.key for figure in figures if figure.question_id == TURNOUT)
    if not keys:
        return set()
    sizes = _table(figures, TURNOUT, keys, [ANY])
    rooms = Room(sizes.room.below[:, 0], sizes.room.above[:, 0])
    hidden_rows = hidden_groups(sizes.people[:, 0].tolist(), min_people, rooms)
    hidden = {Figure(TURNOUT, ANY, key) for key, is_hidden in zip(keys, hidden_rows, strict=True) if is_hidden}
    for question_id, kind in kinds.items():
        if kind == "open":
            hidden |= {figure for figure in figures if figure.question_id == question_id}
            continue
        options = sorted({figure.option_id for figure in figures if figure.question_id == question_id})
        of_one_table = [[option, -option] for option in options if option > 0] if kind == "multiple" else [options]
        for columns in of_one_table:
            hidden |= _hidden_in_table(figures, question_id, keys, columns, hidden_rows, min_people)
    return hidden


class _Table(NamedTuple):
    people: Counts
    room: Room


def _hidden_in_table(
    figures: Figures, question_id: int, keys: list[int], options: list[int], hidden_rows: Flags, min_people: int
) -> set[Figure]:
    if not options:
        return set()
    table = _table(figures, question_id, keys, options)
    hidden = hidden_cells(table.people, hidden_rows, min_people, table.room)
    return {Figure(question_id, options[column], keys[row]) for row, column in zip(*np.nonzero(hidden), strict=True)}


def _table(figures: Figures, question_id: int, keys: list[int], options: list[int]) -> _Table:
    """A row a group, a column an option."""
    counts = [[figures.get(Figure(question_id, option, key), NOBODY) for option in options] for key in keys]
    people, last_shown, later = (
        np.array([[count[part] for count in row] for row in counts], dtype=np.int64).reshape(len(keys), len(options))
        for part in range(3)
    )
    # Votes are withdrawn and changed too: a count may be less than it was.
    return _Table(people, Room(np.maximum(people - last_shown, 0), np.maximum(later, 0)))
