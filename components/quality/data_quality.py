"""How far figures can be trusted: each doubt as a tile, whose they are, and the appeals behind one."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.panel import empty
from components.tables.appeals import listed
from components.tiles.kpi_tile import tile
from components.url import query_params
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.metrics.metric import Answer, Figure

NARROW = 220  # pixels that a tile needs
NAME = "doubt"  # in the address
# The dates that a doubt is about, where it isn't the receipt and the close.
DATES = {
    "closed_at_last": ("closed", "deadline"),
    "dates_disordered": ("received", "registered", "deadline", "closed", "rated"),
}


def tiles(metric_values: "Sequence[Answer]", selected_id: str) -> None:
    """The doubts with their days; under each, what opens the appeals that it counts. `name`: whose are open."""
    with st.grid(3, min_column_width=NARROW):
        for metric_value in metric_values:
            with st.container(gap="xsmall", height="stretch"):
                tile(metric_value, metric_value.series)
                n = int(metric_value.numerator or 0)
                metric_id = metric_value.figure.id
                st.button(
                    ngettext("{n} appeal", "{n} appeals", n).format(n=formats.number(n)) if n else _("No appeals"),
                    key=f"{NAME}-{metric_id}",
                    icon=":material/list:",
                    type="primary" if metric_id == selected_id and n else "secondary",
                    disabled=not n,
                    help=_("Lists the appeals of “{what}” below.").format(what=_(metric_value.figure.name)),
                    on_click=open_,
                    args=(metric_id,),
                )


def chosen(metric_values: "Sequence[Answer]") -> str:
    """Whose appeals are listed: as the address says, else the first that there are any of."""
    metric_ids = [metric_value.figure.id for metric_value in metric_values]
    default = next((metric_value.figure.id for metric_value in metric_values if metric_value.numerator), metric_ids[0])
    return query_params.read(NAME, metric_ids, default, [])


def open_(metric_id: str) -> None:
    """List the appeals of this one: the address says so."""
    query_params.write(**{NAME: metric_id})


def title(metric: "Figure") -> str:
    """The title of the list."""
    return _("The appeals behind “{what}”").format(what=_(metric.name))


def appeals(rows: pd.DataFrame, metric: "Figure", max_rows: int) -> None:
    """The appeals that a doubt counts, the last first, no more than `most`. `rows`: queries.quality.issues.listed."""
    if rows.empty:
        empty(_("There are none in these days with these filters."))
        return
    titles = {
        "received": _("Received"),
        "registered": _("Registered"),
        "deadline": _("Deadline"),
        "closed": _("Closed"),
        "rated": _("Rated"),
    }
    dates = DATES.get(metric.id, ("received", "closed"))
    columns = {
        "number": (_("Number"), 120),
        **{name: (titles[name], 155) for name in dates},
        "topic": (_("Topic"), 175),
        "territory": (_("Territory"), 130),
        "organisation": (_("Organisation"), 290),
        "status": (_("Status"), 120),
    }
    display_rows = rows.assign(**{name: [exact(at) for at in rows[f"{name}_at"]] for name in dates})
    listed(display_rows, columns, f"doubtful-{metric.id}", title(metric))
    if len(rows) == max_rows:
        st.caption(_("The last {n} are listed: narrow the filters to see others.").format(n=formats.number(max_rows)))


def exact(at: datetime | None) -> str:
    """A moment to the second: what is doubted may be one of them."""
    return "—" if at is None or pd.isna(at) else f"{formats.day(at)}, {formats.clock(at)}"
