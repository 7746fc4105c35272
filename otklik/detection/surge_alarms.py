"""Which cells raise an alarm: false ones held over all cells together, and one alarm for cells within one another."""

from otklik.detection.cell_tree import Cell, CellTree
from otklik.detection.quasi_poisson import FloatArray
from otklik.detection.weekly_series import WEEK_DAYS

FALSE_ALARMS_A_WEEK = 0.5
"""How many alarms of all cells together would be chance in a week, by their probabilities: half of what is allowed."""


def alarm_threshold(judged_cells: int) -> float:
    """The probability up to which a day's count is an alarm, so that a week has no more false ones than allowed.

    The expected number of false alarms is the sum of the probabilities of each, however the cells depend on one
    another: a budget divided by their number (O. J. Dunn, 1961, JASA 56, 52-64).
    """
    return FALSE_ALARMS_A_WEEK / WEEK_DAYS / max(judged_cells, 1)


def separate_alarms(
    tree: CellTree, cells: list[Cell], probabilities: FloatArray, going_on: set[Cell], threshold: float
) -> list[int]:
    """The positions of the alarms: those of surges that go on first, then the least probable.

    A cell within another alarm's cell, or around it, raises none: one surge is one alarm.
    """
    alarms = [n for n in probabilities.argsort(kind="stable").tolist() if probabilities[n] <= threshold]
    alarms.sort(key=lambda n: cells[n] not in going_on)
    separate: list[int] = []
    for position in alarms:
        if not any(tree.are_related(cells[position], cells[other]) for other in separate):
            separate.append(position)
    return separate
