"""Who is looking, and what they may: every page calls `require` first, every fragment `enter`."""

from dataclasses import dataclass

import streamlit as st
from sqlalchemy.exc import OperationalError

from components.auth import sign_in_page, user_menu
from components.auth.identity import current_identity, is_demo
from components.layout import page as frame
from otklik.database import people, scope
from otklik.database.people import Person
from otklik.errors import DatabaseUnavailable
from otklik.i18n import current_language
from otklik.permissions import RIGHTS_BY_ROLE


@dataclass(frozen=True)
class Viewer:
    """A person at the screen; `territories` are codes: they see all below these, everything where there are none.

    (A person without any territory sees nothing, whatever is asked: the database holds that.)
    """

    role: str
    territories: tuple[str, ...] = ()
    language: str = "en"
    person: Person | None = None

    def may(self, action: str) -> bool:
        """Whether this person may open that page or take that action."""
        return action in RIGHTS_BY_ROLE.get(self.role, frozenset())


def require(page: str) -> Viewer:
    """The viewer, if they may open this page; otherwise a sentence and no page.

    Also sets the frame, so that a deep link works before `app.py` ever ran.
    """
    frame.setup_page(page)
    identity = current_identity()
    if identity.person is None:
        sign_in_page.no_access_page(identity.state)
        frame.stop_page()
    territory_names = _territory_names(identity.person)
    viewer = Viewer(identity.person.role, tuple(territory_names), current_language(), identity.person)
    # Also above a refusal: from there one goes on as somebody else.
    demo = is_demo()
    menu = None if identity.by_device else lambda: user_menu.menu(viewer, territory_names, demo=demo)
    frame.page_header(page, user_menu.person_label(viewer, territory_names, demo=demo), menu, demo=demo)
    if not viewer.may(page):
        sign_in_page.forbidden_message()
        frame.stop_page()
    scope.set_current_scope(identity.person.scope)
    return viewer


def enter_scope(viewer: Viewer) -> None:
    """Ask the database in this viewer's name until the run ends; a fragment's own run has to enter again.

    Who is no longer who they were when the page was drawn (disabled, rescoped, signed in too long ago) gets it anew.
    """
    person = current_identity().person
    if person is None or person != viewer.person:
        scope.set_current_scope(None)
        st.rerun()
    scope.set_current_scope(person.scope)


def allowed_pages() -> frozenset[str]:
    """The pages in the menu of the person at the screen; none while nobody is let in.

    A wall screen has no menu, since nobody stands there to use it: its address says which page it shows.
    """
    person = current_identity().person
    return RIGHTS_BY_ROLE[person.role] & set(frame.PAGES) if person and person.role != "screen" else frozenset()


def _territory_names(person: Person) -> dict[str, str]:
    """The person's territories by code with their names; the last ones while the database is away."""
    try:
        names = people.territory_names(person, current_language())
        st.session_state["places"] = names
    except (OperationalError, DatabaseUnavailable):
        names = st.session_state.get("places", {})
    return names
