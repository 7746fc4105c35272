"""The words of the matrix: what a cell is coloured by, its marks, and its numbers."""

from collections.abc import Hashable, Mapping
from math import isnan
from typing import Any, Literal

from components.text.metric_text import NO_VALUE, format_in_unit
from otklik.i18n import N_, _, formats

INDEX = "harm"
PART_LABELS = {
    "volume": N_("Volume"),
    "late": N_("Late"),
    "returned": N_("Returned"),
    "low_rated": N_("Badly rated"),
}
VALUE_LABELS = {INDEX: N_("Harm"), **PART_LABELS}
"""What a cell is coloured by, by the names that the cells' columns begin with."""
Order = Literal["worst", "similar", "name"]
ORDER_LABELS: dict[Order, str] = {"worst": N_("Worst first"), "similar": N_("Similar together"), "name": N_("By name")}
MARK_LABELS = {
    "is_surging": N_("surge"),
    "is_persistent": N_("persistent"),
    "is_spreading": N_("spreading"),
    "is_decided": N_("decided"),
}
MARK_SIGNS = {"is_surging": "▲", "is_persistent": "■", "is_spreading": "◆", "is_decided": "●"}
SIDE_LABELS = {1: N_("above 1 beyond chance"), -1: N_("below 1 beyond chance"), 0: N_("within chance")}
Cell = Mapping[Hashable, Any]


def ratio_text(cell: Cell, value: str) -> str:
    """`1.42 (1.05–1.80)`, or a dash where it is unknown."""
    if isnan(cell[value]):
        return NO_VALUE
    low, high = (format_in_unit(cell[f"{value}_{bound}"], "ratio") for bound in ("low", "high"))
    return f"{format_in_unit(cell[value], 'ratio')} ({low}–{high})"


def counts_text(cell: Cell, part: str) -> str:
    """`50 against 47.6 expected`, of a share also of how many; a dash where it is unknown."""
    if isnan(cell[part]):
        return NO_VALUE
    observed, expected = formats.number(cell[f"{part}_observed"]), formats.fixed_decimal(cell[f"{part}_expected"], 1)
    if part == "volume":
        return _("{observed} against {expected} expected").format(observed=observed, expected=expected)
    cases = formats.number(cell[f"{part}_cases"])
    return _("{observed} of {cases}, against {expected} expected").format(
        observed=observed, cases=cases, expected=expected
    )


def marks_text(cell: Cell) -> str:
    """The marks in signs and words; empty without any."""
    return ", ".join(f"{MARK_SIGNS[mark]} {_(label)}" for mark, label in MARK_LABELS.items() if cell[mark])


def unknown_parts_text(cell: Cell) -> str:
    """Which parts of the index are unknown, in words; empty where all are known."""
    unknown = [_(label) for part, label in PART_LABELS.items() if isnan(cell[part])]
    return _("unknown: {parts}").format(parts=", ".join(unknown)) if unknown else ""
