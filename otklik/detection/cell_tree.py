"""Cells: a territory of any level and a topic of any level, and how they lie within one another."""

from typing import NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
Cell = tuple[int, int]
"""The ids of a territory and a topic."""


class Ancestry:
    """A tree of territories or topics by their ids."""

    def __init__(self, parents: dict[int, int | None]) -> None:
        """`parents` has the id above each id, None at the top."""
        self._parents = parents
        self._paths: dict[int, tuple[int, ...]] = {}

    def path(self, member: int) -> tuple[int, ...]:
        """The ids from a member up to the top."""
        if member not in self._paths:
            above = self._parents.get(member)
            self._paths[member] = (member, *(self.path(above) if above is not None else ()))
        return self._paths[member]

    def are_related(self, first: int, second: int) -> bool:
        """Whether one is the other, or lies within it."""
        return first in self.path(second) or second in self.path(first)


class CellTree(NamedTuple):
    """Territories and topics, and how cells of both lie within one another."""

    territories: Ancestry
    topics: Ancestry

    def are_related(self, first: Cell, second: Cell) -> bool:
        """Whether both their territories and their topics are the same, or within one another."""
        return self.territories.are_related(first[0], second[0]) and self.topics.are_related(first[1], second[1])

    def country(self, territory: int) -> int:
        """The topmost territory."""
        return self.territories.path(territory)[-1]


class Cells(NamedTuple):
    """All cells that contain any appeal: both ids of each, and the pairs (cell, leaf) of which leaf lies in which."""

    territory: IntArray
    topic: IntArray
    pair_cell: IntArray
    pair_leaf: IntArray


def read_tree(connection: psycopg.Connection) -> CellTree:
    """The territories and topics of the database."""
    territories = connection.execute("SELECT id, parent_id FROM territory").fetchall()
    topics = connection.execute("SELECT id, parent_id FROM topic").fetchall()
    return CellTree(Ancestry(dict(territories)), Ancestry(dict(topics)))


def cells_above(tree: CellTree, places: IntArray, topics: IntArray) -> Cells:
    """The cells of every level that contain these leaves, each a place and a topic."""
    positions: dict[Cell, int] = {}
    pair_cell, pair_leaf = [], []
    for leaf, (place, topic) in enumerate(zip(places.tolist(), topics.tolist(), strict=True)):
        for territory in tree.territories.path(place):
            for above in tree.topics.path(topic):
                pair_cell.append(positions.setdefault((territory, above), len(positions)))
                pair_leaf.append(leaf)
    ids = np.array(list(positions), dtype=np.int64).reshape(-1, 2)
    return Cells(ids[:, 0], ids[:, 1], np.array(pair_cell, dtype=np.int64), np.array(pair_leaf, dtype=np.int64))
