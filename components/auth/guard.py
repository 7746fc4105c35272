"""Who is looking, and what they may: every page calls `require` first, every fragment `enter`."""

from dataclasses import dataclass

import streamlit as st
from sqlalchemy.exc import OperationalError

from components.auth import sign_in_page, user_menu
from components.auth.identity import is_demo, visit
from components.layout import page as frame
from otklik.database import NoDatabase, people, scope
from otklik.database.people import Person
from otklik.database.roles import MAY
from otklik.i18n import current


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
        return action in MAY.get(self.role, frozenset())


def require(page: str) -> Viewer:
    """The viewer, if they may open this page; otherwise a sentence and no page.

    Also sets the frame, so that a deep link works before `app.py` ever ran.
    """
    frame.begin(page)
    found = visit()
    if found.person is None:
        sign_in_page.closed(found.why)
        frame.end()
    where = _places(found.person)
    viewer = Viewer(found.person.role, tuple(where), current(), found.person)
    # Also above a refusal: from there one goes on as somebody else.
    demo = is_demo()
    menu = None if found.by_device else lambda: user_menu.menu(viewer, where, demo=demo)
    frame.header(page, user_menu.label(viewer, where, demo=demo), menu, demo=demo)
    if not viewer.may(page):
        sign_in_page.refused()
        frame.end()
    scope.enter(found.person.scope)
    return viewer


def enter(viewer: Viewer) -> None:
    """Ask the database in this viewer's name until the run ends; a fragment's own run has to enter again.

    Who is no longer who they were when the page was drawn (disabled, rescoped, signed in too long ago) gets it anew.
    """
    person = visit().person
    if person is None or person != viewer.person:
        scope.enter(None)
        st.rerun()
    scope.enter(person.scope)


def allowed() -> frozenset[str]:
    """The pages in the menu of the person at the screen; none while nobody is let in.

    A wall screen has no menu, since nobody stands there to use it: its address says which page it shows.
    """
    person = visit().person
    return MAY[person.role] & set(frame.PAGES) if person and person.role != "screen" else frozenset()


def _places(person: Person) -> dict[str, str]:
    """The person's territories by code with their names; the last ones while the database is away."""
    try:
        found = people.places(person, current())
        st.session_state["places"] = found
    except (OperationalError, NoDatabase):
        found = st.session_state.get("places", {})
    return found
