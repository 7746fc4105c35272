"""All services: a card each, and one table of all."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from components.filters.figure_link import figure_link
from components.layout.empty_state import empty_state
from components.layout.error_boundary import error_boundary
from components.text.escape import escape_markdown
from components.text.surge_text import surge_sentence
from components.tiles.kpi_tile import kpi_grid
from components.url.links import period_of_address
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from queries.metrics.metric import MetricValue
    from queries.services import Service
    from queries.surges.episodes import Surges

TILES_ACROSS = 6
BOARD_KEY = "service-cards"
# Names stand out as titles do, and have no sign of the page that one is on.
BOARD_CSS = f"""<style>
.st-key-{BOARD_KEY} a {{ padding: 0; min-height: 0; background: none }}
.st-key-{BOARD_KEY} a * {{ font-size: 1.15rem; font-weight: 600 }}
</style>"""


def service_cards(
    services: "Sequence[Service]",
    card_metrics: "Callable[[str], Sequence[MetricValue]]",
    surges: "Callable[[str], Surges]",
) -> None:
    """One card per service: its name as a link, its figures, and the largest surge that goes on."""
    if not services:
        empty_state(_("No topic is a service yet. An administrator makes one by `otklik service add TOPIC`."))
        return
    st.html(BOARD_CSS)
    with st.container(key=BOARD_KEY):
        for service in services:
            with st.container(border=True, gap="small"), error_boundary():
                with st.container(horizontal=True, vertical_alignment="center"):
                    figure_link(escape_markdown(service.name), "services", topic=service.code, **period_of_address())
                    _surge_note(surges(service.code))
                kpi_grid(card_metrics(service.code), across=TILES_ACROSS)


def other_topic_note(topic_name: str | None) -> None:
    """Say that the chosen topic is no service, so that the page isn't narrowed by it."""
    if topic_name is not None:
        message = _("“{topic}” is no service, nor part of one: all services are shown.")
        st.caption(f":material/info: {message.format(topic=escape_markdown(topic_name))}")


def _surge_note(surges: "Surges") -> None:
    """The largest surge in words, and how many more there are; nothing without one."""
    rows = surges.rows[surges.rows["is_going_on"]]
    if rows.empty:
        return
    row = rows.iloc[0].to_dict()
    text = f"{escape_markdown(str(row['topic']))} · {escape_markdown(str(row['territory']))}: {surge_sentence(row)}"
    if more_count := len(rows) - 1:
        text += " " + ngettext("({n} more)", "({n} more)", more_count).format(n=formats.number(more_count))
    st.markdown(f":orange[:material/trending_up: {text}]", width="content")
