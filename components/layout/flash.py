"""Flash messages: what an action did, shown once after the rerun; and the link to its audit entries."""

import streamlit as st

from components.text.escape import escape_markdown
from otklik.i18n import _

MESSAGE_KEY, COUNT_KEY = "done", "done-times"
"""Session state: the message to show in the next run, and how many there have been."""


def rerun_with_message(message: str, name: object = "") -> None:
    """Rerun the page, which then shows the message; `{name}` in it is replaced by the name, escaped."""
    st.session_state[MESSAGE_KEY] = message.format(name=escape_markdown(name))
    st.session_state[COUNT_KEY] = message_count() + 1
    st.rerun()


def message_count() -> int:
    """How many messages there have been: as a part of its key, it empties a form after each submission."""
    count: int = st.session_state.get(COUNT_KEY, 0)
    return count


def show_message() -> None:
    """Show the message of the run before, if there is one."""
    if message := st.session_state.pop(MESSAGE_KEY, None):
        st.success(message, icon=":material/check:")


def audit_link(object_code: str) -> None:
    """A link to the audit entries of an object, such as `person 7`."""
    viewer_params = {name: st.query_params[name] for name in ("as", "lang") if name in st.query_params}
    params = {**viewer_params, "period": "all", "object": object_code}
    st.page_link("pages/audit.py", label=_("What the audit has of it"), icon=":material/history:", query_params=params)
