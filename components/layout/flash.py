"""What was done, said once the screen shows it; and the way to what the audit has of it."""

import streamlit as st

from components.text.escape import plain
from otklik.i18n import _

HEARD, TIMES = "done", "done-times"


def tell(message: str, name: object = "") -> None:
    """Draw the page anew and say there what was done."""
    st.session_state[HEARD] = message.format(name=plain(name))
    st.session_state[TIMES] = times() + 1
    st.rerun()


def times() -> int:
    """How much was done so far: a form whose key has it is empty again after each."""
    count: int = st.session_state.get(TIMES, 0)
    return count


def told() -> None:
    """Say what was done in the run before."""
    if message := st.session_state.pop(HEARD, None):
        st.success(message, icon=":material/check:")


def history(object_code: str) -> None:
    """A link to what the audit has of a thing."""
    viewer_params = {name: st.query_params[name] for name in ("as", "lang") if name in st.query_params}
    params = {**viewer_params, "period": "all", "object": object_code}
    st.page_link("pages/audit.py", label=_("What the audit has of it"), icon=":material/history:", query_params=params)
