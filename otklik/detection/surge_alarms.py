"""Which cells raise an alarm: within a budget of false ones for all together, and one for cells within one another."""

from otklik.detection.cell_tree import Cell, CellTree
from otklik.detection.count_model.quasi_poisson import FloatArray
from otklik.detection.weekly_series import WEEK_DAYS

FALSE_ALARM_BUDGET_A_WEEK = 0.5
"""Expected false alarms a week over all cells of a country: with one, a replay of the demo had one and a half."""


def alarm_threshold(judged_cells: int) -> float:
    """The probability up to which a day's count is an alarm, so that a week has no more false ones than its budget.

    The expected number of false alarms is the sum of the probabilities of each, however the cells depend on one
    another: a budget divided by their number (O. J. Dunn, 1961, JASA 56, 52-64).
    """
    return FALSE_ALARM_BUDGET_A_WEEK / WEEK_DAYS / max(judged_cells, 1)


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
