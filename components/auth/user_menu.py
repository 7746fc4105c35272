"""The person's menu: who one is here, what one sees, and how to be somebody else."""

from typing import TYPE_CHECKING

import streamlit as st

from components.auth import identity
from components.layout import page
from components.text.escape import plain
from otklik.database.people import DEMO_PEOPLE
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from components.auth.guard import Viewer

ROLES = {
    "staff": N_("Centre staff"),
    "manager": N_("Manager"),
    "official": N_("Official"),
    "administrator": N_("Administrator"),
    "screen": N_("Wall screen"),
}
PLACES = {"RU-KHM": N_("Ugra"), "RU-FD-URAL": N_("Ural district")}
"""Of the demo's people."""


def label(viewer: "Viewer", territory_names: dict[str, str], *, demo: bool) -> str:
    """Who is looking, in a word or two; of a wall screen also what it shows."""
    if viewer.person is None or (demo and viewer.role != "screen"):
        return _(ROLES[viewer.role])
    names = [viewer.person.name, *(territory_names.values() if viewer.role == "screen" else ())]
    return " · ".join(map(plain, names))


def menu(viewer: "Viewer", territory_names: dict[str, str], *, demo: bool) -> None:
    """What the database knows of the viewer, and the way out."""
    if viewer.person and not demo:
        st.markdown(f"**{plain(viewer.person.name)}**")
    territories = ", ".join(map(plain, territory_names.values()))
    fallback = _("All territories") if viewer.person and viewer.person.scope.everywhere else _("No territory yet")
    st.markdown(f"{_(ROLES[viewer.role])} · {territories or fallback}")
    if demo:
        _demo(viewer.role)
    elif st.button(_("Log out"), icon=":material/logout:", key="log-out"):
        identity.leave()


def _demo(role: str) -> None:
    """In the demo one is who one says."""
    st.caption(_("Demo: look through the eyes of"))
    st.session_state["person"] = role
    labels = {key: _demo_label(key) for key in DEMO_PEOPLE}
    st.radio(
        _("Person"),
        list(labels),
        format_func=labels.__getitem__,
        key="person",
        label_visibility="collapsed",
        on_change=page.remember,
        args=("as", "person", role),
    )


def _demo_label(key: str) -> str:
    """The role in words, with the territories where there are any."""
    _name, role, codes = DEMO_PEOPLE[key]
    return " · ".join([_(ROLES[role]), *(_(PLACES[code]) for code in codes)])
