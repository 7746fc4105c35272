"""The filter bar: one row of choices whose state is the address."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

import pandas as pd
import streamlit as st

from components.filters.chips import chips
from components.filters.select import pick, pick_days, within
from components.layout import panel
from components.text.escape import plain
from components.url import query_params
from otklik.i18n import N_, _, formats

if TYPE_CHECKING:
    from components.auth.guard import Viewer
    from queries.filters import Filters

COMPARE = {
    "previous": N_("The period before"),
    "year": N_("The same days last year"),
    "none": N_("Nothing"),
}
NAMES = (
    "territory", "period", "from", "to", "topic",
    "regime", "channel", "organisation", "compare",
)  # fmt: skip


class Choices(Protocol):
    """`queries.filter_options`: frames of code, name, parent and level in display order."""

    def span(self) -> tuple[date, date]:
        """The first and the last day that anything was received."""

    def running(self, filters: "Filters", today: date) -> date:
        """The last day of a period that goes on."""

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


def filter_bar(viewer: "Viewer", options: Choices, make_filters: Callable[..., "Filters"], today: date) -> "Filters":
    """What the viewer chose; unknown values in the address are ignored with a note.

    Nobody stands at a wall screen to choose: there the address says what is shown, and nothing is drawn.
    """
    if viewer.role != "screen":
        return _bar(viewer, options, make_filters, today)
    placeholder = st.empty()
    with placeholder.container():
        filters = _bar(viewer, options, make_filters, today)
    placeholder.empty()
    return filters


def _bar(viewer: "Viewer", options: Choices, make_filters: Callable[..., "Filters"], today: date) -> "Filters":
    invalid: list[str] = []
    unfiltered = make_filters(start=today, end=today + timedelta(days=1), language=viewer.language)
    widths = [5, 3.4, 4.6, 3.8, 3.8, 2, 0.9]
    territory_column, period_column, topic_column, regime_column, channel_column, more_column, reset_column = (
        st.columns(widths, gap="xsmall")
    )
    with territory_column:
        territories = within(options.territories(unfiltered), viewer.territories)
        all_territories = None if viewer.territories else _("All territories")
        territory = pick("territory", _("Territory"), all_territories, territories, invalid)
    with period_column:
        territory_filters = replace(unfiltered, territory=territory)
        panel.follow(lambda: options.running(territory_filters, panel.today()))
        start, end, preset = pick_days(*options.span(), options.running(territory_filters, today), invalid)
    with topic_column:
        topics = options.topics(unfiltered)
        topic = pick("topic", _("Topic"), _("All topics"), topics, invalid)
    with regime_column:
        regimes = options.regimes(unfiltered)
        regime = pick("regime", _("Regime"), _("All regimes"), regimes, invalid)
    with channel_column:
        channels = options.channels(unfiltered)
        channel = pick("channel", _("Channel"), _("All channels"), channels, invalid)
    with more_column.popover(_("More"), icon=":material/tune:", width="stretch"):
        organisations = options.organisations(unfiltered)
        all_organisations = _("All organisations")
        organisation = pick("organisation", _("Organisation"), all_organisations, organisations, invalid, named=True)
        comparisons = pd.DataFrame({"code": list(COMPARE), "name": [_(name) for name in COMPARE.values()]})
        default_comparison = "none" if preset == "all" else "previous"
        compare = pick("compare", _("Compare with"), None, comparisons, invalid, usual=default_comparison, named=True)
    reset_column.button(
        "",
        icon=":material/restart_alt:",
        help=_("Reset the filters"),
        type="tertiary",
        on_click=reset,
        key="reset",
        disabled=not any(name in st.query_params for name in NAMES),
    )
    if invalid:
        ignored = ", ".join(map(plain, invalid))
        st.caption(_("Not known here, and ignored: {values}").format(values=ignored))
    selections = {
        "territory": (territory, territories),
        "topic": (topic, topics),
        "organisation": (organisation, organisations),
        "regime": (regime, regimes),
        "channel": (channel, channels),
    }
    chip_labels = {
        name: name_of(code, rows) for name, (code, rows) in selections.items() if code and name in st.query_params
    }
    chips(chip_labels | ({"period": formats.span(start, end)} if preset == "range" else {}))
    query_params.remember(NAMES)
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
    )


def name_of(code: str, rows: pd.DataFrame) -> str:
    """What a choice is called."""
    return str(rows.loc[rows["code"] == code, "name"].iloc[0])


def reset() -> None:
    """Back to the usual screen: no filter in the address."""
    query_params.write(**dict.fromkeys(NAMES))


def in_words(filters: "Filters") -> str:
    """The days shown and the days compared with."""
    period = formats.span(filters.start, filters.end)
    comparison = filters.compared()
    if comparison is None:
        return period
    return _("{days}, compared with {others}").format(
        days=period, others=formats.span(comparison.start, comparison.end)
    )
