"""One appeal: its text, place, deadline and history, and the actions on it."""

from functools import partial

import streamlit as st

from components.actions.form import action_form
from components.appeal import deadline_steps, lookup, similar, summary, timeline
from components.appeal.applicant import applicant_form
from components.layout.auto_refresh import auto_refresh, live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.narrow_screen import ACTIONS_FIRST_KEY
from components.layout.status_line import status_line
from components.maps import appeal_location
from components.panel import card
from components.text.escape import escape_markdown
from components.url import links
from otklik.access import guard
from otklik.actions import bulk
from otklik.actions.model import AppealVersion
from otklik.database.access.applicants import personal_data_of
from otklik.i18n import _
from queries import live_page
from queries.appeal.details import appeal_by_key, appeal_keys, deadline_explanation, event_history
from queries.appeal.similar import similar_appeals
from queries.lists.appeal_list import appeals_by_key
from queries.queue import list_url, open_list

viewer = guard.require("appeal")
appeal_key = lookup.choose_appeal(
    appeal_keys(*lookup.read_appeal_params()), lambda keys: appeals_by_key(keys, viewer.language)
)
shown_appeal = lookup.require_appeal(appeal_by_key(appeal_key, viewer.language))
list_params = links.parse_list_query(st.query_params.get("list", ""))
criteria = list_url.parse_criteria(list_params)
list_row = {
    "id": appeal_key.id,
    "region_id": appeal_key.region_id,
    "received_at": shown_appeal.received_at,
    "deadline_at": shown_appeal.deadline_at,
}
previous_key, next_key = open_list.neighbour_keys(
    list_url.parse_filters(list_params, viewer.language),
    criteria,
    open_list.row_cursor(list_row, criteria, viewer.language),
)
lookup.appeal_pager(
    appeals_by_key(tuple(neighbour for neighbour in (previous_key, next_key) if neighbour), viewer.language),
    previous_key,
    next_key,
)


def appeal_status() -> None:
    """The status line and the appeal's header; runs the page again when the appeal has changed."""
    status_line(
        live_page.as_of(),
        away=live_page.is_database_away(),
        demo=live_page.is_demo(),
        period=" › ".join(escape_markdown(topic) for topic in shown_appeal.topics),
    )
    with error_boundary():
        latest = appeal_by_key(appeal_key, viewer.language)
        if latest != shown_appeal:
            st.rerun()  # the action form needs the new version, too
        summary.appeal_header(shown_appeal)


@live_fragment(viewer, live_page.data_state)
def text_and_facts() -> None:
    """The applicant's text, and the facts."""
    with card(_("Text")):
        summary.appeal_text(shown_appeal)
    with card(_("Facts")):
        summary.facts_table(shown_appeal)


@live_fragment(viewer, live_page.data_state)
def history() -> None:
    """The history, as the centre and as the applicant sees it."""
    with card(_("History")):
        events = event_history(appeal_key, viewer.language, shown_appeal.zone)
        centre_tab, applicant_tab = st.tabs([_("As the centre sees it"), _("As the applicant sees it")], key="history")
        with centre_tab:
            timeline.appeal_timeline(events, for_applicants=False)
        with applicant_tab:
            timeline.appeal_timeline(events, for_applicants=True)


@live_fragment(viewer, live_page.data_state)
def similar_appeals_card() -> None:
    """Appeals that may be about the same problem."""
    with card(_("Similar appeals")):
        similar.similar_appeals_list(similar_appeals(shown_appeal, viewer.language))


def deadline_and_location() -> None:
    """The explanation of the deadline, and the location on a map."""
    with card(_("How the deadline came about")):
        explanation = deadline_explanation(appeal_key)
        sentences = (
            deadline_steps.step_sentences(explanation.steps)
            if explanation
            else [_("It has no deadline, and no rule gives it one.")]
        )
        st.markdown("\n".join(f"1. {escape_markdown(sentence)}" for sentence in sentences))
    with card(_("Place")):
        appeal_location.appeal_location_map(
            shown_appeal.lon, shown_appeal.lat, shown_appeal.region, shown_appeal.number
        )


auto_refresh(
    viewer,
    partial(live_page.subscribe_to_region, appeal_key.region_id),
    appeal_status,
    live_page.is_database_away,
)
# On a phone, where columns stand below one another, the actions come first and similar appeals last.
with st.container(key=ACTIONS_FIRST_KEY):
    left, right = st.columns([3, 2])
    with left:
        text_and_facts()
    with right, card(_("Actions")):
        action_form(viewer, bulk, [AppealVersion(appeal_key.region_id, appeal_key.id, shown_appeal.version)], "appeal")
left, right = st.columns([3, 2])
with left:
    history()
with right:
    deadline_and_location()
    with card(_("The applicant")):
        applicant_form(viewer, appeal_key, personal_data_of)
similar_appeals_card()
