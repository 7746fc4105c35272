"""How far figures can be trusted: each doubt as a tile, whose they are, and the appeals behind one."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.tables.appeals import appeals_table
from components.tiles.kpi_tile import kpi_tile
from components.url import query_params
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.metrics.metric import Metric, MetricValue

MIN_TILE_WIDTH = 220  # pixels that a tile needs
PARAM = "doubt"  # in the address
# The dates that a doubt is about, where it isn't the receipt and the close.
DATE_COLUMNS = {
    "closed_at_last": ("closed", "deadline"),
    "dates_disordered": ("received", "registered", "deadline", "closed", "rated"),
}


def issue_tiles(metric_values: "Sequence[MetricValue]", selected_id: str) -> None:
    """The doubts with their days; under each, what opens the appeals that it counts. `name`: whose are open."""
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


def selected_issue(metric_values: "Sequence[MetricValue]") -> str:
    """Whose appeals are listed: as the address says, else the first that there are any of."""
    metric_ids = [metric_value.metric.id for metric_value in metric_values]
    default = next((metric_value.metric.id for metric_value in metric_values if metric_value.numerator), metric_ids[0])
    return query_params.read(PARAM, metric_ids, default, [])


def select_issue(metric_id: str) -> None:
    """List the appeals of this one: the address says so."""
    query_params.write(**{PARAM: metric_id})


def list_title(metric: "Metric") -> str:
    """The title of the list."""
    return _("The appeals behind “{what}”").format(what=_(metric.name))


def issue_appeals_table(rows: pd.DataFrame, metric: "Metric", max_rows: int) -> None:
    """The appeals that a doubt counts, the last first, no more than `most`. `rows`: queries.quality.issues.flagged_appeals."""
    if rows.empty:
        empty_state(_("There are none in these days with these filters."))
        return
    titles = {
        "received": _("Received"),
        "registered": _("Registered"),
        "deadline": _("Deadline"),
        "closed": _("Closed"),
        "rated": _("Rated"),
    }
    dates = DATE_COLUMNS.get(metric.id, ("received", "closed"))
    columns = {
        "number": (_("Number"), 120),
        **{name: (titles[name], 155) for name in dates},
        "topic": (_("Topic"), 175),
        "territory": (_("Territory"), 130),
        "organisation": (_("Organisation"), 290),
        "status": (_("Status"), 120),
    }
    display_rows = rows.assign(**{name: [format_to_second(at) for at in rows[f"{name}_at"]] for name in dates})
    appeals_table(display_rows, columns, f"doubtful-{metric.id}", list_title(metric))
    if len(rows) == max_rows:
        st.caption(_("The last {n} are listed: narrow the filters to see others.").format(n=formats.number(max_rows)))


def format_to_second(at: datetime | None) -> str:
    """A moment to the second: what is doubted may be one of them."""
    return "—" if at is None or pd.isna(at) else f"{formats.day(at)}, {formats.clock(at)}"
