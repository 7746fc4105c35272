"""Forms about one person: adding, changing, letting in no more. Each hands over what was filled in, once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from components.auth.user_menu import ROLES
from components.layout import flash
from components.text.escape import line
from otklik.i18n import N_, _

NEW: dict[str, Any] = {"name": "", "email": None, "role": "staff", "everywhere": False, "territories": []}
LONGEST = {"name": 200, "email": 200, "reason": 1000}
ABOUT = N_("Without a territory a person sees no appeal. A wall screen needs no e-mail: it signs in by a link.")


class Filled(NamedTuple):
    """What a form asks for, and why."""

    facts: dict[str, object]
    reason: str


def adding(territory_names: dict[str, str]) -> Filled | None:
    """A new person, when the form is sent. `places`: queries.people.territories."""
    key = f"add-{flash.times()}"
    with st.form(key, border=False):
        values = _facts(key, NEW, territory_names)
        st.caption(_(ABOUT))
        reason = why(f"{key}-reason")
        submitted = st.form_submit_button(_("Add the person"), type="primary")
    return Filled(values, reason) if submitted else None


def changing(person: Mapping[Any, Any], territory_names: dict[str, str]) -> Filled | None:
    """What differs from the person (a row of queries.people.listed) when the form is sent; it may be nothing."""
    # Anew when anybody has changed the person: what is filled in is then about somebody who is no more.
    key = f"change-{person['id']}-{person['changed_at'].timestamp()}"
    with st.form(key, border=False):
        values = _facts(key, person, territory_names)
        reason = why(f"{key}-reason")
        submitted = st.form_submit_button(_("Save the changes"), type="primary")
    if not submitted:
        return None
    changed_values = {
        name: value
        for name, value in values.items()
        if (sorted(value) != sorted(person[name]) if isinstance(value, list) else value != person[name])
    }
    return Filled(changed_values, reason)


def switching(person: Mapping[Any, Any]) -> Filled | None:
    """Disabling a person, or enabling them again, when the form is sent."""
    active = bool(person["is_active"])
    key = f"switch-{person['id']}-{active}"
    with st.form(key, border=False):
        message = _("Disabled, a person is let in no more, and open screens of theirs go blank within seconds.")
        st.caption(message if active else _("This person is let in no more."))
        reason = why(f"{key}-reason")
        submitted = st.form_submit_button(_("Disable the person") if active else _("Enable the person again"))
    return Filled({"is_active": not active}, reason) if submitted else None


def _facts(key: str, person: Mapping[Any, Any], territory_names: dict[str, str]) -> dict[str, object]:
    left, right = st.columns(2)
    name = left.text_input(_("Name"), person["name"], key=f"{key}-name", max_chars=LONGEST["name"])
    email = right.text_input(_("E-mail"), person["email"] or "", key=f"{key}-email", max_chars=LONGEST["email"])
    left, right = st.columns(2, vertical_alignment="bottom")
    role = left.selectbox(
        _("Role"),
        list(ROLES),
        index=list(ROLES).index(person["role"]),
        format_func=lambda role_code: _(ROLES[role_code]),
        key=f"{key}-role",
    )
    everywhere = right.checkbox(_("Sees every territory"), bool(person["everywhere"]), key=f"{key}-everywhere")
    # One that is gone from the list of all is still shown with those who have it.
    codes = [*territory_names, *(code for code in person["territories"] if code not in territory_names)]
    territories = st.multiselect(
        _("Territories, and all below them"),
        codes,
        list(person["territories"]),
        format_func=lambda code: line(territory_names.get(code, code)),
        key=f"{key}-territories",
        placeholder=_("Choose territories"),
    )
    return {
        "name": name.strip(),
        "email": email.strip().lower() or None,
        "role": role,
        "everywhere": everywhere,
        "territories": sorted(territories),
    }


def why(key: str) -> str:
    """The reason, which the database asks for as well."""
    return st.text_input(_("Reason"), key=key, max_chars=LONGEST["reason"], placeholder=_("It stands in the audit"))
