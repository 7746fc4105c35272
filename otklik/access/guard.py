"""The guard of every page: a page calls `require` first, each fragment calls `viewer.enter_scope()` first."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components.auth import sign_in_page, user_menu
from components.auth.sign_in import SignInState
from components.auth.viewer import Viewer
from components.layout import page as frame
from components.layout.auto_refresh import forget_drawn_fragments
from components.layout.local_day import unknown_timezone_remark, viewer_midnight, viewer_today
from components.layout.notifications import notification_bell
from components.layout.search_box import search_box
from components.streamlit_compat.fragments import stop_page
from components.url import query_params
from components.url.ignored_values import ignore_unknown, start_note
from components.url.page_change import known_params
from otklik import counters
from otklik.access.identity import current_identity, is_demo, log_out, send_to_provider
from otklik.database.access import people, scope
from otklik.database.access.people import Person
from otklik.database.outage import outage
from otklik.errors import DatabaseUnavailable, QueryTimeout
from otklik.i18n import LANGUAGES, current_language
from otklik.notifications import notices
from otklik.notifications.model import RemedyNotice, SourceNotice, SurgeKey, UnreadNotices
from otklik.pages import PAGES
from otklik.permissions import RIGHTS_BY_ROLE
from queries import live_page
from queries.appeal.details import appeal_keys
from queries.lists.appeal_list import AppealKey


def require(page: str) -> Viewer:
    """The viewer, if they may open this page; otherwise a sentence and no page.

    Also sets the frame, so that a deep link works before `app.py` ever ran.
    """
    counters.page_runs.labels(page).inc()
    frame.setup_page(page)
    forget_drawn_fragments()
    identity = current_identity()
    if identity.person is None:
        if identity.state is SignInState.LOGGED_OUT:
            send_to_provider()
        sign_in_page.no_access_page(
            identity.state, lambda: current_identity().state, log_out, outage.lasting_reason if is_demo() else ""
        )
        stop_page()
    territory_names = _territory_names(identity.person)
    viewer = Viewer(
        identity.person.role,
        tuple(territory_names),
        current_language(),
        identity.person,
        identity.expires_at,
        partial(enter_scope, identity.person),
    )
    # Also above a refusal: from there one goes on as somebody else.
    demo = is_demo()
    demo_people = people.DEMO_PEOPLE if demo else None
    menu = None if identity.by_device else lambda: user_menu.menu(viewer, territory_names, log_out, demo_people)
    bell = partial(
        notification_bell, _unread_notices, _mark_as_read, partial(live_page.notices_state, identity.person.id)
    )
    may_search = all(viewer.may(right) for right in (page, "queue", "appeal"))
    search = partial(search_box, _appeals_numbered) if may_search else None
    label = user_menu.person_label(viewer, territory_names, demo=demo)
    frame.page_header(page, label, menu, bell, search, demo=demo)
    start_note(*filter(None, [unknown_timezone_remark()]))
    ignore_unknown(known_params(page))
    query_params.read("lang", LANGUAGES, "")
    if demo_people:
        query_params.read("as", demo_people, "")
    if not viewer.may(page):
        sign_in_page.forbidden_message()
        stop_page()
    scope.set_current_scope(identity.person.scope)
    return viewer


def enter_scope(person: Person) -> None:
    """Run all queries in this person's name until the script run ends; a fragment's own run has to enter again.

    Reruns the page where the person is no longer the one it was drawn for: disabled, other territories, signed in too
    long ago.
    """
    counters.fragment_runs.inc()
    current_person = current_identity().person
    if current_person is None or current_person != person:
        scope.set_current_scope(None)
        st.rerun()
    scope.set_current_scope(current_person.scope)


def allowed_pages() -> frozenset[str]:
    """The pages in the menu of the person at the screen; none while nobody is let in.

    A wall screen has no menu, since nobody stands there to use it: its address says which page it shows.
    """
    person = current_identity().person
    return RIGHTS_BY_ROLE[person.role] & set(PAGES) if person and person.role != "screen" else frozenset()


def _unread_notices() -> UnreadNotices | None:
    """The person's unread notices; None for a person who may not open appeals."""
    person = current_identity().person
    if person is None or not person.may("appeal"):
        return None
    with scope.acting_as(person.scope):
        return notices.unread_notices(viewer_midnight(viewer_today()), current_language())


def _appeals_numbered(number: str) -> tuple[AppealKey, ...]:
    """The keys of the appeals with exactly this number that the person at the screen may see."""
    person = current_identity().person
    if person is None:
        return ()
    with scope.acting_as(person.scope):
        return appeal_keys(number)


def _mark_as_read(marked: Sequence[int] | SurgeKey | RemedyNotice | SourceNotice | None) -> None:
    """Mark these notices of the person as read, or the one of a surge, remedy or data source, or all that are shown."""
    if person := current_identity().person:
        with scope.acting_as(person.scope):
            if isinstance(marked, SurgeKey):
                notices.mark_surge_as_read(marked)
            elif isinstance(marked, RemedyNotice):
                notices.mark_remedy_as_read(marked.id)
            elif isinstance(marked, SourceNotice):
                notices.mark_source_as_read(marked.id)
            else:
                notices.mark_as_read(marked)


def _territory_names(person: Person) -> dict[str, str]:
    """The person's territories by code with their names; the last ones while the database is away."""
    try:
        names = people.territory_names(person, current_language())
        st.session_state["places"] = names
    except (DatabaseUnavailable, QueryTimeout):
        names = st.session_state.get("places", {})
    return names
