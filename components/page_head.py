"""The head of a live page: whether it is live, as of when, for which days; refreshed when the data change."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

import streamlit as st

from components.layout.auto_refresh import Subscription, auto_refresh
from components.layout.local_day import viewer_today
from components.layout.status_line import status_line
from components.text.period_text import period_label
from otklik.i18n import formats

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from queries.filters import Filters


class LivePage(Protocol):
    """`queries.live_page`: the moment whose state the screens show, and whether the database can be reached."""

    def as_of(self) -> datetime:
        """The moment of the newest data."""

    def is_database_away(self) -> bool:
        """Whether the last results are shown because the database can't be reached."""

    def away_reason(self) -> str:
        """Why the database has been away for some seconds."""

    def is_demo(self) -> bool:
        """Whether the database holds demo data."""

    def subscribe(self, filters: "Filters", previous: object) -> Subscription:
        """Subscribe to changes of what the filters show; returns the previous subscription where it still holds."""


def page_head(
    viewer: "Viewer",
    filters: "Filters",
    live_page: LivePage,
    draw_more: Callable[[], None] | None = None,
    subscribe: "Callable[[Filters, object], Subscription] | None" = None,
) -> None:
    """Draw the status line of a page with filters, and keep the page's live fragments up to date from here.

    `draw_more` draws at the end of the line, such as a menu of reports. `subscribe` takes the place of the live page's
    for a page that shows more than appeals.
    """

    def draw() -> None:
        if draw_more is None:
            draw_status()
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            draw_status()
            draw_more()

    def draw_status() -> None:
        status_line(
            live_page.as_of(),
            away=live_page.is_database_away(),
            away_reason=live_page.away_reason() if viewer.role == "administrator" else "",
            demo=live_page.is_demo(),
            period=period_label(filters, viewer_today()),
            days=formats.date_range(filters.start, filters.end),
        )

    auto_refresh(viewer, partial(subscribe or live_page.subscribe, filters), draw, live_page.is_database_away)
