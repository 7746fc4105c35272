"""The table of recurring problems: a topic with more appeals from a place than expected."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

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
    """One row a place and topic, most received beyond the expected first.

    `rows`: queries.resolution.recurring.recurring_problems, at most `max_rows`.
    """
    if rows.empty:
        empty_state(_("No topic has more appeals from a place than its history and the season lead to expect."))
        return
    topic_paths = [
        f"{parent_topic} › {topic}" if parent_topic else topic
        for parent_topic, topic in zip(rows["above"], rows["topic"], strict=True)
    ]
    expected_help = _("By what the place had in the year before, and what other places have of the topic now.")
    received, resolution_rate = (metric_column(metrics[name], METRIC_WIDTH) for name in ("received", "resolution_rate"))
    data_table(
        rows.assign(topic=topic_paths).rename(columns={"ratio": "excess_ratio"}),
        (
            replace(COLUMNS["territory"], width=220),
            replace(COLUMNS["topic"], width=380),
            received,
            replace(COLUMNS["expected"], help=expected_help),
            COLUMNS["excess_ratio"],
            resolution_rate,
        ),
        key="recurring",
        placeholder=_("few"),
        alt_text=_("Places and topics with surely more appeals than expected"),
    )
    st.caption(
        _(
            "Surely more than 1.2 times what the place's own history and the season of the topic lead to expect; of "
            "the rows shown, at most 5% are chance. Only places with 48 days of history are compared."
        )
    )
    first_rows_note(len(rows), max_rows)
