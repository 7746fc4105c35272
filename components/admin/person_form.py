"""Forms that add, change, disable and enable a person; each returns its values in the run after it is submitted."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from components.auth.user_menu import ROLE_LABELS
from components.layout import flash
from components.text.escape import clean_line
from otklik.i18n import N_, _

NEW_PERSON: dict[str, Any] = {"name": "", "email": None, "role": "staff", "everywhere": False, "territories": []}
MAX_LENGTHS = {"name": 200, "email": 200, "reason": 1000}
NEW_PERSON_HINT = N_(
    "Without a territory a person sees no appeal. A wall screen needs no e-mail: it signs in by a link."
)


class PersonFormResult(NamedTuple):
    """A submitted form: fields of `otklik.database.access.people.change_person` by name, and the reason."""

    values: dict[str, object]
    reason: str


def add_person_form(territory_names: dict[str, str]) -> PersonFormResult | None:
    """A form for a new person. `territory_names`: queries.people.territory_names."""
    key = f"add-{flash.message_count()}"
    with st.form(key, border=False):
        values = _person_fields(key, NEW_PERSON, territory_names)
        st.caption(_(NEW_PERSON_HINT))
        reason = reason_input(f"{key}-reason")
        submitted = st.form_submit_button(_("Add the person"), type="primary")
    return PersonFormResult(values, reason) if submitted else None


def edit_person_form(person: Mapping[Any, Any], territory_names: dict[str, str]) -> PersonFormResult | None:
    """A form for a person's fields; returns those that were changed, perhaps none.

    `person`: a row of queries.people.matching_people; `territory_names`: queries.people.territory_names.
    """
    # A new form once anybody has changed the person, so that nobody overwrites what they haven't seen.
    key = f"change-{person['id']}-{person['changed_at'].timestamp()}"
    with st.form(key, border=False):
        values = _person_fields(key, person, territory_names)
        reason = reason_input(f"{key}-reason")
        submitted = st.form_submit_button(_("Save the changes"), type="primary")
    if not submitted:
        return None
    changed_values = {
        name: value
        for name, value in values.items()
        if (sorted(value) != sorted(person[name]) if isinstance(value, list) else value != person[name])
    }
    return PersonFormResult(changed_values, reason)


def activation_form(person: Mapping[Any, Any]) -> PersonFormResult | None:
    """A form that disables a person, or enables them again. `person`: a row of queries.people.matching_people."""
    active = bool(person["is_active"])
    key = f"switch-{person['id']}-{active}"
    with st.form(key, border=False):
        message = _("Disabled, a person is let in no more, and open screens of theirs go blank within seconds.")
        st.caption(message if active else _("This person is let in no more."))
        reason = reason_input(f"{key}-reason")
        submitted = st.form_submit_button(_("Disable the person") if active else _("Enable the person again"))
    return PersonFormResult({"is_active": not active}, reason) if submitted else None


def _person_fields(key: str, person: Mapping[Any, Any], territory_names: dict[str, str]) -> dict[str, object]:
    left, right = st.columns(2)
    name = left.text_input(_("Name"), person["name"], key=f"{key}-name", max_chars=MAX_LENGTHS["name"])
    email = right.text_input(_("E-mail"), person["email"] or "", key=f"{key}-email", max_chars=MAX_LENGTHS["email"])
    left, right = st.columns(2, vertical_alignment="bottom")
    role = left.selectbox(
        _("Role"),
        list(ROLE_LABELS),
        index=list(ROLE_LABELS).index(person["role"]),
        format_func=lambda role_code: _(ROLE_LABELS[role_code]),
        key=f"{key}-role",
    )
    everywhere = right.checkbox(_("Sees every territory"), bool(person["everywhere"]), key=f"{key}-everywhere")
    # A territory that was removed since is still shown for a person who has it.
    codes = [*territory_names, *(code for code in person["territories"] if code not in territory_names)]
    territories = st.multiselect(
        _("Territories, and all below them"),
        codes,
        list(person["territories"]),
        format_func=lambda code: clean_line(territory_names.get(code, code)),
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


def reason_input(key: str) -> str:
    """A text box for the reason; the database refuses a change without one."""
    return st.text_input(
        _("Reason"), key=key, max_chars=MAX_LENGTHS["reason"], placeholder=_("Recorded in the audit log")
    )
