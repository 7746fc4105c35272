"""Who takes part in a discussion: participants by where they live, or how they came."""

from dataclasses import replace

import pandas as pd

from components.layout.empty_state import empty_state
from components.tables.columns import COLUMNS, columns_named
from components.tables.data_table import data_table
from components.text.poll_text import DIMENSION_LABELS, group_label
from components.url.choice import url_segmented_control
from otklik.i18n import _

DIMENSIONS = {code: DIMENSION_LABELS[code] for code in ("territory", "channel")}
"""By the dimensions of `queries.discussions.reach`."""
MAX_GROUPS_SHOWN = 8
NAME_WIDTH = 190  # pixels


def dimension_choice() -> str:
    """By what participants are counted, as the address says."""
    return url_segmented_control("by", _("By what"), {code: _(label) for code, label in DIMENSIONS.items()})


def reach_table(rows: pd.DataFrame, dimension: str) -> None:
    """The participants of each group, and their share of all. `rows`: queries.discussions.reach.reach."""
    if rows.empty:
        empty_state(_("Nobody has taken part yet."))
        return
    names = [group_label(dimension, key, name) for key, name in zip(rows["key"], rows["name"], strict=True)]
    data_table(
        rows.assign(name=names),
        (replace(COLUMNS["name"], width=NAME_WIDTH), *columns_named("participants", "share")),
        key="discussion-reach",
        max_rows_shown=MAX_GROUPS_SHOWN,
        alt_text=_("Participants of each group, and their share of all participants"),
    )
