"""Data quality: a tile for each kind of doubtful appeals, and the table of those behind one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_list
from components.tables.appeals import appeals_table
from components.tables.columns import columns_named, columns_of, with_type
from components.tables.row_limit import last_rows_note
from components.tiles.kpi_tile import kpi_tile
from components.url import query_params
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.metrics.metric import Metric, MetricValue

MIN_TILE_WIDTH = 160  # pixels
PARAM = "doubt"  # in the address
# The moments that a doubt is about, where these aren't the receipt and the close.
DATE_COLUMNS = {
    "closed_at_last": ("closed_at", "deadline_at"),
    "dates_disordered": ("received_at", "registered_at", "deadline_at", "closed_at", "rated_at"),
}
DATE_WIDTH = 155  # pixels
APPEAL_WIDTHS = {"topic": 221, "territory": 130, "organisation": 230, "status": 120}


def issue_tiles(metric_values: "Sequence[MetricValue]", selected_id: str) -> None:
    """A tile for each doubt with a button that lists its appeals; `selected_id` is the doubt that is listed now."""
    with st.grid(3, min_column_width=MIN_TILE_WIDTH):
        for metric_value in metric_values:
            with st.container(gap="xsmall", height="stretch"):
                kpi_tile(metric_value, metric_value.series)
                n = int(metric_value.numerator or 0)
                metric_id = metric_value.metric.id
                st.button(
                    ngettext("{n} appeal", "{n} appeals", n).format(n=formats.number(n)) if n else _("No appeals"),
                    key=f"{PARAM}-{metric_id}",
                    icon=":material/list:",
                    type="primary" if metric_id == selected_id and n else "secondary",
                    disabled=not n,
                    help=_("Lists the appeals of “{what}” below.").format(what=_(metric_value.metric.name)),
                    on_click=select_issue,
                    args=(metric_id,),
                )
    st.caption(
        _(
            "A high share is a reason to look, not a verdict. The tables are sorted by the share of the chosen tile, "
            "shrunk towards that of all where cases are few. Recounted every ten minutes."
        )
    )


def selected_issue(metric_values: "Sequence[MetricValue]") -> str:
    """The id of the doubt that is listed: the one in the address, else the first that counts any appeals."""
    metric_ids = [metric_value.metric.id for metric_value in metric_values]
    default = next((metric_value.metric.id for metric_value in metric_values if metric_value.numerator), metric_ids[0])
    return query_params.read(PARAM, metric_ids, default)


def select_issue(metric_id: str) -> None:
    """Put a doubt into the address, so that its appeals are listed."""
    query_params.write(**{PARAM: metric_id})


def list_title(metric: "Metric") -> str:
    """The title of the list of a doubt's appeals."""
    return _("The appeals behind “{what}”").format(what=_(metric.name))


def issue_appeals_table(rows: pd.DataFrame, metric: "Metric", max_rows: int) -> None:
    """The appeals that a doubt counts, latest first, at most `max_rows`; moments to the second, as it may be about one.

    `rows`: queries.quality.issues.flagged_appeals.
    """
    if rows.empty:
        empty_list(_("There are none in these days with these filters."), "issue")
        return
    dates = DATE_COLUMNS.get(metric.id, ("received_at", "closed_at"))
    columns = with_type(columns_of(dict.fromkeys(dates, DATE_WIDTH)), dates, "exact_moment")
    before, after = columns_named("number"), columns_of(APPEAL_WIDTHS)
    appeals_table(rows, (*before, *columns, *after), f"doubtful-{metric.id}", list_title(metric))
    last_rows_note(len(rows), max_rows)
