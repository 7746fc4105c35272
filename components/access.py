"""Who is looking, and what they may: every page calls `require` first.

For now the only mode is the demo: the visitor is one of four made-up people,
chosen in the header and remembered in the address (`?as=`).
"""

from dataclasses import dataclass

import streamlit as st
from sqlalchemy.exc import OperationalError

from components import frame
from components.words import N_, _, current
from database import NoDatabase, scope
from database import people as known
from database.roles import MAY

ROLES = {
    "staff": N_("Centre staff"),
    "manager": N_("Manager"),
    "official": N_("Official"),
    "administrator": N_("Administrator"),
}
PLACES = {"RU-KHM": N_("Ugra"), "RU-FD-URAL": N_("Ural district")}


@dataclass(frozen=True)
class Viewer:
    """A person at the screen; no territories means the whole country."""

    role: str
    territories: tuple[str, ...] = ()
    language: str = "en"

    def may(self, action: str) -> bool:
        """Whether this person may open that page or take that action."""
        return action in MAY.get(self.role, frozenset())


def people() -> dict[str, Viewer]:
    """The four demo people by their name in the address."""
    language = current()
    return {
        "staff": Viewer("staff", (), language),
        "manager": Viewer("manager", ("RU-KHM",), language),
        "official": Viewer("official", ("RU-FD-URAL",), language),
        "administrator": Viewer("administrator", (), language),
    }


def require(page: str) -> Viewer:
    """The viewer, if they may open this page; otherwise a sentence and no page.

    Also sets the frame, so that a deep link works before `app.py` ever ran.
    """
    frame.begin(page)
    who = people()
    viewer = who.get(st.query_params.get("as", ""), who["staff"])
    # Also above a refusal: from there one goes on as somebody else.
    frame.header(page, {one: label(person) for one, person in who.items()}, viewer.role)
    if not viewer.may(page):
        st.error(_("This page is not open to you."), icon=":material/lock:")
        st.stop()
    enter(viewer)
    return viewer


def enter(viewer: Viewer) -> None:
    """Ask the database in this viewer's name until the run ends; a fragment's own run has to enter again."""
    try:
        person = known.signed_in(known.DEMO, viewer.role)
        st.session_state["known"] = person
    except (OperationalError, NoDatabase):
        # The last figures are shown while the database is away, as far as this person saw them.
        person = st.session_state.get("known")
    scope.enter(person.scope if person else None)


def label(viewer: Viewer) -> str:
    """The role in words, with the territories where there are any."""
    where = ", ".join(_(PLACES[code]) for code in viewer.territories)
    return f"{_(ROLES[viewer.role])} · {where}" if where else _(ROLES[viewer.role])
