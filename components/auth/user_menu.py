"""The person's menu: who one is here, what one sees, and how to be somebody else."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from components.streamlit_compat.url_widget import url_widget_key
from components.text.escape import escape_markdown
from components.url.choice import write_other_choice
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer

DemoPerson = tuple[str, str, tuple[str, ...]]
"""Name, role and codes of territories, as in otklik.database.access.people.DEMO_PEOPLE."""
DemoPeople = Mapping[str, DemoPerson]

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
    """A short label of the viewer: the name or role, and for a wall screen also its territories."""
    if viewer.person is None or (demo and viewer.role != "screen"):
        return _(ROLE_LABELS[viewer.role])
    names = [viewer.person.name, *(territory_names.values() if viewer.role == "screen" else ())]
    return " · ".join(map(escape_markdown, names))


def menu(
    viewer: "Viewer", territory_names: dict[str, str], log_out: Callable[[], None], demo_people: "DemoPeople | None"
) -> None:
    """What the database knows of the viewer, and the way out; in the demo (with `demo_people`) a switch of persons.

    `log_out` is a callback.
    """
    if viewer.person and demo_people is None:
        st.markdown(f"**{escape_markdown(viewer.person.name)}**")
    territories = ", ".join(map(escape_markdown, territory_names.values()))
    fallback = _("All territories") if viewer.person and viewer.person.scope.everywhere else _("No territory yet")
    st.markdown(f"{_(ROLE_LABELS[viewer.role])} · {territories or fallback}")
    if demo_people is not None:
        _demo_person_switch(viewer.role, demo_people)
    else:
        st.button(_("Log out"), icon=":material/logout:", key="log-out", on_click=log_out)


def _demo_person_switch(role: str, demo_people: "DemoPeople") -> None:
    """In the demo one is who one says."""
    st.caption(_("Demo: look through the eyes of"))
    key = url_widget_key("person", role, demo_people)
    labels = {key: _demo_person_label(demo_people[key]) for key in demo_people}
    st.radio(
        _("Person"),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=write_other_choice,
        args=("as", key, role),
    )


def _demo_person_label(demo_person: "DemoPerson") -> str:
    """The role in words, with the territories where there are any."""
    _name, role, codes = demo_person
    return " · ".join([_(ROLE_LABELS[role]), *(_(DEMO_TERRITORIES[code]) for code in codes)])
