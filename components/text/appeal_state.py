"""The state of an appeal by its deadline: labels, signs and colours, the same wherever a state is shown.

Which appeal is in which state is decided by the queries (`queries.core`), by the deadline and the moment of the query.
"""

from typing import Literal

from otklik.i18n import N_, _

OpenState = Literal["overdue", "at_risk", "within"]

STATE_LABELS = {
    "overdue": N_("Overdue"),
    "at_risk": N_("At risk"),
    "within": N_("Within time"),
    "no_deadline": N_("No deadline"),
    "closed": N_("Closed"),
}
"""At the start of a cell, a badge or a choice."""

LEGEND_LABELS: dict[OpenState, str] = {
    "overdue": N_("overdue"),
    "at_risk": N_("at risk"),
    "within": N_("within time"),
}
"""In a legend or inside a sentence."""

PALETTE_COLOURS: dict[OpenState, str] = {"overdue": "bad", "at_risk": "closed", "within": "received"}
"""By the chart theme's colour names (`components.charts.theme.PALETTE`)."""

STATE_ICONS = {
    "overdue": ":material/error:",
    "at_risk": ":material/warning:",
    "within": ":material/schedule:",
    "no_deadline": ":material/event_busy:",
    "closed": ":material/check_circle:",
}
"""Different in shape, for readers who see few colours."""

BADGE_COLOURS: dict[str, Literal["red", "orange", "blue", "gray"]] = {
    "overdue": "red",
    "at_risk": "orange",
    "within": "blue",
    "no_deadline": "gray",
    "closed": "gray",
}


def unknown_state_note() -> str:
    """The sentence beside a chart of states when the source of some appeals gives no deadlines."""
    return _("Appeals without a deadline are drawn as within time: the source gives none, so their state is unknown.")
