"""The table of problems that recur: a topic in a place."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from components.layout.empty_state import empty_state
from components.tables.columns import COLUMNS, metric_column
from components.tables.data_table import data_table
from components.tables.row_limit import first_rows_note
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.metrics.metric import Metric

METRIC_WIDTH = 115  # pixels


def recurring_problems_table(rows: pd.DataFrame, metrics: "Mapping[str, Metric]", max_rows: int) -> None:
    """One row a place and topic, most received first; the comparison period beside, where there is one.

    `rows`: queries.resolution.recurring.recurring_problems, at most `max_rows`.
    """
    if rows.empty:
        empty_state()
        return
    topic_paths = [
        f"{parent_topic} › {topic}" if parent_topic else topic
        for parent_topic, topic in zip(rows["above"], rows["topic"], strict=True)
    ]
    before = replace(COLUMNS["before"], help=_("Received in the period compared with."))
    received, resolution_rate, reopened_rate = (
        metric_column(metrics[name], METRIC_WIDTH) for name in ("received", "resolution_rate", "reopened_rate")
    )
    data_table(
        rows.assign(topic=topic_paths),
        (
            replace(COLUMNS["territory"], width=220),
            replace(COLUMNS["topic"], width=380),
            received,
            *([before] if rows["before"].notna().any() else []),
            resolution_rate,
            reopened_rate,
        ),
        key="recurring",
        placeholder=_("few"),
        alt_text=_("Places and topics from which most appeals came"),
    )
    first_rows_note(len(rows), max_rows)
