"""The state of an appeal by its deadline: labels, signs and colours, the same wherever a state is shown.

Which appeal is in which state is decided by the queries (`queries.core`), by the deadline and the moment of the query.
"""

from typing import TYPE_CHECKING, Literal

import streamlit as st

from otklik.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

OpenState = Literal["overdue", "at_risk", "within"]

STATE_LABELS = {
    "overdue": N_("Overdue"),
    "at_risk": N_("At risk"),
    "within": N_("On track"),
    "no_deadline": N_("No deadline"),
    "closed": N_("Closed"),
}
"""At the start of a cell, a badge or a choice."""

LEGEND_LABELS: dict[OpenState, str] = {
    "overdue": N_("overdue"),
    "at_risk": N_("at risk"),
    "within": N_("on track"),
}
"""In a legend or inside a sentence."""

UNKNOWN_STATE_LABEL = N_("open; the source gives no deadlines")
"""In a legend, of appeals whose state is unknown."""

STATE_SIGNS = {"overdue": "▲", "at_risk": "◆", "within": "●", "no_deadline": "○", "closed": "✓"}
"""Different in shape, for readers who see few colours; the colours stand in `components.palette`."""

BADGE_COLOURS: dict[str, Literal["red", "orange", "blue", "gray"]] = {
    "overdue": "red",
    "at_risk": "orange",
    "within": "blue",
    "no_deadline": "gray",
    "closed": "gray",
}


def state_badge(state: str) -> None:
    """Draw a badge with the sign and label of a state, in its colour."""
    st.badge(f"{STATE_SIGNS[state]} {_(STATE_LABELS[state])}", color=BADGE_COLOURS[state])


def none_late_message(rows: "pd.DataFrame", message: str) -> str:
    """The message in place of rows of what is late or due; another one where that is unknown for want of deadlines.

    `rows`: marked by queries.core.lacking_fields.mark_unknown_deadlines.
    """
    if rows.attrs.get("lacks_deadlines"):
        return _("The source gives no deadlines, so what is overdue or due is unknown.")
    return message


def state_legend(known: "Iterable[bool]") -> list[tuple[str, str]]:
    """The states that a chart of open appeals shows, each with its label, translated.

    `known`: for each member of the chart, whether its source gives deadlines; without them the state is `no_deadline`.
    """
    are_known = list(known)
    labels: dict[str, str] = dict(LEGEND_LABELS.items()) if any(are_known) else {}
    if not all(are_known):
        labels["no_deadline"] = UNKNOWN_STATE_LABEL
    return [(state, _(label)) for state, label in labels.items()]
