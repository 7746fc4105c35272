"""The input of an action's reason, with ready-made ones, and a sentence while it is missing."""

from collections.abc import Sequence

import streamlit as st

from otklik.i18n import _

MAX_REASON_LENGTH = 500


def reason_input(label: str, templates: Sequence[str], key: str) -> str:
    """The reason as typed, perhaps begun from one of the templates."""
    template_key = f"{key}-template"

    def take_template() -> None:
        if template := st.session_state.get(template_key):
            st.session_state[key] = template

    if templates:
        st.selectbox(
            _("Ready-made reason"),
            templates,
            index=None,
            placeholder=_("Choose a ready-made reason, or write one"),
            key=template_key,
            on_change=take_template,
            label_visibility="collapsed",
        )
    return st.text_area(
        label,
        key=key,
        max_chars=MAX_REASON_LENGTH,
        height=80,
        placeholder=_("Recorded in the history of each appeal and in the audit log."),
    )


def missing_reason_note(reason: str) -> None:
    """Say that the reason is missing while it is blank; the button stays pressable: a press commits what was typed."""
    if not reason.strip():
        missing = _("Still missing: why. Nothing is done without it.")
        st.caption(f":orange[:material/edit: {missing}]")


def clear_reason(key: str) -> None:
    """Leave the next reason blank."""
    for widget_key in (key, f"{key}-template"):
        st.session_state.pop(widget_key, None)
