"""The input of an action's reason, with ready-made ones, and a sentence while it is missing."""

from collections.abc import Sequence

import streamlit as st

from otklik.i18n import _

MAX_REASON_LENGTH = 500


def reason_input(label: str, templates: Sequence[str], key: str) -> str:
    """The reason as typed, perhaps begun from one of the templates; says that it is missing while it is blank."""
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
    reason = st.text_area(
        label,
        key=key,
        max_chars=MAX_REASON_LENGTH,
        height=80,
        placeholder=_("Recorded in the history of each appeal and in the audit log."),
    )
    if not reason.strip():
        # The button stays pressable: a press also takes what was typed just before it.
        missing = _("Still missing: why. Nothing is done without it.")
        st.caption(f":orange[:material/edit: {missing}]")
    return reason


def clear_reason(key: str) -> None:
    """Leave the next reason blank."""
    for widget_key in (key, f"{key}-template"):
        st.session_state.pop(widget_key, None)
