"""Controls of the regions page: breadcrumb, links down to territories and organisations, and colours of the map."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from components.layout.narrow_screen import TERRITORY_BAR_KEY
from components.streamlit_compat.element_types import Container
from components.text.escape import escape_markdown
from components.url import query_params
from components.url.choice import url_segmented_control, url_selectbox
from components.url.page_filters import set_filters
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from queries.metrics.metric import Metric
    from queries.regions.territories import TerritoryLevel

SHOW_LABELS = {"value": N_("Now"), "change": N_("Change"), "week": N_("Week over week")}
LEVEL_LABELS = {"region": N_("Regions"), "territory": N_("Districts")}


def territory_bar() -> Container:
    """A row for the breadcrumb at its left and the map's controls at its right."""
    return st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=TERRITORY_BAR_KEY
    )


def breadcrumb(tree: pd.DataFrame, territory: str | None, organisation: str | None = None) -> None:
    """Draw the territories from the top to the chosen one, each a button up to it, and the chosen organisation.

    `tree`: queries.filter_options.territories.
    """
    rows = tree.set_index("code")
    path: list[str] = []
    ancestor = territory
    while ancestor is not None and ancestor in rows.index:
        path.insert(0, ancestor)
        ancestor = rows["parent"][ancestor]
    roots = rows.index[rows["parent"].isna()]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", width="content"):
        if len(roots) > 1:
            breadcrumb_step(None, _("All territories"), is_current=not path)
        elif not path:
            path = list(roots)
        for code in path:
            if code != path[0] or len(roots) > 1:
                st.markdown(":gray[›]", width="content")
            breadcrumb_step(code, str(rows["name"][code]), is_current=code == path[-1] and organisation is None)
        if organisation is not None:
            st.markdown(":gray[›]", width="content")
            breadcrumb_step(None, organisation, is_current=True)


def breadcrumb_step(code: str | None, name: str, *, is_current: bool) -> None:
    """One step of the breadcrumb: a button, or the name in bold for the current place."""
    if is_current:
        st.markdown(f"**{escape_markdown(name)}**", width="content")
    else:
        st.button(escape_markdown(name), key=f"step-{code}", type="tertiary", on_click=select_ancestor, args=(code,))


def select_ancestor(code: str | None) -> None:
    """Go up to a territory (None: all), and leave the chosen organisation; a callback."""
    query_params.write(territory=code, organisation=None)


def select_territory(code: str) -> None:
    """Go down to a territory, from a callback in a fragment: sets the filter bar's parameter and reruns the page."""
    set_filters(territory=code)


def select_organisation(code: str) -> None:
    """Go down to an organisation, from a callback in a fragment: sets its filter and reruns the page."""
    set_filters(organisation=code)


def map_controls(
    metrics: "Mapping[str, Metric]", *, has_levels: bool, has_comparison: bool
) -> "tuple[str, str, TerritoryLevel]":
    """Draw the choices of the map; returns the metric's id, the mode (a key of `SHOW_LABELS`), and the level.

    All three are in the address.
    """
    with st.container(horizontal=True, gap="small", vertical_alignment="center", width="content"):
        metric_names = {metric.id: _(metric.name) for metric in metrics.values()}
        metric_id = url_selectbox("figure", _("Colour by"), metric_names, next(iter(metric_names)))
        modes = {name: _(label) for name, label in SHOW_LABELS.items()}
        if not has_comparison:
            del modes["change"]
        mode = url_segmented_control("show", _("Show"), modes)
        level_labels = {name: _(label) for name, label in LEVEL_LABELS.items()}
        level = url_segmented_control("level", _("Level"), level_labels) if has_levels else "territory"
    return metric_id, mode, "region" if level == "region" else "territory"


def map_title(metric: "Metric", mode: str) -> str:
    """The title of the map: the metric, and for a change also the periods compared."""
    name = _(metric.name)
    if mode == "week":
        return _("{figure}: the last 7 days against the 7 before").format(figure=name)
    return _("{figure}: change against the period compared with").format(figure=name) if mode == "change" else name
