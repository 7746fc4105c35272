"""The person's menu: who one is here, what one sees, and how to be somebody else."""

from typing import TYPE_CHECKING

import streamlit as st

from components.auth import identity
from components.layout import page
from components.text.escape import escape_markdown
from otklik.database.people import DEMO_PEOPLE
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from components.auth.guard import Viewer

ROLE_LABELS = {
    "staff": N_("Centre staff"),
    "manager": N_("Manager"),
    "official": N_("Official"),
    "administrator": N_("Administrator"),
    "screen": N_("Wall screen"),
}
DEMO_TERRITORIES = {"RU-KHM": N_("Ugra"), "RU-FD-URAL": N_("Ural district")}
"""Of the demo's people."""


def person_label(viewer: "Viewer", territory_names: dict[str, str], *, demo: bool) -> str:
    """Who is looking, in a word or two; of a wall screen also what it shows."""
    if viewer.person is None or (demo and viewer.role != "screen"):
        return _(ROLE_LABELS[viewer.role])
    names = [viewer.person.name, *(territory_names.values() if viewer.role == "screen" else ())]
    return " · ".join(map(escape_markdown, names))


def menu(viewer: "Viewer", territory_names: dict[str, str], *, demo: bool) -> None:
    """What the database knows of the viewer, and the way out."""
    if viewer.person and not demo:
        st.markdown(f"**{escape_markdown(viewer.person.name)}**")
    territories = ", ".join(map(escape_markdown, territory_names.values()))
    fallback = _("All territories") if viewer.person and viewer.person.scope.everywhere else _("No territory yet")
    st.markdown(f"{_(ROLE_LABELS[viewer.role])} · {territories or fallback}")
    if demo:
        _demo_person_switch(viewer.role)
    elif st.button(_("Log out"), icon=":material/logout:", key="log-out"):
        identity.log_out()


def _demo_person_switch(role: str) -> None:
    """In the demo one is who one says."""
    st.caption(_("Demo: look through the eyes of"))
    st.session_state["person"] = role
    labels = {key: _demo_person_label(key) for key in DEMO_PEOPLE}
    st.radio(
        _("Person"),
        list(labels),
        format_func=labels.__getitem__,
        key="person",
        label_visibility="collapsed",
        on_change=page.write_switch_param,
        args=("as", "person", role),
    )


def _demo_person_label(key: str) -> str:
    """The role in words, with the territories where there are any."""
    _name, role, codes = DEMO_PEOPLE[key]
    return " · ".join([_(ROLE_LABELS[role]), *(_(DEMO_TERRITORIES[code]) for code in codes)])
