"""What was done, said once the screen shows it; and the way to what the audit has of it."""

import streamlit as st

from components.text.escape import escape_markdown
from otklik.i18n import _

MESSAGE_KEY, COUNT_KEY = "done", "done-times"


def rerun_with_message(message: str, name: object = "") -> None:
    """Draw the page anew and say there what was done."""
    st.session_state[MESSAGE_KEY] = message.format(name=escape_markdown(name))
    st.session_state[COUNT_KEY] = message_count() + 1
    st.rerun()


def message_count() -> int:
    """How much was done so far: a form whose key has it is empty again after each."""
    count: int = st.session_state.get(COUNT_KEY, 0)
    return count


def show_message() -> None:
    """Say what was done in the run before."""
    if message := st.session_state.pop(MESSAGE_KEY, None):
        st.success(message, icon=":material/check:")


def audit_link(object_code: str) -> None:
    """A link to what the audit has of a thing."""
    viewer_params = {name: st.query_params[name] for name in ("as", "lang") if name in st.query_params}
    params = {**viewer_params, "period": "all", "object": object_code}
    st.page_link("pages/audit.py", label=_("What the audit has of it"), icon=":material/history:", query_params=params)
