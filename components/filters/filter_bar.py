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


def filter_bar(viewer: "Viewer", choices: Choices, build: Callable[..., "Filters"], today: date) -> "Filters":
    """What the viewer chose; unknown values in the address are ignored with a note.

    Nobody stands at a wall screen to choose: there the address says what is shown, and nothing is drawn.
    """
    if viewer.role != "screen":
        return _bar(viewer, choices, build, today)
    place = st.empty()
    with place.container():
        chosen = _bar(viewer, choices, build, today)
    place.empty()
    return chosen


def _bar(viewer: "Viewer", choices: Choices, build: Callable[..., "Filters"], today: date) -> "Filters":
    bad: list[str] = []
    unfiltered = build(start=today, end=today + timedelta(days=1), language=viewer.language)
    widths = [5, 3.4, 4.6, 3.8, 3.8, 2, 0.9]
    where, when, what, law, way, more, back = st.columns(widths, gap="xsmall")
    with where:
        territories = within(choices.territories(unfiltered), viewer.territories)
        everywhere = None if viewer.territories else _("All territories")
        territory = pick("territory", _("Territory"), everywhere, territories, bad)
    with when:
        place = replace(unfiltered, territory=territory)
        panel.follow(lambda: choices.running(place, panel.today()))
        start, end, preset = pick_days(*choices.span(), choices.running(place, today), bad)
    with what:
        topics = choices.topics(unfiltered)
        topic = pick("topic", _("Topic"), _("All topics"), topics, bad)
    with law:
        regimes = choices.regimes(unfiltered)
        regime = pick("regime", _("Regime"), _("All regimes"), regimes, bad)
    with way:
        channels = choices.channels(unfiltered)
        channel = pick("channel", _("Channel"), _("All channels"), channels, bad)
    with more.popover(_("More"), icon=":material/tune:", width="stretch"):
        organisations = choices.organisations(unfiltered)
        everyone = _("All organisations")
        organisation = pick("organisation", _("Organisation"), everyone, organisations, bad, named=True)
        ways = pd.DataFrame({"code": list(COMPARE), "name": [_(name) for name in COMPARE.values()]})
        usual = "none" if preset == "all" else "previous"
        compare = pick("compare", _("Compare with"), None, ways, bad, usual=usual, named=True)
    back.button(
        "",
        icon=":material/restart_alt:",
        help=_("Reset the filters"),
        type="tertiary",
        on_click=reset,
        key="reset",
        disabled=not any(name in st.query_params for name in NAMES),
    )
    if bad:
        ignored = ", ".join(map(plain, bad))
        st.caption(_("Not known here, and ignored: {values}").format(values=ignored))
    named = {
        "territory": (territory, territories),
        "topic": (topic, topics),
        "organisation": (organisation, organisations),
        "regime": (regime, regimes),
        "channel": (channel, channels),
    }
    chosen = {name: name_of(code, rows) for name, (code, rows) in named.items() if code and name in st.query_params}
    chips(chosen | ({"period": formats.span(start, end)} if preset == "range" else {}))
    query_params.remember(NAMES)
    return build(
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
    shown = formats.span(filters.start, filters.end)
    other = filters.compared()
    if other is None:
        return shown
    return _("{days}, compared with {others}").format(days=shown, others=formats.span(other.start, other.end))
