"""The filter bar: a row of choices whose state is in the address."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

import pandas as pd
import streamlit as st

from components.filters.chips import filter_chips
from components.filters.periods import RunningDays
from components.filters.select import filter_selectbox, period_filter, subtree
from components.layout.local_day import set_running_day, viewer_today
from components.layout.narrow_screen import FILTERS_KEY, filters_toggle
from components.url import query_params
from components.url.page_filters import FILTER_PARAMS
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from queries.filters import Filters

COMPARISON_LABELS = {
    "previous": N_("Previous period"),
    "year": N_("The same weeks last year"),
    "none": N_("Nothing"),
}


class FilterOptions(Protocol):
    """`queries.filter_options`: tables of code and name, in trees also parent and level; rows in display order."""

    def received_date_range(self, territory: str | None = None) -> tuple[date, date]:
        """The first and the last day on which a territory, or any, received an appeal."""

    def jurisdiction(self, territory: str | None = None) -> tuple[str | None, str | None]:
        """The codes of the country and region whose working days a territory, or all of them, have."""

    def first_running_day(self, filters: "Filters") -> date:
        """The earliest day that isn't over in every region of the filters' territory."""

    def last_running_day(self, filters: "Filters", today: date) -> date:
        """The day that still goes on: the viewer's `today`, or the one in the filters' territory if that is later."""

    def territories(self, filters: "Filters") -> pd.DataFrame:
        """Territories, parents before children."""

    def topics(self, filters: "Filters") -> pd.DataFrame:
        """Topics of three levels, parents before children."""

    def organisations(self, filters: "Filters") -> pd.DataFrame:
        """Organisations, parents before children."""

    def regimes(self, filters: "Filters") -> pd.DataFrame:
        """Regimes."""

    def channels(self, filters: "Filters") -> pd.DataFrame:
        """Channels."""


def filter_bar(
    viewer: "Viewer", options: FilterOptions, make_filters: Callable[..., "Filters"], today: date
) -> "Filters":
    """Draw the bar and return the viewer's choice as filters; unknown values in the address are ignored with a note.

    On a wall screen, where nobody can choose, the address alone decides and nothing is drawn. `make_filters` is
    `queries.filters.Filters`.
    """
    if viewer.role != "screen":
        filters_toggle()
        with st.container(key=FILTERS_KEY):
            return _filter_row(viewer, options, make_filters, today)
    placeholder = st.empty()
    with placeholder.container():
        filters = _filter_row(viewer, options, make_filters, today)
    placeholder.empty()
    return filters


def _filter_row(
    viewer: "Viewer", options: FilterOptions, make_filters: Callable[..., "Filters"], today: date
) -> "Filters":
    unfiltered = make_filters(start=today, end=today + timedelta(days=1), language=viewer.language)
    widths = [5, 3.4, 4.6, 3.8, 3.8, 2, 0.9]
    territory_column, period_column, topic_column, regime_column, channel_column, more_column, reset_column = (
        st.columns(widths, gap="xsmall")
    )
    with territory_column:
        territories = subtree(options.territories(unfiltered), viewer.territories)
        all_territories = None if viewer.territories else _("All territories")
        territory = filter_selectbox("territory", _("Territory"), all_territories, territories)
    with period_column:
        territory_filters = replace(unfiltered, territory=territory)
        set_running_day(lambda: options.last_running_day(territory_filters, viewer_today()))
        running = RunningDays(
            options.first_running_day(territory_filters), options.last_running_day(territory_filters, today)
        )
        start, end, preset = period_filter(*options.received_date_range(), running)
    with topic_column:
        topics = options.topics(unfiltered)
        topic = filter_selectbox("topic", _("Topic"), _("All topics"), topics)
    with regime_column:
        regimes = options.regimes(unfiltered)
        regime = filter_selectbox("regime", _("Regime"), _("All regimes"), regimes)
    with channel_column:
        channels = options.channels(unfiltered)
        channel = filter_selectbox("channel", _("Channel"), _("All channels"), channels)
    with more_column.popover(_("More"), icon=":material/tune:", width="stretch"):
        organisations = options.organisations(unfiltered)
        all_organisations = _("All organisations")
        organisation = filter_selectbox(
            "organisation", _("Organisation"), all_organisations, organisations, show_label=True
        )
        comparisons = pd.DataFrame(
            {"code": list(COMPARISON_LABELS), "name": [_(name) for name in COMPARISON_LABELS.values()]}
        )
        default_comparison = "none" if preset == "all" else "previous"
        compare = filter_selectbox(
            "compare", _("Compare with"), None, comparisons, default=default_comparison, show_label=True
        )
    reset_column.button(
        "",
        icon=":material/restart_alt:",
        help=_("Reset the filters"),
        type="tertiary",
        on_click=reset_filters,
        key="reset",
        disabled=not any(name in st.query_params for name in FILTER_PARAMS),
    )
    selections = {
        "territory": (territory, territories),
        "topic": (topic, topics),
        "organisation": (organisation, organisations),
        "regime": (regime, regimes),
        "channel": (channel, channels),
    }
    chip_labels = {
        name: option_name(code, rows) for name, (code, rows) in selections.items() if code and name in st.query_params
    }
    filter_chips(chip_labels | ({"period": formats.date_range(start, end)} if preset == "range" else {}))
    query_params.mark_drawn(FILTER_PARAMS)
    return make_filters(
        start=start,
        end=end,
        compare=compare,
        territory=territory,
        topic=topic,
        organisation=organisation,
        regime=regime,
        channel=channel,
        language=viewer.language,
        data_start=options.received_date_range(territory)[0],
        jurisdiction=options.jurisdiction(territory),
    )


def option_name(code: str, rows: pd.DataFrame) -> str:
    """The whole name of the option with this code."""
    return str(rows.loc[rows["code"] == code, "full_name" if "full_name" in rows else "name"].iloc[0])


def reset_filters() -> None:
    """Remove all filters from the address."""
    query_params.write(**dict.fromkeys(FILTER_PARAMS))
