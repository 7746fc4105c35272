"""Appeals past their deadline or close to it, and actions on them, such as reassigning."""

import streamlit as st

from components.actions.form import action_form
from components.actions.transfer_approvals import transfer_approval_form
from components.actions.undo import has_pending_result
from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.layout.page_notes import ignored_period_note
from components.overdue import selection, workload
from components.page_head import page_head
from components.panel import card, panel
from components.tables import late_appeals
from components.tables.head_sort import sort_selectbox
from components.text.appeal_state import STATE_LABELS
from components.tiles.kpi_tile import kpi_grid
from components.url import query_params
from components.url.choice import url_switch
from otklik.access import guard
from otklik.actions import bulk
from otklik.actions.catalogue import BULK_ACTIONS
from otklik.i18n import _
from queries import filter_options, live_page, overdue
from queries.filters import Filters
from queries.lists.ordering import DEFAULT_SORT, SORT_OPTIONS
from queries.summaries.capacity import organisation_capacity

viewer = guard.require("overdue")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
LATE_STATES = {late_state: _(STATE_LABELS[late_state]) for late_state in ("overdue", "at_risk")} | {
    "untouched": _("Reassigned, no action yet")
}
state: late_appeals.LateState = query_params.read("state", LATE_STATES, "overdue")  # type: ignore[assignment]
sort = query_params.read("sort", SORT_OPTIONS, DEFAULT_SORT)
can_act = any(viewer.may(action.id) for action in BULK_ACTIONS)
selection.selection_state("chosen", (filters, state))


@live_fragment(viewer, live_page.data_state)
def late_totals() -> None:
    """The tiles of overdue appeals and appeals at risk."""
    with error_boundary():
        kpi_grid(overdue.kpis(filters), across=4)


@live_fragment(viewer, live_page.data_state)
def appeals_list() -> None:
    """The late appeals in the order of the address."""
    with panel(_("Overdue appeals and those at risk")):
        rows = overdue.late_appeals(filters, state, sort)
        if can_act:
            selection.selectable_late_table(rows, state, "chosen", sort, overdue.late_count(filters, state))
        else:
            late_appeals.late_appeals_table(rows, state, sort)


@live_fragment(viewer, live_page.data_state)
def workload_tables() -> None:
    """Late appeals by organisation, territory and topic, and the organisations with capacity."""
    left, right = st.columns(2)
    with left, panel(_("Overdue by organisation")):
        lateness_table("organisation", _("Organisation"))
    with right, panel(_("Available capacity")):
        workload.capacity_table(*organisation_capacity(filters), "organisation")
    left, right = st.columns(2)
    with left, panel(_("Overdue by territory")):
        lateness_table("territory", _("Territory"))
    with right, panel(_("Overdue by topic")):
        lateness_table("topic", _("Topic"))


def lateness_table(dimension: overdue.LateDimension, name_title: str) -> None:
    """Late appeals by what they have in common."""
    rows = overdue.late_by_dimension(filters, dimension)
    workload.lateness_table(rows, name_title, dimension, overdue.MAX_MEMBERS)


page_head(viewer, filters, live_page)
ignored_period_note(
    _("Late appeals are those of now, and the pace is that of the last 28 days, whatever days are chosen.")
)
late_totals()
with st.container(horizontal=True, horizontal_alignment="distribute"):
    url_switch("state", _("Which appeals"), LATE_STATES, state)
    with st.container(width=230):
        sort_selectbox(sort)
chosen = selection.chosen_appeals("chosen")
is_acting = can_act and (bool(chosen) or has_pending_result("overdue", bulk.undoable_operations))
# Columns in both cases: the list keeps its place in the browser, and with it the selection and the focus.
columns = st.columns([13, 9] if is_acting else 1)
with columns[0]:
    appeals_list()
if is_acting:
    with columns[1], card(_("Actions")):
        action_form(viewer, bulk, chosen, "overdue", lambda: selection.clear_selection("chosen"))
if viewer.may("allow_transfer"):
    with card(_("Transfers waiting for approval")):
        transfer_approval_form(viewer, overdue.requested_transfers, bulk.allow_transfer, live_page.transfers_state)
workload_tables()
